import { Group, Stack, Text } from "@mantine/core";
import type { AlertDetail } from "@scouter/contracts";
import { eventLook } from "./alert-look.ts";
import { StatusChip } from "../../figure/status-chip.tsx";
import { TimeText } from "../../format/time-text.tsx";
import { PageLink } from "../../url/page-link.tsx";

/** Changes of state, oldest first, each with its window. */
export function AlertTimeline({ alert }: { readonly alert: AlertDetail }) {
  const { timeline, profile, feature } = alert;
  return (
    <Stack component="ol" gap={6} m={0} p={0} style={{ listStyle: "none" }}>
      {timeline.map(({ at, state, window_id: windowId }) => (
        <Group key={`${at} ${state}`} component="li" gap="sm">
          <Text size="sm" component="span">
            <TimeText at={at} />
          </Text>
          <StatusChip {...eventLook(state)} />
          {windowId !== null && (
            <PageLink
              to="/drift/$profileUid"
              params={{ profileUid: profile.uid }}
              search={{ window: String(windowId), feature } as never}
              size="sm"
            >
              {`window ${String(windowId)}`}
            </PageLink>
          )}
        </Group>
      ))}
    </Stack>
  );
}
