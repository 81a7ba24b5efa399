import type { ArchivedValues } from "./observation-archive.ts";

/**
 * Ended evaluation records with their results: a Delta table of its own in the lake, one row a record, filled in parts of
 * days.
 *
 * Contract: that of `ObservationArchive`, with parts in place of days. A write also removes what stands under later parts of
 * its day: attempts that were cut short. Whether a part counts is for the database to say: readers name those they want.
 */
export interface EvaluationArchive {
  /** Resolves with the number of rows that were written. Nothing is stored when reading the rows rejects. */
  write(
    part: ArchivedEvaluationPart & { readonly epoch: number },
    rows: AsyncIterable<{ readonly text: string }>,
  ): Promise<number>;
  /** Epoch of the newest write; 0 before the first. */
  epoch(): Promise<number>;
  /** Values of tasks that were not skipped, by task and bucket of the result's time, in this order. */
  taskChart(query: EvaluationChartQuery): Promise<readonly ArchivedValues[]>;
  /** Pass rates of workflows that counted a task, as one series `workflow`. */
  workflowChart(query: EvaluationChartQuery): Promise<readonly ArchivedValues[]>;
  /** Sums by number of the bucket, ascending. */
  counts(query: EvaluationCountsQuery): Promise<readonly ArchivedCounts[]>;
  /** Sums by profile, for those of these that have any. */
  profileCounts(query: ProfileCountsQuery): Promise<readonly ArchivedProfileCounts[]>;
  taskTallies(query: EvaluationPeriodQuery): Promise<readonly ArchivedTally[]>;
  /** Of workflows that counted a task: their pass rates, and their tasks, added up. */
  passRates(query: EvaluationPeriodQuery): Promise<ArchivedPassRates>;
  /** What judges used, by task and model. */
  judgeCosts(query: EvaluationPeriodQuery): Promise<readonly ArchivedJudgeCosts[]>;
  /** As that of `ObservationArchive`, over all parts of a day: readers must know of all of them by then. */
  merge(parts: readonly ArchivedEvaluationPart[], epoch: number): Promise<boolean>;
  expire(beforeDay: string, epoch: number): Promise<number>;
  vacuum(): Promise<void>;
  close(): Promise<void>;
}

export interface ArchivedEvaluationPart {
  /** Of the records' end, such as `2026-11-30`. */
  readonly day: string;
  readonly part: number;
}

/** beginMs <= time < endMs. */
interface RangeQuery {
  readonly parts: readonly ArchivedEvaluationPart[];
  readonly beginMs: number;
  readonly endMs: number;
}

/** Of the time of the result, cut into buckets at `originMs` plus whole multiples of `widthMs`. */
export interface EvaluationChartQuery extends RangeQuery {
  readonly profileUid: string;
  readonly widthMs: number;
  readonly originMs: number;
}

/** Of the time at which results were stored. */
export interface EvaluationPeriodQuery extends RangeQuery {
  readonly profileUid: string;
}

export interface ProfileCountsQuery extends RangeQuery {
  readonly profileUids: readonly string[];
}

export interface EvaluationCountsQuery extends RangeQuery {
  readonly of: { readonly profileUid: string } | { readonly spaces: "all" | readonly string[] };
  /** The range is cut into this many stretches of equal length. */
  readonly buckets: number;
  /** Of this task alone, gates too; of all tasks but gates when absent. */
  readonly task?: string | undefined;
}

export interface ArchivedPassRates {
  readonly sum: number;
  readonly count: number;
  readonly passedTasks: number;
  readonly totalTasks: number;
}

export interface ArchivedTaskCounts {
  readonly passed: number;
  readonly failed: number;
  readonly errored: number;
  readonly skipped: number;
}

export interface ArchivedCounts {
  readonly bucket: number;
  readonly records: number;
  readonly tasks: ArchivedTaskCounts;
}

export interface ArchivedProfileCounts {
  readonly profileUid: string;
  readonly records: number;
  readonly tasks: ArchivedTaskCounts;
}

/** By task, and what it was skipped for; null of the runs that were not skipped. */
export interface ArchivedTally {
  readonly taskId: string;
  readonly skippedBy: string | null;
  readonly counts: ArchivedTaskCounts;
}

export interface ArchivedJudgeCosts {
  readonly taskId: string;
  readonly provider: string;
  readonly model: string;
  readonly judged: number;
  readonly skipped: number;
  readonly calls: number;
  readonly cachedCalls: number;
  readonly savedCalls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Null when no call has a known price. */
  readonly costUsd: number | null;
  readonly unpricedCalls: number;
}
