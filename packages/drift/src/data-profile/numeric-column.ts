import type { NumericStats } from "@scouter/contracts";
import {
  DistinctNumbers,
  type DistinctNumbersState,
  mergeMoments,
  momentsOf,
  NO_MOMENTS,
  QuantileSketch,
  type QuantileSketchState,
  type RunningMoments,
} from "@scouter/stats";
import type { NumberBatch } from "../table/column-batch.ts";
import { countIntoBins, type Histogram, leftEdges, sketchedCounts } from "./histogram.ts";
import { numericStats } from "./numeric-stats.ts";

export interface NumericColumnState {
  readonly kind: "number";
  readonly rows: number;
  readonly missing: number;
  readonly moments: RunningMoments;
  readonly distinct: DistinctNumbersState;
  readonly sketch: QuantileSketchState;
}

/** What a column of numbers has shown so far, in bounded memory. */
export class NumericColumn {
  readonly kind = "number";
  #rows = 0;
  #missing = 0;
  #moments = NO_MOMENTS;
  #distinct = new DistinctNumbers();
  #sketch = new QuantileSketch();
  /** Counted in a second pass over the same rows. */
  #counted: { readonly bins: readonly number[]; readonly counts: Float64Array } | undefined;

  add({ values, missing }: NumberBatch): void {
    this.#rows += values.length;
    this.#missing += missing;
    this.#moments = mergeMoments(this.#moments, momentsOf(values));
    this.#distinct.add(values);
    this.#sketch.add(values);
  }

  merge(other: NumericColumn): void {
    this.#rows += other.#rows;
    this.#missing += other.#missing;
    this.#moments = mergeMoments(this.#moments, other.#moments);
    this.#distinct.merge(other.#distinct);
    this.#sketch.merge(other.#sketch);
    this.#counted = undefined;
  }

  /** Whether a histogram needs a second pass to be exact. */
  get isHistogramEstimated(): boolean {
    return this.#sketch.rankError > 0;
  }

  get isConstant(): boolean {
    return this.#sketch.smallest === this.#sketch.largest;
  }

  /** Second pass, over the rows that `add` got: exact counts of the histogram. */
  countHistogram(values: Float64Array, binSize: number): void {
    if (this.#sketch.count === 0) return;
    if (this.#counted === undefined) {
      const bins = leftEdges(this.#sketch.smallest, this.#sketch.largest, binSize);
      this.#counted = { bins, counts: new Float64Array(bins.length) };
    }
    countIntoBins(this.#counted.bins, values, this.#counted.counts);
  }

  stats(binSize: number): NumericStats {
    const { smallest, largest, rankError } = this.#sketch;
    return numericStats({
      rows: this.#rows,
      missing: this.#missing,
      moments: this.#moments,
      smallest,
      largest,
      distinct: this.#distinct,
      atRanks: (ranks) => this.#sketch.atRanks(ranks),
      histogram: this.#histogram(binSize),
      rankError,
    });
  }

  #histogram(binSize: number): Histogram {
    if (this.#counted !== undefined) {
      return { bins: this.#counted.bins, bin_counts: [...this.#counted.counts] };
    }
    if (this.#sketch.count === 0) return { bins: [], bin_counts: [] };
    const bins = leftEdges(this.#sketch.smallest, this.#sketch.largest, binSize);
    return { bins, bin_counts: sketchedCounts(this.#sketch, bins) };
  }

  state(): NumericColumnState {
    return {
      kind: "number",
      rows: this.#rows,
      missing: this.#missing,
      moments: this.#moments,
      distinct: this.#distinct.state(),
      sketch: this.#sketch.state(),
    };
  }

  static from(state: NumericColumnState): NumericColumn {
    const column = new NumericColumn();
    column.#rows = state.rows;
    column.#missing = state.missing;
    column.#moments = state.moments;
    column.#distinct = DistinctNumbers.from(state.distinct);
    column.#sketch = QuantileSketch.from(state.sketch);
    return column;
  }
}
