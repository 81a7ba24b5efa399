import { Group, Stack, Table, Text } from "@mantine/core";
import type { AlertDelivery } from "@scouter/contracts";
import { deliveryLook } from "./alert-look.ts";
import { StatusChip } from "../../figure/status-chip.tsx";
import { formatCount } from "../../format/number.ts";
import { TimeText } from "../../format/time-text.tsx";

interface DeliveryListProps {
  readonly deliveries: readonly AlertDelivery[];
}

/** Messages about an alert, oldest first, each with every attempt to deliver it and what the provider said. */
export function DeliveryList({ deliveries }: DeliveryListProps) {
  if (deliveries.length === 0) {
    return (
      <Text size="sm">
        Nobody: the profile’s cool-down held back a message, or its channel is switched off.
      </Text>
    );
  }
  return (
    <Stack component="ol" gap="md" m={0} p={0} style={{ listStyle: "none" }}>
      {deliveries.map((delivery, number) => (
        <li key={`${delivery.created_at} ${number}`}>
          <Message delivery={delivery} />
        </li>
      ))}
    </Stack>
  );
}

function Message({ delivery }: { readonly delivery: AlertDelivery }) {
  const { status, created_at: createdAt, ended_at: endedAt, attempts } = delivery;
  const isTold = attempts.some(({ error }) => error === delivery.last_error);
  return (
    <Stack gap="xs">
      <Group gap="sm">
        <Text size="sm" component="span">
          <TimeText at={createdAt} />
        </Text>
        <StatusChip {...deliveryLook(status)} />
        {delivery.next_attempt_at !== null && (
          <Text size="sm" component="span">
            next try <TimeText at={delivery.next_attempt_at} form="relative" />
          </Text>
        )}
        {status === "failed" && endedAt !== null && (
          <Text size="sm" component="span">
            given up <TimeText at={endedAt} />
          </Text>
        )}
      </Group>
      {delivery.last_error !== null && !isTold && (
        <Text size="sm" className="mono">
          {delivery.last_error}
        </Text>
      )}
      {attempts.length === 0 ? (
        <Text size="xs" c="dimmed">
          No attempt has ended yet.
        </Text>
      ) : (
        <Attempts attempts={attempts} />
      )}
    </Stack>
  );
}

function Attempts({ attempts }: Pick<AlertDelivery, "attempts">) {
  const made = `${formatCount(attempts.length)} ${attempts.length === 1 ? "attempt" : "attempts"}`;
  return (
    <Table.ScrollContainer minWidth={400} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
      <Table aria-label={`${made} to deliver`} fz="xs">
        <Table.Thead>
          <Table.Tr>
            {["#", "When", "Channel", "Outcome", "Answer"].map((title) => (
              <Table.Th key={title}>{title}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {attempts.map(({ at, channel, outcome, error }, index) => (
            <Table.Tr key={`${at} ${index}`}>
              <Table.Td>{index + 1}</Table.Td>
              <Table.Td>
                <TimeText at={at} />
              </Table.Td>
              <Table.Td>{channel}</Table.Td>
              <Table.Td>{outcome}</Table.Td>
              <Table.Td className="mono">{error ?? "taken"}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
