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
 * `expectedRows` tells what a bin can expect in the smaller sample. `unseenRows` are rows of the window in categories that
 * the baseline did not have. They join the rest when there is one: rare categories miss from one sample as easily as from
 * the other, and a rest without them would always seem to shrink. Without rare categories they are no part of the test.
 */
export function mergeSparseBins(
  bins: readonly BinPair[],
  ordered: boolean,
  expectedRows: (bin: BinPair) => number,
  unseenRows = 0,
): readonly BinPair[] {
  const isSparse = (bin: BinPair) => expectedRows(bin) < LEAST_EXPECTED_ROWS;
  if (ordered) return mergeNeighbours(bins, isSparse);
  return mergeRest(bins, isSparse, expectedRows, unseenRows);
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
  unseenRows: number,
): readonly BinPair[] {
  const dense = bins.filter((bin) => !isSparse(bin)).sort((a, b) => size(b) - size(a));
  const sparse = bins.filter(isSparse);
  if (sparse.length === 0) return dense;
  const rest = sparse.reduce(sum, { baseline: 0, window: unseenRows });
  const smallest = dense.at(-1);
  if (!isSparse(rest) || smallest === undefined) return [...dense, rest];
  return [...dense.slice(0, -1), sum(smallest, rest)];
}
