import { checkArgument, errors } from "../errors.ts";
import { summaryQuantiles, type ValueSummary } from "../quantile/value-summary.ts";
import type { InteriorEdges } from "./bin-index.ts";
import { binLookup } from "./bin-lookup.ts";
import { MAX_BINS } from "./choose-bin-count.ts";

/** Quantile edges (type 7) at 1/B ... (B-1)/B, ascending. Equal edges are kept; see `distinctEdges`. */
export function quantileEdges(values: ValueSummary, bins: number): number[] {
  checkBins(bins);
  const shares = Array.from({ length: bins - 1 }, (_, i) => (i + 1) / bins);
  let highest = -Infinity;
  return summaryQuantiles(values, shares).map((quantile) => {
    // Between two values that are almost equal, rounding can put a later quantile below an earlier one.
    highest = Math.max(highest, quantile);
    return highest;
  });
}

/** Edges that cut the range of the values into `bins` equal parts: smallest + width k. */
export function equalWidthEdges(values: ValueSummary, bins: number): number[] {
  checkBins(bins);
  const { smallest, largest } = values;
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

/** Values per bin; NaN is not counted. */
export function binCounts(edges: InteriorEdges, values: ArrayLike<number>): number[] {
  const counts = new Float64Array(edges.length + 1);
  binLookup(edges).count(values, counts);
  return [...counts];
}
