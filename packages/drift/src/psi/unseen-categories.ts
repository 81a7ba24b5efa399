import { logGamma } from "@scouter/stats";

export interface UnseenCategoriesInput {
  /** Rows of the window whose category the baseline did not have. */
  readonly unseenRows: number;
  /** All rows of the window. */
  readonly windowRows: number;
  /** Rows of the baseline. */
  readonly baselineRows: number;
  /** Categories that the baseline had exactly once. */
  readonly seenOnce: number;
}

/**
 * P(X >= unseen rows) for X binomial over the window's rows: how surprising that many rows of new categories are.
 *
 * The chance of a new category per row is taken as (seen once + 1) / (N + 1), Good and Turing's estimate with one row
 * added: a feature with a long tail of rare categories keeps bringing new ones without any drift. 1 where the number is
 * at or below what is expected: it is no signal then.
 */
export function unseenCategoriesPValue(input: UnseenCategoriesInput): number {
  const { unseenRows, windowRows, baselineRows, seenOnce } = input;
  const chance = (seenOnce + 1) / (baselineRows + 1);
  if (unseenRows === 0 || chance >= 1 || unseenRows <= windowRows * chance) return 1;
  const odds = chance / (1 - chance);
  let term = Math.exp(
    logGamma(windowRows + 1) -
      logGamma(unseenRows + 1) -
      logGamma(windowRows - unseenRows + 1) +
      unseenRows * Math.log(chance) +
      (windowRows - unseenRows) * Math.log1p(-chance),
  );
  let sum = 0;
  // Above the mean every term is smaller than the one before it.
  for (let rows = unseenRows; rows <= windowRows; rows += 1) {
    sum += term;
    if (term < sum * Number.EPSILON) break;
    term *= ((windowRows - rows) / (rows + 1)) * odds;
  }
  return Math.min(1, sum);
}
