import type {
  EvalRecordStatus,
  EvalTaskResult,
  EvaluationRecord,
  ExecutionPlanJson,
  Json,
  ProfileReference,
  RecordSource,
  TaskCounts,
  TaskOutcome,
} from "@scouter/contracts";
import type { BucketedPeriod, Period } from "../session/period.ts";
import type { SpaceScope } from "../session/space-scope.ts";

/**
 * What came of evaluations, for people to look at. Reads only; `EvalRecordRepository` is what workers and the wire use.
 *
 * Contract (suite: `@scouter/testkit` `repositoriesContract`):
 * - Periods are of the time at which results were stored (the database's clock), those of record lists of the record's
 *   `created_at` (the sender's).
 * - Cursors are opaque, and a list does not show anything twice when rows come in between.
 * - An unknown uid has nothing; it is no error.
 */
export interface EvaluationRepository {
  /** Agent profiles, newest first. */
  profiles(request: EvaluationProfilesRequest): Promise<EvaluationProfileList>;
  /** Buckets with results, ascending; the others are left out. */
  counts(request: EvaluationCountsRequest): Promise<readonly EvaluationCounts[]>;
  /**
   * Newest first. With filters at most `MOST_RECORDS_SCANNED` are looked at: a page may hold fewer than `limit`, none
   * even, and still have a next one.
   */
  records(request: RecordListRequest): Promise<RecordList>;
  /** Newest first: a record's uid is unique within its profile only. */
  details(recordUid: string, profileUid?: string): Promise<readonly RecordDetails[]>;
  /** Ordered by task id and by what it was skipped for. */
  taskTallies(request: { readonly profileUid: string } & Period): Promise<TaskTallies>;
  /** Results of tasks, newest first by the time they were stored. */
  results(request: ResultListRequest): Promise<ResultList>;
  /** What judges used, by task and model, ordered by both. */
  judgeCosts(request: { readonly profileUid: string } & Period): Promise<readonly JudgeCosts[]>;
}

export const MOST_RECORDS_SCANNED = 20_000;

export interface EvaluationProfilesRequest extends Period {
  readonly spaces: SpaceScope;
  /** 1..1000. */
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface EvaluationProfileRow extends ProfileReference {
  readonly active: boolean;
  readonly createdAt: string;
  readonly records: number;
  readonly tasks: TaskCounts;
  readonly lastRecordAt: string | null;
}

export interface EvaluationProfileList {
  readonly items: readonly EvaluationProfileRow[];
  readonly nextCursor: string | null;
}

export interface EvaluationCountsRequest extends BucketedPeriod {
  readonly profileUid: string;
  /** Of this task alone, which may be a gate; of all tasks but gates when absent. */
  readonly task?: string | undefined;
}

export interface EvaluationCounts {
  readonly bucket: number;
  /** Records evaluated; with `task` those whose results have it. */
  readonly records: number;
  readonly tasks: TaskCounts;
}

export interface RecordListRequest extends Period {
  readonly profileUid: string;
  /** 1..1000. */
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly status?: EvalRecordStatus | undefined;
  /**
   * Of the task, when one is given. Of the record otherwise: `passed` when all its counted tasks passed, `failed` when
   * some failed, `errored` when some erred, `skipped` when some were skipped.
   */
  readonly outcome?: TaskOutcome | undefined;
  readonly task?: string | undefined;
}

/** Filters that are absent let everything through. */
export interface ResultListRequest extends Period {
  readonly spaces: SpaceScope;
  readonly profileUid?: string | undefined;
  /** The profile's. */
  readonly name?: string | undefined;
  readonly version?: string | undefined;
  readonly task?: string | undefined;
  readonly outcome?: TaskOutcome | undefined;
  readonly traceId?: string | undefined;
  /** 1..1000. */
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface ResultList {
  readonly items: readonly ListedResult[];
  readonly nextCursor: string | null;
}

export interface ListedResult {
  readonly evaluatedAt: string;
  readonly profile: ProfileReference;
  readonly recordUid: string;
  readonly recordId: string;
  readonly traceId: string | null;
  /** 0 at first; one more each time the record was evaluated again. */
  readonly revision: number;
  readonly taskId: string;
  readonly taskType: string;
  readonly outcome: TaskOutcome;
  readonly condition: boolean;
  readonly skippedBy: string | null;
  readonly errorCode: string | null;
  readonly operator: string;
  readonly expected: Json;
  readonly actual: Json;
  readonly message: string;
  readonly judge: EvalTaskResult["judge"] | null;
}

export interface JudgeCosts {
  readonly taskId: string;
  readonly provider: string;
  readonly model: string;
  /** Results with an answer or an error. */
  readonly judged: number;
  /** Results that a gate kept from running. */
  readonly skipped: number;
  readonly calls: number;
  readonly cachedCalls: number;
  /** Calls that gates saved. */
  readonly savedCalls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Of the calls with a known price; null when none has one. */
  readonly costUsd: number | null;
  readonly unpricedCalls: number;
  /** What the saved calls would have cost at the mean of those that were made; null when none was made at a price. */
  readonly savedUsd: number | null;
}

export interface RecordList {
  readonly items: readonly EvaluationRecord[];
  readonly nextCursor: string | null;
}

export interface RecordDetails {
  readonly record: Omit<EvaluationRecord, "tasks">;
  readonly profile: ProfileReference;
  readonly context: Json;
  readonly tags: readonly string[];
  readonly recordSource: RecordSource;
  readonly processingStartedAt: string | null;
  readonly processingEndedAt: string | null;
  /** Null until it is evaluated. */
  readonly durationMs: number | null;
  readonly plan: ExecutionPlanJson | null;
  /** In plan order. */
  readonly tasks: readonly RecordTask[];
}

export type RecordTask = Pick<
  EvalTaskResult,
  | "task_id"
  | "task_type"
  | "condition"
  | "stage"
  | "outcome"
  | "skipped_by"
  | "error_code"
  | "message"
  | "operator"
  | "expected"
  | "actual"
  | "assertion"
  | "start_time"
  | "end_time"
>;

export interface TaskTallies {
  readonly records: number;
  readonly tasks: readonly TaskTally[];
}

export interface TaskTally {
  readonly taskId: string;
  /** What it was skipped for; null of the runs that were not skipped. */
  readonly skippedBy: string | null;
  readonly counts: TaskCounts;
}
