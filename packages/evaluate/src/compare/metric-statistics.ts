import {
  bcaLowerBound,
  detectableDrop,
  type Interval,
  mean,
  type PairedCounts,
  type PermutationResult,
  permutationTest,
  rateChange,
  seededRandom,
  tangoLowerBound,
  wilsonInterval,
} from "@scouter/stats";
import type { CompareOptions } from "./compare-options.ts";

export interface MetricStatistics {
  /** Means over scenarios of their pass rates, in [0, 1]. */
  readonly baselineRate: number;
  readonly candidateRate: number;
  /** 95 % Wilson intervals of the rates with scenarios as trials: repeats are not counted as new evidence. */
  readonly baselineInterval: Interval;
  readonly candidateInterval: Interval;
  /** Candidate minus baseline, in [-1, 1]. */
  readonly change: number;
  /** One-sided, against "no drop". */
  readonly permutation: PermutationResult;
  /** Lower confidence bound of the change at level 1 - alpha; null where nobody asked for it. */
  readonly lowerBound: number | null;
}

/** Bootstraps of suites beyond this size are drawn less often: their quantiles are smoother, and each costs more. */
const LARGE_SUITE = 1_000;

/** For at least one pair; a bound costs most of the time and is only made for metrics that are judged. */
export function metricStatistics(
  pairs: readonly PairedCounts[],
  { alpha, seed }: CompareOptions,
  withBound: boolean,
): MetricStatistics {
  const baselineRate = mean(pairs.map((pair) => pair.baselinePassed / pair.baselineRuns));
  const candidateRate = mean(pairs.map((pair) => pair.candidatePassed / pair.candidateRuns));
  return {
    baselineRate,
    candidateRate,
    baselineInterval: rateInterval(baselineRate, pairs.length),
    candidateInterval: rateInterval(candidateRate, pairs.length),
    change: mean(pairs.map(rateChange)),
    permutation: permutationTest(pairs, { random: seededRandom(seed) }),
    lowerBound: withBound ? lowerBound(pairs, alpha, seed) : null,
  };
}

/** 95 % Wilson interval of a mean pass rate over scenarios; everything without any. */
export function rateInterval(rate: number, scenarios: number): Interval {
  return wilsonInterval(Math.round(rate * scenarios), scenarios) ?? { lower: 0, upper: 1 };
}

/**
 * Tango's score bound for single runs. With repeats the bootstrap over scenarios, but never tighter than that many pairs
 * without any difference allow: a bootstrap of values that are all alike has no width, which would prove too much.
 */
function lowerBound(pairs: readonly PairedCounts[], alpha: number, seed: number): number {
  const isSingle = pairs.every((pair) => pair.baselineRuns === 1 && pair.candidateRuns === 1);
  if (isSingle) {
    const changed = (by: number) => pairs.filter((pair) => rateChange(pair) === by).length;
    const counts = { pairs: pairs.length, worse: changed(-1), better: changed(1) };
    return tangoLowerBound(counts, alpha);
  }
  const limit = tangoLowerBound({ pairs: pairs.length, worse: 0, better: 0 }, alpha);
  const draws = pairs.length > LARGE_SUITE ? 2_000 : 10_000;
  const random = seededRandom(seed);
  const bound = bcaLowerBound(pairs.map(rateChange), { alpha, random, draws });
  return Math.min(bound, limit);
}

/** The smallest drop that such a comparison would have found with probability 0.8; null when none. */
export function detectableDropOf(
  pairs: readonly PairedCounts[],
  { baselineRate }: MetricStatistics,
  { alpha, regressionThreshold }: CompareOptions,
  gatedMetrics: number,
): number | null {
  const typical = (runs: readonly number[]) => Math.max(1, Math.floor(mean(runs)));
  const found = detectableDrop({
    cases: pairs.length,
    baselineRuns: typical(pairs.map((pair) => pair.baselineRuns)),
    candidateRuns: typical(pairs.map((pair) => pair.candidateRuns)),
    baselineRate,
    // Holm's strictest step: what a metric that drops alone must pass.
    alpha: alpha / Math.max(1, gatedMetrics),
    tolerance: regressionThreshold,
  });
  return found ?? null;
}
