import type { DeliveryStats } from "./delivery-stats.ts";
import type { FlushTally } from "./flush-tally.ts";
import type { FlushReport } from "./queue-options.ts";

/** Adds up what one flush saw in each alias. */
export function flushReport(tallies: readonly FlushTally[], stats: DeliveryStats): FlushReport {
  const total = (of: (tally: FlushTally) => number) =>
    tallies.reduce((sum, tally) => sum + of(tally), 0);
  const rejected = new Map<string, number>();
  for (const tally of tallies) {
    for (const [code, count] of tally.rejected) {
      rejected.set(code, (rejected.get(code) ?? 0) + count);
    }
  }
  const unacknowledged = total((tally) => tally.unsettled);
  return {
    complete: unacknowledged === 0 && total((tally) => tally.spooled) === 0,
    acknowledged: total((tally) => tally.acknowledged),
    rejected: Object.fromEntries(rejected),
    dropped: total((tally) => tally.dropped),
    spooled: total((tally) => tally.spooled),
    unacknowledged,
    stats,
  };
}
