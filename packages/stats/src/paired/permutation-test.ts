import type { RandomSource } from "../random/seeded-random.ts";
import { type Stratum, strataOf } from "./stratum.ts";
import { checkPair, type PairedCounts } from "./paired-counts.ts";

export interface PermutationResult {
  /** One-sided: how probable a drop at least as large as the observed one is when nothing changed. */
  readonly p: number;
  readonly method: "exact" | "sampled";
}

export interface PermutationOptions {
  /** Where the numbers of a sampled p come from; an exact one needs none. */
  readonly random: RandomSource;
  /** Permutations drawn when there are too many to count; 10,000 by default. */
  readonly draws?: number;
  /** Multiplications that counting all permutations may cost before drawing takes over; 50 million by default. */
  readonly exactWork?: number;
}

/** Sums of the same pairs in another order differ by rounding only. */
const ROUNDING = 1e-9;

/**
 * Did the pass rate drop? Within each case, outcomes of baseline and candidate are exchangeable when nothing changed;
 * the statistic is the mean over cases of the rate difference. Valid for unequal numbers of repeats. With one run on
 * each side it is the exact one-sided McNemar test (McNemar 1947, Psychometrika 12).
 *
 * Given a case's passes in all, those of the baseline are hypergeometric, so all permutations are counted by
 * convolution (the shift algorithm of Streitberg and Roehmel 1986) at a cost of cases times passes. Where that is too much,
 * `draws` permutations are drawn, and p = (1 + as extreme) / (1 + draws) (Phipson and Smyth 2010), never 0.
 *
 * Without any case, and without any difference, p is 1.
 *
 * @throws STATS_ARGUMENT_OUT_OF_RANGE see PairedCounts
 */
export function permutationTest(
  pairs: readonly PairedCounts[],
  options: PermutationOptions,
): PermutationResult {
  for (const pair of pairs) checkPair(pair);
  const { strata, gridSize } = strataOf(pairs);
  const work = gridSize * strata.length;
  return work <= (options.exactWork ?? 5e7)
    ? { p: exactP(strata), method: "exact" }
    : { p: sampledP(strata, options.random, options.draws ?? 10_000), method: "sampled" };
}

function exactP(strata: readonly Stratum[]): number {
  let distribution = new Float64Array([1]);
  let observed = 0;
  for (const stratum of strata) {
    distribution = added(distribution, stratum);
    observed += stratum.observed * stratum.step;
  }
  let p = 0;
  // From the far end: the smallest addends first.
  for (let sum = distribution.length - 1; sum >= observed; sum -= 1) p += distribution[sum] ?? 0;
  return Math.min(1, p);
}

/** The distribution of the sum with one more stratum in it. */
function added(distribution: Float64Array, { weights, step }: Stratum) {
  const sums = new Float64Array(distribution.length + (weights.length - 1) * step);
  for (const [moved, weight] of weights.entries()) {
    const shift = moved * step;
    for (let sum = 0; sum < distribution.length; sum += 1) {
      sums[sum + shift] = (sums[sum + shift] ?? 0) + weight * (distribution[sum] ?? 0);
    }
  }
  return sums;
}

function sampledP(strata: readonly Stratum[], random: RandomSource, draws: number): number {
  const observed = strata.reduce((sum, { observed: own, step }) => sum + own * step, 0);
  let asExtreme = 0;
  for (let draw = 0; draw < draws; draw += 1) {
    let sum = 0;
    for (const { weights, step } of strata) sum += drawn(weights, random) * step;
    if (sum >= observed - ROUNDING) asExtreme += 1;
  }
  return (1 + asExtreme) / (1 + draws);
}

function drawn(weights: readonly number[], random: RandomSource): number {
  let left = random();
  for (const [index, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return index;
  }
  return weights.length - 1;
}
