import type { NumericStats } from "@scouter/contracts";
import {
  deviationOfSample,
  DistinctNumbers,
  finiteValues,
  meanOfMoments,
  momentsOf,
  nearestRank,
  orderStatistics,
  type RunningMoments,
} from "@scouter/stats";
import type { NumberBatch } from "../table/column-batch.ts";
import { countIntoBins, type Histogram, leftEdges } from "./histogram.ts";

const QUANTILE_SHARES = [0.25, 0.5, 0.75, 0.99];

/** What was found out about a column of numbers, whether from all of it at once or from a sketch. */
export interface NumericFacts {
  readonly rows: number;
  readonly missing: number;
  /** Of the finite values, which the facts below are about. */
  readonly moments: RunningMoments;
  readonly smallest: number;
  readonly largest: number;
  readonly distinct: DistinctNumbers;
  /** Values at zero-based, ascending ranks. */
  readonly atRanks: (ranks: readonly number[]) => readonly number[];
  readonly histogram: Histogram;
  readonly rankError: number;
}

/** The wire's form. Figures that do not exist without values are null. */
export function numericStats(facts: NumericFacts): NumericStats {
  const { moments, distinct, histogram } = facts;
  const { count } = moments;
  const counts = {
    rows: facts.rows,
    missing: facts.missing,
    non_finite: facts.rows - facts.missing - count,
  };
  if (count === 0) return { ...NOTHING, ...counts };
  const ranks = QUANTILE_SHARES.map((share) => nearestRank(count, share));
  const [q25, q50, q75, q99] = facts.atRanks(ranks) as [number, number, number, number];
  const different = Math.min(distinct.count, count);
  return {
    mean: finiteOrNull(meanOfMoments(moments)),
    stddev: finiteOrNull(deviationOfSample(moments)),
    min: facts.smallest,
    max: facts.largest,
    distinct: { count: different, percent: different / count, estimated: !distinct.isExact },
    quantiles: { q25, q50, q75, q99 },
    histogram: { bins: [...histogram.bins], bin_counts: [...histogram.bin_counts] },
    ...counts,
    rank_error: facts.rankError,
  };
}

/** The statistics of a column that is in memory as a whole: quantiles and histogram are exact. */
export function wholeColumnStats({ values, missing }: NumberBatch, binSize: number): NumericStats {
  const finite = finiteValues(values);
  const distinct = new DistinctNumbers();
  distinct.add(finite);
  let [smallest, largest] = [Infinity, -Infinity];
  for (let i = 0; i < finite.length; i += 1) {
    const value = finite[i] as number;
    if (value < smallest) smallest = value;
    if (value > largest) largest = value;
  }
  return numericStats({
    rows: values.length,
    missing,
    moments: momentsOf(finite),
    smallest,
    largest,
    distinct,
    atRanks: (ranks) => orderStatistics(finite, ranks),
    histogram: histogramOf(finite, smallest, largest, binSize),
    rankError: 0,
  });
}

function histogramOf(
  finite: Float64Array,
  smallest: number,
  largest: number,
  binSize: number,
): Histogram {
  if (finite.length === 0) return { bins: [], bin_counts: [] };
  const bins = leftEdges(smallest, largest, binSize);
  const counts = new Float64Array(bins.length);
  countIntoBins(bins, finite, counts);
  return { bins, bin_counts: [...counts] };
}

const NOTHING: NumericStats = {
  mean: null,
  stddev: null,
  min: null,
  max: null,
  distinct: { count: 0, percent: 0, estimated: false },
  quantiles: { q25: null, q50: null, q75: null, q99: null },
  histogram: { bins: [], bin_counts: [] },
  rank_error: 0,
};

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
