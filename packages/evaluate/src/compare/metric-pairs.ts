import type { RunDocument } from "@scouter/contracts";
import type { PairedCounts } from "@scouter/stats";
import { isOther, type ScenarioMatch } from "./match-scenarios.ts";
import type { Metric } from "./metric.ts";
import { takesPart, type Tally, tallyOf } from "./observation.ts";
import { ownEntry } from "./own-entry.ts";

/** One metric over all judged scenarios. */
export interface MetricPairs {
  /** Scenarios with at least one outcome on either side. */
  readonly pairs: readonly PairedCounts[];
  /** Outcomes that are missing, of both sides together. */
  readonly missing: number;
  /** The share of missing outcomes on the side that lacks more, in [0, 1]. */
  readonly missingShare: number;
  /** The share of repeats that skipped it, by side; null where there is none. */
  readonly skipped: { readonly baseline: number | null; readonly candidate: number | null };
}

interface TallyPair {
  readonly baseline: Tally;
  readonly candidate: Tally;
}

/** A scenario or an alias that the candidate lacks counts as failed in it, as often as its scenarios are repeated. */
export function pairMetric(
  metric: Metric,
  judged: readonly ScenarioMatch[],
  candidate: RunDocument,
): MetricPairs {
  const repeats = candidate.scenarios.reduce((most, own) => Math.max(most, own.repeats.length), 1);
  const isGone = !candidate.scenarios.some((scenario) => takesPart(scenario, metric.part));
  const tallies = judged
    .filter((match) => concerns(match, metric))
    .map((match): TallyPair => {
      const baseline = tallyOf(match.baseline, metric.part);
      const failed = { passed: 0, runs: repeats, missing: 0, skipped: 0 };
      if (match.candidate === undefined) return { baseline, candidate: failed };
      const own = tallyOf(match.candidate, metric.part);
      // Not where the candidate's scenario itself is unknown: an outage removes no alias.
      const isLost = isGone && own.missing === 0;
      return { baseline, candidate: isLost ? failed : own };
    });
  return {
    pairs: tallies.filter(hasBoth).map(({ baseline, candidate: own }) => ({
      baselinePassed: baseline.passed,
      baselineRuns: baseline.runs,
      candidatePassed: own.passed,
      candidateRuns: own.runs,
    })),
    missing: sum(tallies, (own) => own.baseline.missing + own.candidate.missing),
    missingShare: Math.max(
      missingShare(tallies.map((own) => own.baseline)),
      missingShare(tallies.map((own) => own.candidate)),
    ),
    skipped: {
      baseline: skippedShare(tallies.map((own) => own.baseline)),
      candidate: skippedShare(tallies.map((own) => own.candidate)),
    },
  };
}

/** Why the two runs' values of a metric must not be compared; undefined when they may. */
export function incomparability(
  metric: Metric,
  baseline: RunDocument,
  candidate: RunDocument,
): string | undefined {
  if (metric.alias === undefined) return undefined;
  const before = ownEntry(baseline.alias_definitions, metric.alias) ?? {};
  const after = ownEntry(candidate.alias_definitions, metric.alias) ?? {};
  const own = metric.task === undefined ? Object.keys({ ...before, ...after }) : [metric.task];
  const changed = own
    .filter((task) => isOther(ownEntry(before, task), ownEntry(after, task)))
    .toSorted();
  if (changed.length === 0) return undefined;
  return `its definition changed: ${changed.join(", ")}`;
}

function concerns(match: ScenarioMatch, { part }: Metric): boolean {
  if (takesPart(match.baseline, part)) return true;
  return match.candidate !== undefined && takesPart(match.candidate, part);
}

function hasBoth({ baseline, candidate }: TallyPair): boolean {
  return baseline.runs > 0 && candidate.runs > 0;
}

function missingShare(tallies: readonly Tally[]): number {
  const missing = sum(tallies, (own) => own.missing);
  const known = sum(tallies, (own) => own.runs);
  return missing === 0 ? 0 : missing / (missing + known);
}

function skippedShare(tallies: readonly Tally[]): number | null {
  const skipped = sum(tallies, (own) => own.skipped);
  const all = skipped + sum(tallies, (own) => own.runs);
  return all === 0 ? null : skipped / all;
}

function sum<T>(list: readonly T[], value: (item: T) => number): number {
  return list.reduce((total, item) => total + value(item), 0);
}
