import { logGamma } from "@scouter/stats";

export interface UnseenCategoriesInput {
  /** Rows of the window whose category the baseline did not have. */
  readonly unseenRows: number;
  /** All rows of the window. */
  readonly windowRows: number;
  /** Rows of the baseline. */
  readonly baselineRows: number;
  /** Categories that the baseline had exactly once, and exactly twice. */
  readonly seenOnce: number;
  readonly seenTwice: number;
}

/**
 * How surprising that many rows of new categories are when nothing has changed: P(X >= unseen rows).
 *
 * A feature with a long tail of rare categories keeps bringing new ones. The share of rows that are new is estimated by
 * f1 / N (Good 1953; f1, f2: categories seen once, twice), with one row added to f1, and its error has a variance of
 * (f1 + 2 f2) / N^2. A beta distribution of that mean stands for the share, so X is beta-binomial over the window's rows;
 * its variance has 4 f2 in place of 2 f2, because f1 and f2 are themselves only seen by chance (simulated: with 2 f2, 8 %
 * of windows without drift fall below 0.05). With f1 = f2 = 0 this is the exact test of "all k such rows fell into the
 * window": nearly (M / (M + N))^k.
 *
 * 1 where the number is at or below what is expected: it is no signal then.
 */
export function unseenCategoriesPValue(input: UnseenCategoriesInput): number {
  const { unseenRows, windowRows, baselineRows, seenOnce, seenTwice } = input;
  const once = seenOnce + 1;
  const spread = 1 + (4 * seenTwice) / once;
  const a = once / spread;
  const b = baselineRows / spread;
  if (unseenRows <= (windowRows * a) / (a + b)) return 1;
  let term = Math.exp(
    logChoose(windowRows, unseenRows) +
      logBeta(unseenRows + a, windowRows - unseenRows + b) -
      logBeta(a, b),
  );
  let sum = 0;
  for (let rows = unseenRows; rows <= windowRows; rows += 1) {
    sum += term;
    if (term < sum * Number.EPSILON) break;
    const left = windowRows - rows;
    term *= (left / (rows + 1)) * ((rows + a) / (left - 1 + b));
  }
  return Math.min(1, sum);
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

function logChoose(n: number, k: number): number {
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}
