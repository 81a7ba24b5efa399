import { checkArgument, errors } from "../errors.ts";
import { collapsed, mergedRuns, type WeightedRun } from "./sorted-runs.ts";

/** What a sketch consists of: plain values, which may travel between threads and processes. */
export interface QuantileSketchState {
  readonly runSize: number;
  readonly count: number;
  readonly smallest: number;
  readonly largest: number;
  /** Values that fill no run yet, in the order in which they came. */
  readonly loose: Float64Array;
  /** By level; a run of level h stands for 2^h values each. */
  readonly runs: readonly (Float64Array | null)[];
  /** Collapses so far by level: every other one keeps the other half. */
  readonly collapses: readonly number[];
}

export const DEFAULT_RUN_SIZE = 8192;

/**
 * Ranks and quantiles of more values than fit in memory, after Manku, Rajagopalan and Lindsay (1998): values fill sorted
 * runs of one size; two runs of a level become one of the next by merging them and keeping every second value, the
 * first and the second half in turn. Up to `runSize` values nothing is lost. Sketches merge, in any order and grouping.
 *
 * Memory: `runSize` numbers of 8 bytes for each doubling of the count beyond `runSize`. `rankError` is the proved bound,
 * at most log2(n / runSize) / (2 runSize) of the count; with 8192, 100 million values stay within 0.09 %. What is seen is a
 * small part of that.
 */
export class QuantileSketch {
  readonly #runSize: number;
  #count = 0;
  #smallest = Infinity;
  #largest = -Infinity;
  #loose: Float64Array;
  #looseCount = 0;
  #runs: (Float64Array | undefined)[] = [];
  #collapses: number[] = [];

  /** @param runSize values per run, 2 or more */
  constructor(runSize: number = DEFAULT_RUN_SIZE) {
    checkArgument(Number.isInteger(runSize) && runSize >= 2, "runSize", runSize, "an integer >= 2");
    this.#runSize = runSize;
    this.#loose = new Float64Array(Math.min(runSize, 64));
  }

  get count(): number {
    return this.#count;
  }
  /** Infinity without values. */
  get smallest(): number {
    return this.#smallest;
  }
  /** -Infinity without values. */
  get largest(): number {
    return this.#largest;
  }

  /** Takes in the finite values; the others are left out. */
  add(values: ArrayLike<number>): void {
    for (let i = 0; i < values.length; i += 1) {
      const value = values[i] as number;
      if (value - value !== 0) continue;
      this.#count += 1;
      if (value < this.#smallest) this.#smallest = value;
      if (value > this.#largest) this.#largest = value;
      if (this.#looseCount === this.#loose.length) this.#grow();
      this.#loose[this.#looseCount] = value;
      this.#looseCount += 1;
      if (this.#looseCount === this.#runSize) this.#closeRun();
    }
  }

  /** Takes in what another sketch of the same run size has seen; the other is not changed. */
  merge(other: QuantileSketch): void {
    const { runSize, loose, runs, count, smallest, largest } = other.state();
    checkArgument(
      runSize === this.#runSize,
      "runSize of the other sketch",
      runSize,
      String(this.#runSize),
    );
    const before = this.#count;
    this.add(loose);
    for (const [level, run] of runs.entries()) if (run !== null) this.#push(run, level);
    // Errors made already are the sum of both sketches' collapses.
    for (const [level, collapses] of other.#collapses.entries()) {
      this.#collapses[level] = (this.#collapses[level] ?? 0) + collapses;
    }
    this.#count = before + count;
    this.#smallest = Math.min(this.#smallest, smallest);
    this.#largest = Math.max(this.#largest, largest);
  }

  /** By how many ranks a value found may be off, at most; 0 while nothing was collapsed. */
  get rankError(): number {
    return this.#collapses.reduce(
      (sum, collapses, level) => sum + (collapses ?? 0) * 2 ** level,
      0,
    );
  }

  /**
   * Values near zero-based, ascending ranks: each is one of those seen, and its own rank differs by `rankError` at most.
   * The first and last rank are exact.
   */
  atRanks(ranks: readonly number[]): readonly number[] {
    if (this.#count === 0) throw errors.STATS_NO_VALUES({ what: "a rank", need: 1, got: 0 });
    const { values, weights } = this.#ascending();
    let index = 0;
    let upTo = weights[0] as number;
    return ranks.map((rank) => {
      const holds = rank >= 0 && rank < this.#count;
      checkArgument(holds, "rank", rank, `0 to ${this.#count - 1}`);
      if (rank === 0) return this.#smallest;
      if (rank === this.#count - 1) return this.#largest;
      while (upTo <= rank && index < values.length - 1) {
        index += 1;
        upTo += weights[index] as number;
      }
      return values[index] as number;
    });
  }

  /** About how many of the values are below each bound, or equal to it too; `bounds` ascend. Off by `rankError` at most. */
  countsBelow(bounds: readonly number[], inclusive: boolean): readonly number[] {
    const { values, weights } = this.#ascending();
    let [index, below] = [0, 0];
    return bounds.map((bound) => {
      if (bound < this.#smallest || (bound === this.#smallest && !inclusive)) return 0;
      if (bound > this.#largest || (bound === this.#largest && inclusive)) return this.#count;
      while (index < values.length) {
        const value = values[index] as number;
        if (value > bound || (value === bound && !inclusive)) break;
        below += weights[index] as number;
        index += 1;
      }
      return below;
    });
  }

  state(): QuantileSketchState {
    return {
      runSize: this.#runSize,
      count: this.#count,
      smallest: this.#smallest,
      largest: this.#largest,
      loose: this.#loose.slice(0, this.#looseCount),
      runs: Array.from(this.#runs, (run) => run ?? null),
      collapses: Array.from(this.#collapses, (collapses) => collapses ?? 0),
    };
  }

  static from(state: QuantileSketchState): QuantileSketch {
    const sketch = new QuantileSketch(state.runSize);
    sketch.add(state.loose);
    sketch.#runs = state.runs.map((run) => run ?? undefined);
    sketch.#collapses = [...state.collapses];
    sketch.#count = state.count;
    sketch.#smallest = state.smallest;
    sketch.#largest = state.largest;
    return sketch;
  }

  /** Short columns, and columns that share memory with many others, do not pay for a whole run. */
  #grow(): void {
    const larger = new Float64Array(Math.min(this.#runSize, this.#loose.length * 4));
    larger.set(this.#loose);
    this.#loose = larger;
  }

  #closeRun(): void {
    this.#looseCount = 0;
    this.#push(this.#loose.slice().sort(), 0);
  }

  #push(run: Float64Array, level: number): void {
    let carried = run;
    for (let at = level; ; at += 1) {
      const waiting = this.#runs[at];
      if (waiting === undefined) {
        this.#runs[at] = carried;
        return;
      }
      this.#runs[at] = undefined;
      const collapses = this.#collapses[at] ?? 0;
      this.#collapses[at] = collapses + 1;
      carried = collapsed(waiting, carried, collapses % 2 === 0 ? 0 : 1);
    }
  }

  #ascending(): WeightedRun {
    const loose = this.#loose.slice(0, this.#looseCount).sort();
    let all: WeightedRun = { values: loose, weights: new Float64Array(loose.length).fill(1) };
    for (const [level, run] of this.#runs.entries()) {
      if (run === undefined) continue;
      const weights = new Float64Array(run.length).fill(2 ** level);
      all = mergedRuns(all, { values: run, weights });
    }
    return all;
  }
}
