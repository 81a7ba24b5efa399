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
  checkArgument(p >= 0 && p <= 1, "probability", p, "a number in [0, 1]");
  // As t = n p + (1 - p), from 1: another order of these operations gives another last digit.
  const position = count * p + (1 - p);
  const below = Math.min(Math.max(Math.floor(position), 1), count);
  const share = Math.max(position - below, 0);
  const lower = ascending[below - 1] as number;
  const upper = ascending[Math.min(below, count - 1)] as number;
  return lower === upper ? lower : (1 - share) * lower + share * upper;
}

/** The finite values, ascending, as a new array. */
export function finiteSorted(values: ArrayLike<number>): Float64Array {
  return finiteValues(values).sort();
}

/** The finite values in their order, as a new array: NaN and infinities are left out. */
export function finiteValues(values: ArrayLike<number>): Float64Array {
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
