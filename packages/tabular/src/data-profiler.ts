import { type Clock, type DataProfile, systemClock } from "@scouter/contracts";
import type { TableInput } from "./source/open-table.ts";
import { type OnNote, runJob, type TableRunOptions } from "./table-runner.ts";

export interface DataProfilerOptions {
  /** Default: the system's. */
  readonly clock?: Pick<Clock, "now">;
  /** Called with every column that is not read. */
  readonly onNote?: OnNote;
}

export interface DataProfileOptions extends TableRunOptions {
  /** Bins of a histogram, 1 to 1000; default 20. */
  readonly binSize?: number;
  /** Pearson's correlation of every pair of columns; default: false. */
  readonly computeCorrelations?: boolean;
}

/** Describes what the columns of a table hold. */
export class DataProfiler {
  readonly #clock: Pick<Clock, "now">;
  readonly #onNote: OnNote;

  constructor({ clock = systemClock, onNote = () => undefined }: DataProfilerOptions = {}) {
    this.#clock = clock;
    this.#onNote = onNote;
  }

  /**
   * Counts, extremes, mean, deviation, quantiles, histogram and different values of number columns; lengths and frequent
   * values of text columns; correlations when asked for. Missing values, NaN and infinities are counted and left out of
   * the rest. Files are read in a thread, in bounded memory, whatever their size; large CSV columns have quantiles within
   * `rank_error` ranks.
   *
   * @throws what the table's kind of source does (TABULAR_...), DRIFT_TABLE_INVALID for a number of bins that cannot be
   */
  createDataProfile(table: TableInput, options: DataProfileOptions = {}): Promise<DataProfile> {
    const input = {
      timestamp: new Date(this.#clock.now()).toISOString(),
      binSize: options.binSize,
      correlations: options.computeCorrelations,
    };
    return runJob(table, "data-profile", { input, options, onNote: this.#onNote });
  }
}
