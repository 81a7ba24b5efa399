import { normalQuantile } from "../distribution/normal.ts";
import { checkArgument } from "../errors.ts";
import type { Interval } from "./wilson-interval.ts";

/** A rate and on how many trials it stands: a number above 0 that need not be whole. */
export interface RateOfTrials {
  readonly rate: number;
  readonly trials: number;
}

/**
 * The interval for the difference of two independent proportions, first minus second: Newcombe's hybrid of two Wilson
 * intervals (Newcombe 1998, Statistics in Medicine 17:873, method 10; no continuity correction). Both ends lie in [-1, 1].
 *
 * @param confidence two-sided, in (0, 1): its ends are one-sided bounds at level (1 - confidence) / 2
 * @example newcombeInterval({ rate: 56 / 70, trials: 70 }, { rate: 48 / 80, trials: 80 }, 0.95); // 0.0524 to 0.3339
 */
export function newcombeInterval(
  first: RateOfTrials,
  second: RateOfTrials,
  confidence: number,
): Interval {
  const isLevel = confidence > 0 && confidence < 1;
  checkArgument(isLevel, "confidence", confidence, "a number between 0 and 1");
  const z = normalQuantile(1 - (1 - confidence) / 2);
  const [one, two] = [scoreInterval(first, z), scoreInterval(second, z)];
  const difference = first.rate - second.rate;
  const below = Math.hypot(first.rate - one.lower, two.upper - second.rate);
  const above = Math.hypot(one.upper - first.rate, second.rate - two.lower);
  return {
    lower: Math.max(-1, difference - below),
    upper: Math.min(1, difference + above),
  };
}

/** Wilson's, for trials that weights made a fraction. */
function scoreInterval({ rate, trials }: RateOfTrials, z: number): Interval {
  checkArgument(rate >= 0 && rate <= 1, "rate", rate, "a number in [0, 1]");
  checkArgument(trials > 0 && Number.isFinite(trials), "trials", trials, "a number above 0");
  const shrink = 1 + (z * z) / trials;
  const centre = (rate + (z * z) / (2 * trials)) / shrink;
  const half = (z * Math.sqrt((rate * (1 - rate)) / trials + (z / (2 * trials)) ** 2)) / shrink;
  return {
    lower: rate === 0 ? 0 : Math.max(0, centre - half),
    upper: rate === 1 ? 1 : Math.min(1, centre + half),
  };
}
