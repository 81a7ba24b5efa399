/** Rows of the two samples in one bin. The baseline's may be expected rows, not whole. */
export interface BinPair {
  readonly baseline: number;
  readonly window: number;
}

/** The usual bound for the chi-square approximation: Cochran (1954). */
export const LEAST_EXPECTED_ROWS = 5;

/**
 * Merges bins until each can expect at least 5 rows in the smaller of the two samples, given the pooled proportions.
 * Neighbours merge when the bins are ordered; categories merge into one rest. What stays too sparse at the end joins the
 * bin before it (ordered) or the smallest bin (categories).
 *
 * `expectedRows` tells what a bin can expect in the sparser sample.
 */
export function mergeSparseBins(
  bins: readonly BinPair[],
  ordered: boolean,
  expectedRows: (bin: BinPair) => number,
): readonly BinPair[] {
  const isSparse = (bin: BinPair) => expectedRows(bin) < LEAST_EXPECTED_ROWS;
  return ordered ? mergeNeighbours(bins, isSparse) : mergeRest(bins, isSparse, expectedRows);
}

type IsSparse = (bin: BinPair) => boolean;

function sum(a: BinPair, b: BinPair): BinPair {
  return { baseline: a.baseline + b.baseline, window: a.window + b.window };
}

function mergeNeighbours(bins: readonly BinPair[], isSparse: IsSparse): readonly BinPair[] {
  const merged: BinPair[] = [];
  let open: BinPair | undefined;
  for (const bin of bins) {
    open = open === undefined ? bin : sum(open, bin);
    if (isSparse(open)) continue;
    merged.push(open);
    open = undefined;
  }
  if (open === undefined) return merged;
  const last = merged.pop();
  return [...merged, last === undefined ? open : sum(last, open)];
}

function mergeRest(
  bins: readonly BinPair[],
  isSparse: IsSparse,
  size: (bin: BinPair) => number,
): readonly BinPair[] {
  const dense = bins.filter((bin) => !isSparse(bin)).sort((a, b) => size(b) - size(a));
  const sparse = bins.filter(isSparse);
  if (sparse.length === 0) return dense;
  const rest = sparse.reduce(sum);
  const smallest = dense.at(-1);
  if (!isSparse(rest) || smallest === undefined) return [...dense, rest];
  return [...dense.slice(0, -1), sum(smallest, rest)];
}
