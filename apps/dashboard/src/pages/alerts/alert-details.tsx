import { Group, SimpleGrid, Stack, Text } from "@mantine/core";
import type { AlertDetail } from "@scouter/contracts";
import { AlertReasons } from "./alert-reasons.tsx";
import { AlertActions } from "./alert-actions.tsx";
import { AlertTimeline } from "./alert-timeline.tsx";
import { alertFigures } from "./alert-figures.ts";
import { alertLook, severityLook } from "./alert-look.ts";
import { DeliveryList } from "./delivery-list.tsx";
import { shortText } from "./short-text.ts";
import { RecentValues } from "./recent-values.tsx";
import { FactList } from "../drift/window/fact-list.tsx";
import { StatusChip } from "../../figure/status-chip.tsx";
import { formatCount } from "../../format/number.ts";
import { TimeText } from "../../format/time-text.tsx";
import { timeZoneName } from "../../format/time.ts";
import { Section } from "../../page/section.tsx";
import { PageLink } from "../../url/page-link.tsx";

/** Beside the list and on a page of its own. */
export function AlertDetails({ alert }: { readonly alert: AlertDetail }) {
  const { profile, feature, since, resolved_at: resolvedAt, last_window_id: windowId } = alert;
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-start">
        <Stack gap={6}>
          <Group gap="xs">
            <StatusChip {...alertLook(alert.status)} />
            <StatusChip {...severityLook(alert.severity)} />
          </Group>
          <Text>{shortText(alert.text)}</Text>
        </Stack>
        <AlertActions alert={alert} />
      </Group>
      <FactList
        facts={[
          [
            "Since",
            <span key="since">
              <TimeText at={since} form="relative" />, <TimeText at={since} /> {timeZoneName()}
            </span>,
          ],
          ...(resolvedAt === null
            ? []
            : [["Resolved", <TimeText key="resolved" at={resolvedAt} />] as const]),
          ["Last value, threshold", alertFigures(alert)],
          ["Windows", `${formatCount(alert.windows)} alerting`],
          [
            "Profile",
            <PageLink
              key="profile"
              to="/drift/$profileUid"
              params={{ profileUid: profile.uid }}
              size="sm"
            >
              {`${profile.space}/${profile.name}/${profile.version}`}
            </PageLink>,
          ],
          [
            "Newest window",
            windowId === null ? (
              "not stored any more"
            ) : (
              <PageLink
                key="window"
                to="/drift/$profileUid"
                params={{ profileUid: profile.uid }}
                search={{ window: String(windowId), feature } as never}
                size="sm"
              >
                See the window that ended <TimeText at={alert.last_window_end} />
              </PageLink>
            ),
          ],
        ]}
      />
      <RecentValues alert={alert} />
      <AlertReasons alertId={alert.id} />
      <SimpleGrid type="container" cols={{ base: 1, "900px": 2 }} style={{ alignItems: "start" }}>
        <Section title="What happened">
          <AlertTimeline alert={alert} />
        </Section>
        <Section title="Who was told">
          <DeliveryList deliveries={alert.deliveries} />
        </Section>
      </SimpleGrid>
    </Stack>
  );
}
