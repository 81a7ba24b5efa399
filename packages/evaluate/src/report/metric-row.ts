import type { MetricComparison } from "../compare/comparison.ts";
import { percent, points, probability } from "../compare/percent.ts";

/** A rate with its 95 % interval, all in [0, 1]. */
export interface MeasuredRate {
  readonly rate: number;
  readonly lower: number;
  readonly upper: number;
}

/** One metric as every report prints it. */
export interface MetricRow {
  readonly id: string;
  readonly gated: boolean;
  readonly verdict: MetricComparison["verdict"];
  readonly reason: string | null;
  readonly cells: {
    readonly baseline: string;
    readonly baselineInterval: string;
    readonly candidate: string;
    readonly candidateInterval: string;
    readonly change: string;
    /** Lower confidence bound of the change. */
    readonly bound: string;
    /** After Holm where the metric is gated. */
    readonly p: string;
    readonly scenarios: string;
    readonly missing: string;
    readonly verdict: string;
  };
  readonly baseline: MeasuredRate | null;
  readonly candidate: MeasuredRate | null;
}

export function metricRow(metric: MetricComparison): MetricRow {
  const { baselineRate, baselineInterval, candidateRate, candidateInterval } = metric;
  const p = metric.adjustedPValue ?? metric.pValue;
  const baseline = measured(baselineRate, baselineInterval);
  const candidate = measured(candidateRate, candidateInterval);
  return {
    id: metric.id,
    gated: metric.gated,
    verdict: metric.verdict,
    reason: metric.reason,
    cells: {
      baseline: baseline === null ? "-" : percent(baseline.rate),
      baselineInterval: baseline === null ? "" : interval(baseline),
      candidate: candidate === null ? "-" : percent(candidate.rate),
      candidateInterval: candidate === null ? "" : interval(candidate),
      change: metric.change === null ? "-" : points(metric.change),
      bound: metric.lowerBound === null ? "-" : points(metric.lowerBound),
      p: p === null ? "-" : probability(p),
      scenarios: String(metric.scenarios),
      missing: String(metric.missing),
      verdict: metric.verdict,
    },
    baseline,
    candidate,
  };
}

function measured(
  rate: number | null,
  own: { readonly lower: number; readonly upper: number } | null,
): MeasuredRate | null {
  return rate === null || own === null ? null : { rate, lower: own.lower, upper: own.upper };
}

function interval({ lower, upper }: MeasuredRate): string {
  return `${percent(lower)} to ${percent(upper)}`;
}
