/** Observations of a figure as sum and count: they add up over batches of any size, where means would not. */
export interface Tally {
  readonly sum: number;
  readonly count: number;
}

export const EMPTY_TALLY: Tally = { sum: 0, count: 0 };

export function tallyOf(values: Iterable<number>): Tally {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    sum += value;
    count += 1;
  }
  return { sum, count };
}

export function addTallies(a: Tally, b: Tally): Tally {
  return { sum: a.sum + b.sum, count: a.count + b.count };
}
