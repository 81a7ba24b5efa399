import { Group, Stack, Text } from "@mantine/core";
import type { AlertDelivery } from "@scouter/contracts";
import { deliveryLook } from "./alert-look.ts";
import { StatusChip } from "../../figure/status-chip.tsx";
import { TimeText } from "../../format/time-text.tsx";

interface DeliveryListProps {
  readonly deliveries: readonly AlertDelivery[];
}

/** Messages about an alert with every attempt to deliver them. */
export function DeliveryList({ deliveries }: DeliveryListProps) {
  if (deliveries.length === 0) {
    return <Text size="sm">Nobody: the profile’s cool-down held back a message.</Text>;
  }
  return (
    <Stack component="ol" gap="sm" m={0} p={0} style={{ listStyle: "none" }}>
      {deliveries.map((delivery) => (
        <li key={delivery.created_at}>
          <Group gap="sm">
            <Text size="sm" component="span">
              <TimeText at={delivery.created_at} />
            </Text>
            <StatusChip {...deliveryLook(delivery.status)} />
            {delivery.next_attempt_at !== null && (
              <Text size="sm" component="span">
                tried again <TimeText at={delivery.next_attempt_at} form="relative" />
              </Text>
            )}
          </Group>
          {delivery.last_error !== null && (
            <Text size="sm" className="mono">
              {delivery.last_error}
            </Text>
          )}
          {delivery.attempts.map(({ at, channel, outcome, error }) => (
            <Text key={at} size="xs" c="dimmed">
              <TimeText at={at} /> {channel}: {outcome}
              {error !== null && `, ${error}`}
            </Text>
          ))}
        </li>
      ))}
    </Stack>
  );
}
