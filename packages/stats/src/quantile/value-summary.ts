import { errors } from "../errors.ts";
import { populationDeviation, skewness } from "../moment/moments.ts";
import { orderStatistics } from "./order-statistics.ts";
import { interpolated, typeSevenRanks } from "./quantile.ts";

/** What binning needs to know of finite values: all of them in memory, or a sketch of more than fit there. */
export interface ValueSummary {
  /** At least 1. */
  readonly count: number;
  readonly smallest: number;
  readonly largest: number;
  /** Standard deviation of the values themselves (divided by n). */
  deviation(): number;
  /** g1 of the population; NaN when all values are equal. */
  skewness(): number;
  /** Values at zero-based, ascending ranks. */
  atRanks(ranks: readonly number[]): readonly number[];
}

/** A summary of values in memory; NaN and infinities must have been left out. Nothing is copied or changed. */
export function summaryOf(values: Float64Array): ValueSummary {
  if (values.length === 0) throw errors.STATS_NO_VALUES({ what: "a summary", need: 1, got: 0 });
  let smallest = Infinity;
  let largest = -Infinity;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] as number;
    if (value < smallest) smallest = value;
    if (value > largest) largest = value;
  }
  return {
    count: values.length,
    smallest,
    largest,
    deviation: () => populationDeviation(values),
    skewness: () => skewness(values),
    atRanks: (ranks) => orderStatistics(values, ranks),
  };
}

/** Quantiles (type 7, see `quantileOfSorted`) at ascending probabilities, ascending. */
export function summaryQuantiles(
  summary: ValueSummary,
  probabilities: readonly number[],
): readonly number[] {
  const positions = probabilities.map((p) => typeSevenRanks(summary.count, p));
  const ranks = positions.flatMap(({ below, above }) => [below, above]);
  // Ranks of one probability may lie above the first of the next.
  const ascending = [...new Set(ranks)].sort((a, b) => a - b);
  const values = summary.atRanks(ascending);
  const valueAt = new Map(ascending.map((rank, i) => [rank, values[i] as number]));
  return positions.map(({ below, above, share }) =>
    interpolated(valueAt.get(below) as number, valueAt.get(above) as number, share),
  );
}
