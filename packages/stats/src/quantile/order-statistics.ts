import { errors } from "../errors.ts";

/** Below this many values a sort is as quick as anything. */
const SORTED_BELOW = 2048;
const CELLS = 1 << 14;

/**
 * The values at zero-based ranks (ascending, repeats allowed), as a full sort would put them there, without the sort: the
 * range is cut into cells, and only cells that hold a wanted rank are looked into. About three passes over the values,
 * more where most of them share a cell. `values` must be finite and is not changed; a rank outside it is
 * `STATS_ARGUMENT_OUT_OF_RANGE`, no values `STATS_NO_VALUES`.
 */
export function orderStatistics(values: Float64Array, ranks: readonly number[]): number[] {
  const count = values.length;
  if (count === 0) throw errors.STATS_NO_VALUES({ what: "an order statistic", need: 1, got: 0 });
  for (const [i, rank] of ranks.entries()) {
    const holds = Number.isInteger(rank) && rank >= (ranks[i - 1] ?? 0) && rank < count;
    if (holds) continue;
    const allowed = `integers of 0 to ${count - 1}, ascending`;
    throw errors.STATS_ARGUMENT_OUT_OF_RANGE({ argument: "rank", given: rank, allowed });
  }
  return select(values, ranks);
}

function select(values: Float64Array, ranks: readonly number[]): number[] {
  const count = values.length;
  if (ranks.length === 0) return [];
  if (count <= SORTED_BELOW) return fromSorted(values.slice().sort(), ranks);
  let smallest = Infinity;
  let largest = -Infinity;
  for (let i = 0; i < count; i += 1) {
    const value = values[i] as number;
    if (value < smallest) smallest = value;
    if (value > largest) largest = value;
  }
  if (smallest === largest) return ranks.map(() => smallest);
  // The product below never exceeds CELLS - 1, and it never falls when the value grows: cells keep the order.
  const scale = (CELLS - 1) / (largest - smallest);
  if (!(scale > 0 && scale < Infinity)) return fromSorted(values.slice().sort(), ranks);
  const sizes = new Uint32Array(CELLS);
  for (let i = 0; i < count; i += 1) {
    const cell = (((values[i] as number) - smallest) * scale) | 0;
    sizes[cell] = (sizes[cell] as number) + 1;
  }
  return gather(values, ranks, { smallest, scale, sizes });
}

interface Grid {
  readonly smallest: number;
  readonly scale: number;
  readonly sizes: Uint32Array;
}

function gather(values: Float64Array, ranks: readonly number[], grid: Grid): number[] {
  const { smallest, scale, sizes } = grid;
  const wanted = wantedCells(ranks, sizes);
  /** For each cell the place of the next value in `kept`; -1 for cells that nobody wants. */
  const next = new Int32Array(CELLS).fill(-1);
  let total = 0;
  for (const group of wanted) {
    next[group.cell] = total;
    total += sizes[group.cell] as number;
  }
  const kept = new Float64Array(total);
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] as number;
    const cell = ((value - smallest) * scale) | 0;
    const place = next[cell] as number;
    if (place < 0) continue;
    kept[place] = value;
    next[cell] = place + 1;
  }
  let start = 0;
  return wanted.flatMap(({ cell, ranks: within }) => {
    const size = sizes[cell] as number;
    const part = kept.subarray(start, start + size);
    start += size;
    // A cell with most of the values in it may have one far value for its neighbour: look into it the same way, but not
    // for ever.
    return size * 2 < values.length ? select(part, within) : fromSorted(part.sort(), within);
  });
}

interface WantedCell {
  readonly cell: number;
  /** Ranks within the cell. */
  readonly ranks: readonly number[];
}

function wantedCells(ranks: readonly number[], sizes: Uint32Array): readonly WantedCell[] {
  const wanted: { cell: number; ranks: number[] }[] = [];
  let cell = 0;
  let before = 0;
  for (const rank of ranks) {
    while (rank >= before + (sizes[cell] as number)) {
      before += sizes[cell] as number;
      cell += 1;
    }
    const last = wanted.at(-1);
    if (last?.cell === cell) last.ranks.push(rank - before);
    else wanted.push({ cell, ranks: [rank - before] });
  }
  return wanted;
}

function fromSorted(ascending: Float64Array, ranks: readonly number[]): number[] {
  return ranks.map((rank) => ascending[rank] as number);
}
