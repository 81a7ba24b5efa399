import { Button, Group, Stack, Text } from "@mantine/core";
import type { DriftWindowDetail } from "@scouter/contracts";
import { cellLook } from "../cell-look.ts";
import { useDistribution, useDriftWindow } from "../drift-queries.ts";
import { DistributionView } from "./distribution-view.tsx";
import { StatusChip } from "../../../figure/status-chip.tsx";
import { formatCount, formatNumber } from "../../../format/number.ts";
import { TimeText } from "../../../format/time-text.tsx";
import { timeZoneName } from "../../../format/time.ts";
import { QueryState } from "../../../page/query-state.tsx";
import { Section } from "../../../page/section.tsx";
import { PageLink } from "../../../url/page-link.tsx";

interface WindowSectionProps {
  readonly windowId: string;
  readonly feature: string;
  readonly onWindow: (windowId: string) => void;
}

/** One feature in one window: its figures against the reference, and its neighbours in time. */
export function WindowSection({ windowId, feature, onWindow }: WindowSectionProps) {
  const window = useDriftWindow(windowId);
  const distribution = useDistribution(windowId, feature);
  const steps = window.data;
  return (
    <Section
      title={`${feature} in one window`}
      actions={
        <Group gap={4} wrap="nowrap">
          <Step label="Older" to={steps?.previous_id} onWindow={onWindow} />
          <Step label="Newer" to={steps?.next_id} onWindow={onWindow} />
        </Group>
      }
    >
      <QueryState query={window} what="the window">
        {(value) => <WindowFacts window={value} feature={feature} />}
      </QueryState>
      <QueryState query={distribution} what="what lies behind the verdict">
        {(value) => <DistributionView distribution={value} />}
      </QueryState>
    </Section>
  );
}

interface StepProps {
  readonly label: string;
  readonly to: number | null | undefined;
  readonly onWindow: (windowId: string) => void;
}

function Step({ label, to, onWindow }: StepProps) {
  return (
    <Button
      size="compact-xs"
      variant="default"
      disabled={to === null || to === undefined}
      onClick={() => onWindow(String(to))}
    >
      {label}
    </Button>
  );
}

interface WindowFactsProps {
  readonly window: DriftWindowDetail;
  readonly feature: string;
}

function WindowFacts({ window, feature }: WindowFactsProps) {
  const found = window.features.find(({ name }) => name === feature);
  const alerts = window.alerts.filter((alert) => alert.feature === feature);
  const { status, word } = cellLook(found?.status ?? "no_data");
  return (
    <Stack gap={4}>
      <Group gap="xs">
        <StatusChip status={status} word={word} />
        <Text size="sm" component="span">
          <TimeText at={window.window_start} /> to <TimeText at={window.window_end} />{" "}
          {timeZoneName()}
        </Text>
      </Group>
      <Text size="xs" c="dimmed" component="div">
        {[
          `n = ${formatCount(found?.sample_size)}`,
          ...(found?.needed == null ? [] : [`${formatCount(found.needed)} needed`]),
          ...(found?.p_value == null ? [] : [`p ${pText(found.p_value)}`]),
          ...(found?.adjusted_p_value == null
            ? []
            : [`adjusted p ${pText(found.adjusted_p_value)}`]),
          ...(window.late > 0 ? [`${formatCount(window.late)} came too late to count`] : []),
          ...(window.revised > 0 ? [`computed again ${formatCount(window.revised)} times`] : []),
        ].join(" · ")}
      </Text>
      {found?.error != null && (
        <Text size="sm">
          {found.error.message} <span className="mono">{found.error.code}</span>
        </Text>
      )}
      {window.last_error !== null && <Text size="sm">{window.last_error}</Text>}
      {alerts.length > 0 && (
        <Group gap="sm">
          {alerts.map(({ id, opened_here: opened }) => (
            <PageLink key={id} to="/alerts/$alertId" params={{ alertId: String(id) }} size="sm">
              {`Alert ${String(id)}, ${opened ? "opened in this window" : "open in this window"}`}
            </PageLink>
          ))}
        </Group>
      )}
    </Stack>
  );
}

/** Below this the digits say nothing more. */
const LEAST_P = 0.0001;

function pText(value: number): string {
  return value < LEAST_P ? "< 0.0001" : `= ${formatNumber(value)}`;
}
