import { checkArgument, errors } from "../errors.ts";
import { quantileOfSorted } from "../quantile/quantile.ts";
import { MAX_BINS } from "./choose-bin-count.ts";

/**
 * Interior edges of a binning: B bins have B - 1 edges; the first bin reaches to -Infinity and the last to Infinity.
 * A bin is open on the left and closed on the right.
 */
export type InteriorEdges = readonly number[];

/**
 * Quantile edges (type 7) at 1/B ... (B-1)/B of finite, ascending values, ascending themselves. Equal edges are kept; see
 * `distinctEdges`.
 */
export function quantileEdges(ascending: ArrayLike<number>, bins: number): number[] {
  checkBins(bins);
  let highest = -Infinity;
  return Array.from({ length: bins - 1 }, (_, i) => {
    // Between two values that are almost equal, rounding can put a later quantile below an earlier one.
    highest = Math.max(highest, quantileOfSorted(ascending, (i + 1) / bins));
    return highest;
  });
}

/** Edges that cut the range of finite, ascending values into `bins` equal parts: min + width k. */
export function equalWidthEdges(ascending: ArrayLike<number>, bins: number): number[] {
  checkBins(bins);
  const count = ascending.length;
  if (count === 0) throw errors.STATS_NO_VALUES({ what: "a binning", need: 1, got: 0 });
  const smallest = ascending[0] as number;
  const largest = ascending[count - 1] as number;
  const width = (largest - smallest) / bins;
  checkArgument(Number.isFinite(width), "range", largest - smallest, "a finite number");
  return Array.from({ length: bins - 1 }, (_, i) => smallest + width * (i + 1));
}

/** Ascending edges without repeats. The bin between two equal edges can hold nothing. */
export function distinctEdges(edges: InteriorEdges): number[] {
  return edges.filter((edge, i) => i === 0 || edge !== edges[i - 1]);
}

function checkBins(bins: number): void {
  if (bins < 2) throw errors.STATS_TOO_FEW_BINS({ given: bins });
  const holds = Number.isInteger(bins) && bins <= MAX_BINS;
  checkArgument(holds, "number of bins", bins, `an integer of 2 to ${MAX_BINS}`);
}

/**
 * Index (from 0) of the bin that holds a value: the one with lower < value <= upper. -Infinity counts to the first bin,
 * Infinity to the last; NaN has none (-1). Binary search: the number of edges that lie below the value.
 */
export function binIndex(edges: InteriorEdges, value: number): number {
  if (Number.isNaN(value)) return -1;
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((edges[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Values per bin; NaN is not counted. */
export function binCounts(edges: InteriorEdges, values: ArrayLike<number>): number[] {
  const counts = Array.from({ length: edges.length + 1 }, () => 0);
  for (let i = 0; i < values.length; i += 1) {
    const index = binIndex(edges, values[i] as number);
    if (index >= 0) counts[index] = (counts[index] as number) + 1;
  }
  return counts;
}
