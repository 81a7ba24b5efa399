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
  let sums: Sums = { from: 0, masses: new Float64Array([1]), above: 0 };
  let observed = 0;
  for (const stratum of strata) {
    sums = trimmed(added(sums, stratum));
    observed += stratum.observed * stratum.step;
  }
  let p = sums.above;
  // From the far end: the smallest addends first.
  const { from, masses } = sums;
  for (let sum = masses.length - 1; sum >= Math.max(0, observed - from); sum -= 1) {
    p += masses[sum] ?? 0;
  }
  return Math.min(1, p);
}

/** How probable each sum is, from `from` on; `above`: what was cut off beyond the highest one. */
interface Sums {
  readonly from: number;
  readonly masses: Float64Array;
  readonly above: number;
}

/** With one more stratum in them. */
function added({ from, masses, above }: Sums, { weights, step }: Stratum): Sums {
  const sums = new Float64Array(masses.length + (weights.length - 1) * step);
  for (const [moved, weight] of weights.entries()) {
    const shift = moved * step;
    for (let sum = 0; sum < masses.length; sum += 1) {
      sums[sum + shift] = (sums[sum + shift] ?? 0) + weight * (masses[sum] ?? 0);
    }
  }
  return { from, masses: sums, above };
}

/** Short lists are never cut. */
const UNCUT_SUMS = 2_048;
/** Mass that may be cut off a side at a time: thousands of times it stays far below anything a p-value is compared with. */
const CUT_MASS = 1e-18;

/**
 * Without the far ends, which hold nearly all of the list and nearly none of the mass: in a large suite all but some hundred
 * sums of many thousands. What is cut above counts as extreme, so p is never too small.
 */
function trimmed(sums: Sums): Sums {
  const { from, masses, above } = sums;
  if (masses.length <= UNCUT_SUMS) return sums;
  let first = 0;
  for (let mass = masses[0] ?? 0; mass < CUT_MASS; mass += masses[first] ?? 1) first += 1;
  let last = masses.length - 1;
  let cut = 0;
  while (cut + (masses[last] ?? 1) < CUT_MASS) {
    cut += masses[last] ?? 0;
    last -= 1;
  }
  return { from: from + first, masses: masses.subarray(first, last + 1), above: above + cut };
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
