import { checkArgument } from "../errors.ts";

/**
 * Adjusted p-values of Holm (1979, Scandinavian Journal of Statistics 6), in the order given: reject where adjusted <=
 * alpha, and the probability of even one false rejection is at most alpha, however the tests depend on each other.
 *
 * adjusted(i) = max over j <= i of p(j) (m - j + 1), with p(1) <= ... <= p(m), at most 1. Ties get the same value.
 * Empty gives empty; a value outside [0, 1] or NaN is `STATS_ARGUMENT_OUT_OF_RANGE`.
 *
 * @example holm([0.01, 0.04, 0.03]); // [0.03, 0.06, 0.06]
 */
export function holm(pValues: readonly number[]): number[] {
  for (const p of pValues) checkArgument(p >= 0 && p <= 1, "p-value", p, "a number in [0, 1]");
  const count = pValues.length;
  const order = pValues.map((p, index) => ({ p, index })).toSorted((a, b) => a.p - b.p);
  const adjusted = Array.from<number>({ length: count });
  let largest = 0;
  for (const [place, { p, index }] of order.entries()) {
    largest = Math.max(largest, Math.min(1, p * (count - place)));
    adjusted[index] = largest;
  }
  return adjusted;
}
