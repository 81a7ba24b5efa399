/** Every second value of two ascending runs of one length merged: from the first or the second one on. */
export function collapsed(a: Float64Array, b: Float64Array, offset: 0 | 1): Float64Array {
  const kept = new Float64Array(a.length);
  let [i, j, taken] = [0, 0, 0];
  for (let place = 0; place < a.length + b.length; place += 1) {
    const fromA = j === b.length || (i < a.length && (a[i] as number) <= (b[j] as number));
    const value = (fromA ? a[i] : b[j]) as number;
    if (fromA) i += 1;
    else j += 1;
    if (place % 2 !== offset) continue;
    kept[taken] = value;
    taken += 1;
  }
  return kept;
}

/** Ascending values, each standing for a number of values. */
export interface WeightedRun {
  readonly values: Float64Array;
  readonly weights: Float64Array;
}

export function mergedRuns(a: WeightedRun, b: WeightedRun): WeightedRun {
  const size = a.values.length + b.values.length;
  const values = new Float64Array(size);
  const weights = new Float64Array(size);
  let [i, j] = [0, 0];
  for (let place = 0; place < size; place += 1) {
    const fromA =
      j === b.values.length ||
      (i < a.values.length && (a.values[i] as number) <= (b.values[j] as number));
    const from = fromA ? a : b;
    const index = fromA ? i++ : j++;
    values[place] = from.values[index] as number;
    weights[place] = from.weights[index] as number;
  }
  return { values, weights };
}
