import type { BinTally, Tally, TaskRuns } from "@scouter/drift";

/** startMs < received <= endMs, in milliseconds since the Unix epoch of the database's clock. */
export interface TimeWindow {
  readonly startMs: number;
  readonly endMs: number;
}

type Values = ReadonlyMap<string, readonly number[]>;

/** What was observed of a profile, as its checks read it. An unknown uid has no data; that is no error. */
export interface WindowData {
  /** Values by feature, in the order of time. */
  spcValues(uid: string, window: TimeWindow): Promise<Values>;
  /** The last `count` values of each feature received up to `atMs`, in the order of time. */
  lastSpcValues(uid: string, atMs: number, count: number): Promise<Values>;
  /** Rows per bin id, per feature. */
  psiBinCounts(uid: string, window: TimeWindow): Promise<BinTally>;
  /** The same of many windows, in order. */
  psiBinCountsOf(
    windows: readonly (TimeWindow & { readonly uid: string })[],
  ): Promise<readonly BinTally[]>;
  customTallies(uid: string, window: TimeWindow): Promise<ReadonlyMap<string, Tally>>;
  /** Pass rates of workflows, and runs by task id, skipped ones left out. */
  agentTallies(
    uid: string,
    window: TimeWindow,
  ): Promise<{ readonly passRates: Tally; readonly byTask: ReadonlyMap<string, TaskRuns> }>;
}
