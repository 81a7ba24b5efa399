/** Added to both proportions of every bin, so that an empty bin does not make the index infinite. */
export const EPSILON = 1e-10;

/**
 * Population stability index of two distributions over the same bins: the sum over the bins of (p - q) ln(p / q), with
 * EPSILON added to every p and q and no renormalising. 0 for equal distributions, never below 0, symmetric.
 *
 * As a rule of thumb: below 0.1 stable, 0.1 to 0.25 worth a look, above 0.25 a real shift. One empty bin against 0.1
 * counts about 2.07.
 */
export function populationStabilityIndex(
  expected: readonly number[],
  observed: readonly number[],
): number {
  let sum = 0;
  for (const [i, proportion] of expected.entries()) {
    sum += stabilityTerm(proportion, observed[i] ?? 0);
  }
  return sum;
}

/** What one bin adds to the index: 0 when its shares are equal, never below 0. */
export function stabilityTerm(expected: number, observed: number): number {
  const p = expected + EPSILON;
  const q = observed + EPSILON;
  return (p - q) * Math.log(p / q);
}
