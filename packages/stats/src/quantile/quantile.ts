import { checkArgument, errors } from "../errors.ts";

/**
 * Quantile of type 7 of Hyndman and Fan (1996), the default of R and NumPy ("linear"; Excel's PERCENTILE.INC): with the
 * values in ascending order, linear interpolation at position (n - 1) p, counted from 0.
 *
 * `ascending` must be sorted and finite; `p` in [0, 1]. One value: that value. None: `STATS_NO_VALUES`.
 *
 * ```ts
 * quantileOfSorted([1, 2, 3, 4], 0.25); // 1.75
 * ```
 */
export function quantileOfSorted(ascending: ArrayLike<number>, p: number): number {
  const count = ascending.length;
  if (count === 0) throw errors.STATS_NO_VALUES({ what: "a quantile", need: 1, got: 0 });
  const { below, above, share } = typeSevenRanks(count, p);
  return interpolated(ascending[below] as number, ascending[above] as number, share);
}

/** The zero-based ranks that a type 7 quantile of `count` values lies between, and how far it is towards the upper one. */
export function typeSevenRanks(
  count: number,
  p: number,
): { readonly below: number; readonly above: number; readonly share: number } {
  checkArgument(p >= 0 && p <= 1, "probability", p, "a number in [0, 1]");
  // As t = n p + (1 - p), from 1: another order of these operations gives another last digit.
  const position = count * p + (1 - p);
  const below = Math.min(Math.max(Math.floor(position), 1), count);
  return {
    below: below - 1,
    above: Math.min(below, count - 1),
    share: Math.max(position - below, 0),
  };
}

export function interpolated(lower: number, upper: number, share: number): number {
  return lower === upper ? lower : (1 - share) * lower + share * upper;
}

/**
 * The zero-based rank of a quantile that is one of the values: the one nearest to position (n - 1) p, the upper one half
 * way between two (NumPy's "nearest" takes the even one there).
 */
export function nearestRank(count: number, p: number): number {
  checkArgument(p >= 0 && p <= 1, "probability", p, "a number in [0, 1]");
  const position = (count - 1) * p;
  const below = Math.floor(position);
  return position - below < 0.5 ? below : below + 1;
}

/** The finite values, ascending, as a new array. */
export function finiteSorted(values: ArrayLike<number>): Float64Array {
  const kept = finiteValues(values);
  return (kept === values ? kept.slice() : kept).sort();
}

/**
 * The finite values in their order: NaN and infinities are left out. A Float64Array that has none comes back itself, so
 * the result must not be changed.
 */
export function finiteValues(values: ArrayLike<number>): Float64Array {
  if (values instanceof Float64Array && isAllFinite(values)) return values;
  const kept = new Float64Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) continue;
    kept[count] = value;
    count += 1;
  }
  return kept.subarray(0, count);
}

function isAllFinite(values: Float64Array): boolean {
  // The difference is 0 for finite values and NaN for all others; a sum of them needs no branch.
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] as number;
    sum += value - value;
  }
  return sum === 0;
}
