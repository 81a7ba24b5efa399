import { normalQuantile } from "../distribution/normal.ts";
import { checkArgument } from "../errors.ts";

/** Pairs of one outcome each, by how they differ. */
export interface Discordance {
  readonly pairs: number;
  /** Passed before, fail now. */
  readonly worse: number;
  /** Failed before, pass now. */
  readonly better: number;
}

/** Halvings of [-1, 1]: more than the digits of a double. */
const HALVINGS = 60;

/**
 * The lower end of Tango's score interval for the change of a paired pass rate (candidate minus baseline): the smallest
 * change that a one-sided score test at level `alpha` does not refuse (Tango 1998, Statistics in Medicine 17:891). Has a
 * width also without any difference: then it is -z^2 / (n + z^2). Without pairs it is -1: nothing is known.
 *
 * @param alpha one-sided, in (0, 0.5]; the two-sided interval at level 1 - a has the ends at a / 2
 * @example tangoLowerBound({ pairs: 21, worse: 7, better: 1 }, 0.025); // -0.517
 */
export function tangoLowerBound(counts: Discordance, alpha: number): number {
  checkArgument(alpha > 0 && alpha <= 0.5, "alpha", alpha, "a number in (0, 0.5]");
  const { pairs, worse, better } = counts;
  const isCount = [pairs, worse, better].every((n) => Number.isSafeInteger(n) && n >= 0);
  checkArgument(isCount && worse + better <= pairs, "pairs", pairs, "at least those that differ");
  if (pairs === 0) return -1;
  const z = normalQuantile(1 - alpha);
  let refused = -1;
  let kept = (better - worse) / pairs;
  for (let halving = 0; halving < HALVINGS; halving += 1) {
    const middle = (refused + kept) / 2;
    if (score(counts, middle) > z) refused = middle;
    else kept = middle;
  }
  return kept;
}

/** How many standard errors the observed change lies above `change`, with the nuisance rate at its restricted maximum. */
function score({ pairs, worse, better }: Discordance, change: number): number {
  const a = 2 * pairs;
  const b = -better - worse + (2 * pairs - better + worse) * change;
  const c = -worse * change * (1 - change);
  // Where the root's two forms cancel, rounding can leave a trace below 0.
  const worseRate = (Math.sqrt(Math.max(0, b * b - 4 * a * c)) - b) / (2 * a);
  const variance = pairs * (2 * worseRate + change * (1 - change));
  const difference = better - worse - pairs * change;
  return variance <= 0 ? Math.sign(difference) * Infinity : difference / Math.sqrt(variance);
}
