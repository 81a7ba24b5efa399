import { SimpleGrid } from "@mantine/core";
import type { Overview } from "@scouter/contracts";
import { StatCard } from "../../figure/stat-card.tsx";
import { StatusChip } from "../../figure/status-chip.tsx";
import { formatCount, formatDuration, formatPercent, NO_VALUE } from "../../format/number.ts";
import { TimeText } from "../../format/time-text.tsx";

const SECOND_US = 1_000_000;

/** Figures of the chosen time; delivery and freshness as they are now. */
export function Totals({ totals, delivery, freshness }: Overview) {
  const { tasks, windows } = totals;
  const counted = tasks.passed + tasks.failed + tasks.errored;
  const { outbox, records } = delivery;
  return (
    <SimpleGrid cols={{ base: 2, md: 3, xl: 6 }} spacing="sm">
      <StatCard
        label="Pass rate"
        value={formatPercent(totals.pass_rate)}
        detail={`${formatCount(tasks.passed)} of ${formatCount(counted)} tasks, ${formatCount(tasks.skipped)} skipped`}
      />
      <StatCard
        label="Records evaluated"
        value={formatCount(totals.records_evaluated)}
        detail={
          records.pending === 0
            ? "none is waiting"
            : `${atMost(records.pending, records.counted_up_to)} waiting, the oldest ${age(records.oldest_pending_age_seconds)}`
        }
      />
      <StatCard
        label="Drift windows"
        value={formatCount(windows.done)}
        detail={`${formatCount(windows.alerting)} with an alert, ${formatCount(windows.failed)} failed`}
      />
      <StatCard
        label="Alerts opened"
        value={formatCount(totals.alerts_fired)}
        detail={`${formatCount(outbox.delivered)} messages delivered, ${formatCount(outbox.failed)} failed`}
      />
      <StatCard
        label="Messages waiting"
        value={formatCount(outbox.pending)}
        detail={
          outbox.pending === 0
            ? "all that were to be told were told"
            : `the oldest ${age(outbox.oldest_pending_age_seconds)}`
        }
        status={outbox.failed > 0 ? <StatusChip status="failed" /> : undefined}
      />
      <Freshness freshness={freshness} />
    </SimpleGrid>
  );
}

function Freshness({ freshness }: Pick<Overview, "freshness">) {
  const { latest_record_received: received, latest_evaluation_finished: evaluated } = freshness;
  const { latest_window_computed: computed } = freshness;
  const when = (at: string | null) =>
    at === null ? NO_VALUE : <TimeText at={at} form="relative" />;
  return (
    <StatCard
      label="Newest"
      value=""
      detail={
        <>
          record {when(received)}
          <br />
          evaluation {when(evaluated)}
          <br />
          window {when(computed)}
        </>
      }
    />
  );
}

/** Counting ends somewhere: a full count reads as what it is. */
function atMost(count: number, countedUpTo: number): string {
  return count >= countedUpTo ? `${formatCount(countedUpTo)} or more` : formatCount(count);
}

function age(seconds: number | null): string {
  return seconds === null ? "of unknown age" : `${formatDuration(seconds * SECOND_US)} old`;
}
