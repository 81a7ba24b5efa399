import { normalQuantile } from "../distribution/normal.ts";
import { checkArgument } from "../errors.ts";

/** Both ends in [0, 1]. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/**
 * Wilson's score interval of a proportion: all p that a two-sided score test of `successes` in `trials` does not refuse
 * at level 1 - `confidence`, so the solutions of |successes / trials - p| = z sqrt(p (1 - p) / trials) (Wilson 1927,
 * JASA 22; no continuity correction). Unlike the usual +- it stays inside [0, 1] and has a width for 0 and for all
 * successes. Undefined without trials: nothing is known then.
 *
 * @param successes an integer in [0, trials]
 * @param trials an integer of 0 or more
 * @param confidence in (0, 1), 0.95 by default
 * @example wilsonInterval(15, 148); // { lower: 0.0624, upper: 0.1605 }
 */
export function wilsonInterval(
  successes: number,
  trials: number,
  confidence = 0.95,
): Interval | undefined {
  const isCount = Number.isSafeInteger(trials) && trials >= 0;
  checkArgument(isCount, "trials", trials, "an integer of 0 or more");
  const isPart = Number.isSafeInteger(successes) && successes >= 0 && successes <= trials;
  checkArgument(isPart, "successes", successes, "an integer from 0 to the trials");
  const isLevel = confidence > 0 && confidence < 1;
  checkArgument(isLevel, "confidence", confidence, "a number between 0 and 1");
  if (trials === 0) return undefined;
  const z = normalQuantile(1 - (1 - confidence) / 2);
  const proportion = successes / trials;
  const shrink = 1 + (z * z) / trials;
  const centre = (proportion + (z * z) / (2 * trials)) / shrink;
  const spread = (proportion * (1 - proportion)) / trials + (z / (2 * trials)) ** 2;
  const half = (z * Math.sqrt(spread)) / shrink;
  // Exact at the ends, where rounding would leave a trace.
  return {
    lower: successes === 0 ? 0 : Math.max(0, centre - half),
    upper: successes === trials ? 1 : Math.min(1, centre + half),
  };
}
