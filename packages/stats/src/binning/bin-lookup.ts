import type { InteriorEdges } from "./bin-index.ts";

/** Edges prepared for looking up many values. */
export interface BinLookup {
  /** As `binIndex`: the bin with lower < value <= upper, from 0; -1 for NaN. */
  indexOf(value: number): number;
  /** Adds the values to the counts of their bins, one more than there are edges; NaN is not counted. */
  count(values: ArrayLike<number>, into: Float64Array): void;
}

const CELLS = 1024;

/**
 * A table over the range of the edges tells where to begin: a value's bin is then a step or two away, whatever the number
 * of edges. Cells keep the order of values (a product does not fall when its factor grows), so the result is that of
 * comparing with every edge. `edges` ascend and are finite.
 */
export function binLookup(edges: InteriorEdges): BinLookup {
  const sorted = Float64Array.from(edges);
  const last = sorted.length - 1;
  const lowest = sorted[0] ?? 0;
  const highest = sorted[last] ?? 0;
  const { starts, scale } = cellStarts(sorted, lowest, highest);
  const indexOf = (value: number): number => {
    if (value > highest) return sorted.length;
    if (value <= lowest) return 0;
    if (Number.isNaN(value)) return -1;
    const cell = ((value - lowest) * scale) | 0;
    let low = starts[cell] as number;
    let high = starts[cell + 1] as number;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sorted[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  if (sorted.length === 0) return withoutEdges;
  return {
    indexOf,
    count(values, into) {
      for (let i = 0; i < values.length; i += 1) {
        const index = indexOf(values[i] as number);
        if (index >= 0) into[index] = (into[index] as number) + 1;
      }
    },
  };
}

const withoutEdges: BinLookup = {
  indexOf: (value) => (Number.isNaN(value) ? -1 : 0),
  count(values, into) {
    for (let i = 0; i < values.length; i += 1) {
      if (!Number.isNaN(values[i])) into[0] = (into[0] as number) + 1;
    }
  },
};

/** For each cell the number of edges in the cells below it: all of them lie below every value of the cell. */
function cellStarts(sorted: Float64Array, lowest: number, highest: number) {
  const raw = (CELLS - 1) / (highest - lowest);
  // A range of no width, or none that a number can hold: one cell, and every edge is compared.
  const scale = raw > 0 && raw < Infinity ? raw : 0;
  const starts = new Uint16Array(CELLS + 1);
  for (const edge of sorted) {
    const cell = ((edge - lowest) * scale) | 0;
    starts[cell + 1] = (starts[cell + 1] as number) + 1;
  }
  for (let cell = 1; cell <= CELLS; cell += 1) {
    starts[cell] = (starts[cell] as number) + (starts[cell - 1] as number);
  }
  return { starts, scale };
}
