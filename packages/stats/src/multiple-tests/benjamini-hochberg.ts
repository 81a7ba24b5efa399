import { checkArgument } from "../errors.ts";

/**
 * Adjusted p-values of Benjamini and Hochberg (1995), in the order given: reject where adjusted <= alpha, and the
 * expected share of false ones among the rejected is at most alpha (tests independent or positively dependent).
 *
 * adjusted(i) = min over j >= i of p(j) m / j, with p(1) <= ... <= p(m), at most 1. Ties get the same value.
 * Empty gives empty; a value outside [0, 1] or NaN is `STATS_ARGUMENT_OUT_OF_RANGE`.
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  for (const p of pValues) checkArgument(p >= 0 && p <= 1, "p-value", p, "a number in [0, 1]");
  const count = pValues.length;
  const order = pValues.map((_, index) => index);
  order.sort((a, b) => (pValues[b] as number) - (pValues[a] as number));
  const adjusted = Array.from<number>({ length: count });
  let smallest = 1;
  for (const [place, index] of order.entries()) {
    const rank = count - place;
    smallest = Math.min(smallest, (pValues[index] as number) * (count / rank));
    adjusted[index] = smallest;
  }
  return adjusted;
}
