import { checkArgument } from "../errors.ts";
import type { RandomSource } from "../random/seeded-random.ts";
import type { PermutationResult } from "./permutation-test.ts";

export interface SignFlipOptions {
  /** Where the numbers of a sampled p come from; an exact one needs none. */
  readonly random: RandomSource;
  /** Flips drawn when there are too many to count; 10,000 by default. */
  readonly draws?: number;
}

/** Up to so many differences that are not 0, all 2^n flips are counted. */
const EXACT_DIFFERENCES = 16;
/** Sums of the same numbers in another order differ by rounding only, relative to their size. */
const ROUNDING = 1e-9;

/**
 * Did a score drop? When nothing changed, the difference of a case (candidate minus baseline, each the mean of equally many
 * repeats) is as probable with the other sign; the statistic is the mean (Fisher 1935, The Design of Experiments, 21). With
 * unequal repeats differences are not symmetric, and the test does not hold: the caller sees to that.
 *
 * One-sided: how probable a mean at least as low is. Exact for up to 16 differences that are not 0, else `draws` flips and
 * p = (1 + as extreme) / (1 + draws) (Phipson and Smyth 2010). Without any difference p is 1.
 *
 * @throws STATS_ARGUMENT_OUT_OF_RANGE for a difference that is not finite
 */
export function signFlipTest(
  differences: readonly number[],
  { random, draws = 10_000 }: SignFlipOptions,
): PermutationResult {
  for (const own of differences) {
    checkArgument(Number.isFinite(own), "difference", own, "a finite number");
  }
  const sizes = differences.filter((own) => own !== 0).map(Math.abs);
  const sum = differences.reduce((total, own) => total + own, 0);
  const limit = sum + ROUNDING * sizes.reduce((total, own) => total + own, 0);
  return sizes.length <= EXACT_DIFFERENCES
    ? { p: shareAtMost(sizes, limit), method: "exact" }
    : { p: sampledShare(sizes, limit, { random, draws }), method: "sampled" };
}

function shareAtMost(sizes: readonly number[], limit: number): number {
  const flips = 2 ** sizes.length;
  let asExtreme = 0;
  for (let signs = 0; signs < flips; signs += 1) {
    let sum = 0;
    for (const [index, size] of sizes.entries()) sum += (signs >> index) & 1 ? size : -size;
    if (sum <= limit) asExtreme += 1;
  }
  return asExtreme / flips;
}

function sampledShare(
  sizes: readonly number[],
  limit: number,
  { random, draws }: Required<SignFlipOptions>,
): number {
  let asExtreme = 0;
  for (let draw = 0; draw < draws; draw += 1) {
    let sum = 0;
    for (const size of sizes) sum += random() < 0.5 ? size : -size;
    if (sum <= limit) asExtreme += 1;
  }
  return (1 + asExtreme) / (1 + draws);
}
