/**
 * What models were observed to do: values of control charts, counts per bin, values of metrics; and the results of
 * agents' evaluations, as windows and charts see them.
 *
 * Contract (suite: `@scouter/testkit` `repositoriesContract`):
 * - `store` is one transaction: all of the batch, but for what it refuses, or nothing. It knows no repeats: who may send
 *   twice stores through `MessageRepository`.
 * - `received_at` is the database's clock at the insert. A row is readable at most `VISIBLE_WITHIN_MS` later, or never:
 *   a window that ended longer ago than that does not change any more.
 * - Windows are half-open: startMs < received_at <= endMs, so windows that tile time share no row.
 * - An unknown uid has no rows; it is no error.
 */
export interface ObservationRepository {
  /** One outcome per observation, in order. */
  store(batch: readonly Observation[]): Promise<readonly ObservationOutcome[]>;

  /** Values by feature, in the order of their `created_at`. */
  spcValues(uid: string, window: TimeWindow): Promise<ReadonlyMap<string, readonly number[]>>;
  /** The last `count` values of each feature that were received up to `atMs`, in the same order. */
  lastSpcValues(
    uid: string,
    atMs: number,
    count: number,
  ): Promise<ReadonlyMap<string, readonly number[]>>;
  /** Sum of the counts by feature and bin id. */
  psiBinCounts(
    uid: string,
    window: TimeWindow,
  ): Promise<ReadonlyMap<string, ReadonlyMap<number, number>>>;
  /** The same of many windows at once, in order: one statement, whatever their number. */
  psiBinCountsOf(
    windows: readonly ProfileWindow[],
  ): Promise<readonly ReadonlyMap<string, ReadonlyMap<number, number>>[]>;
  /** By metric. */
  customTallies(uid: string, window: TimeWindow): Promise<ReadonlyMap<string, ValueTally>>;
  /** Of the evaluations whose results were stored in the window. */
  agentTallies(uid: string, window: TimeWindow): Promise<AgentTallies>;
  /** Rows of any kind in the window, results of evaluations among them: shows whether one came late. */
  rowCount(uid: string, window: TimeWindow): Promise<number>;

  /** Charts over `created_at`; buckets in ascending order, those without rows left out. */
  spcChart(uid: string, range: ChartRange): Promise<readonly ChartPoint[]>;
  psiChart(uid: string, range: ChartRange): Promise<readonly BinPoint[]>;
  customChart(uid: string, range: ChartRange): Promise<readonly ChartPoint[]>;
  /** One series per task. */
  agentTaskChart(uid: string, range: ChartRange): Promise<readonly ChartPoint[]>;
  /** The pass rates, as the one series `workflow`. */
  agentWorkflowChart(uid: string, range: ChartRange): Promise<readonly ChartPoint[]>;
}

/** A row is readable this long after its `received_at`, or never; half of what windows wait after their end. */
export const VISIBLE_WITHIN_MS = 5_000;

/** `series`: a feature's or metric's name. Times are RFC 3339. */
export type Observation =
  | ObservationOf<"Spc", { readonly value: number }>
  | ObservationOf<"Psi", { readonly binId: number; readonly binCount: number }>
  | ObservationOf<"Custom", { readonly value: number }>;

type ObservationOf<Kind extends string, Values> = {
  readonly kind: Kind;
  /** The profile's; any letter case. */
  readonly profileUid: string;
  readonly series: string;
  /** The sender's clock. */
  readonly createdAt: string;
} & Values;

/** `other-kind`: the profile is of another drift type. `unknown-series`: it has no such feature or metric. */
export type ObservationOutcome = "stored" | "unknown-profile" | "other-kind" | "unknown-series";

/** startMs < t <= endMs, in milliseconds since the Unix epoch. */
export interface TimeWindow {
  readonly startMs: number;
  readonly endMs: number;
}

export interface ProfileWindow extends TimeWindow {
  readonly uid: string;
}

export interface ValueTally {
  /** Not finite when a value, or what they add up to, is at the end of a double's range. */
  readonly sum: number;
  readonly count: number;
}

export interface AgentTallies {
  /** Over the workflows' pass rates, 0..1 each. */
  readonly passRates: ValueTally;
  /** Over the workflows' tasks: gates and skipped tasks do not count. */
  readonly tasks: PassTally;
  /** By task id, skipped runs left out; gates are listed here. */
  readonly byTask: ReadonlyMap<string, PassTally>;
}

export interface PassTally {
  readonly passed: number;
  readonly total: number;
}

/** beginMs <= created_at < endMs. */
export interface ChartRange {
  readonly beginMs: number;
  readonly endMs: number;
  /** At most this many buckets, from 1. */
  readonly maxPoints: number;
}

/** How a range is cut: buckets begin at `originMs` plus whole multiples of `widthMs`. Both are whole milliseconds. */
export interface ChartGrid {
  readonly widthMs: number;
  readonly originMs: number;
}

/**
 * Buckets of one width that begin at whole multiples of it since 1970, so that they stay where they are while the range
 * moves on. Such a grid may cut the range once more than its width says: the width leaves room for that. A single bucket
 * begins with the range.
 */
export function chartGrid({ beginMs, endMs, maxPoints }: ChartRange): ChartGrid {
  const spanMs = endMs - beginMs;
  if (maxPoints === 1) return { widthMs: spanMs, originMs: beginMs };
  return { widthMs: Math.ceil(spanMs / (maxPoints - 1)), originMs: 0 };
}

/** What a chart shows at most: PostgreSQL refuses the whole statement when the squares of finite values pass a double's range. */
export const MOST_CHARTED = 1e150;

/** Values of one series in one bucket. */
export interface ChartPoint {
  readonly series: string;
  /** Begin of the bucket, RFC 3339. */
  readonly bucket: string;
  /** Values in the bucket, from 1. */
  readonly count: number;
  readonly average: number;
  /** Sample standard deviation; 0 with fewer than 2 values. */
  readonly deviation: number;
}

/** Counts of one bin of one feature in one bucket. */
export interface BinPoint {
  readonly series: string;
  readonly bucket: string;
  readonly binId: number;
  readonly count: number;
}
