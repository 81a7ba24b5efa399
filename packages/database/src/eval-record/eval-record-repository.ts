import type {
  AgentEvalWorkflowResult,
  EvalRecord,
  EvalRecordPaginationRequest,
  EvalTaskResult,
  Page,
  RecordSource,
} from "@scouter/contracts";

/** NOTIFY channel: sent once per transaction that made records claimable. The payload is empty. */
export const EVAL_RECORDS_CHANNEL = "eval_records";

/**
 * Agent records, the leases of those who evaluate them, and their results.
 *
 * Words: a record is *due* when it may be claimed: it is pending and its time has come, or its lease ran out. A
 * *claim* is a lease with a fencing number that grows with every claim of the record; all times are the database's.
 *
 * Contract (suite: `@scouter/testkit` `repositoriesContract`):
 * - `store` is one transaction: when it resolves, every record with outcome `stored` is durable (as far as the
 *   database's capabilities say), when it rejects, none is. A record is identified by (profile uid, record uid); a
 *   repeat, inside the batch or of an earlier one, is `duplicate` and changes nothing. Values that the database cannot
 *   hold reject with kind `invalid`; the caller halves the batch to find the guilty one.
 * - Evaluation is at least once: a claim whose lease ran out goes to another worker. Results are stored once: those of
 *   a stale claim are refused, and completing twice with the same claim stores once.
 * - `complete` and `fail` decide each item alone inside one transaction.
 */
export interface EvalRecordRepository {
  /** Outcomes in the order of the batch. An empty batch does nothing. */
  store(batch: readonly EvalRecordToStore[]): Promise<readonly StoreOutcome[]>;

  /**
   * Due records, longest due first; never one that another live claim holds. Empty when none is due. Spaces with due
   * records share the limit, and in a space its profiles: a backlog delays its own profile, not the others.
   */
  claim(request: ClaimRequest): Promise<readonly ClaimedEvalRecord[]>;
  /** Extends the leases to now + `leaseMs`. Resolves with the claims that are lost: stop working on these. */
  heartbeat(claims: readonly EvalClaim[], leaseMs: number): Promise<readonly EvalClaim[]>;
  /** Stores results and status together; outcomes in the order given. Also idempotent after a lost reply. */
  complete(completions: readonly EvalCompletion[]): Promise<readonly ClaimOutcome[]>;
  /** The same for one record whose results were made ready elsewhere. */
  completePrepared(completion: PreparedCompletion): Promise<ClaimOutcome>;
  /** Ends an attempt. With `retryInMs` the record is due again after that time, else it is `Failed` for good. */
  fail(claim: EvalClaim, failure: EvalFailure): Promise<ClaimOutcome>;
  /**
   * Makes ended records due again, as a new revision: a named one, or all of the profile that were given up. Results of an
   * earlier revision stay until `complete` replaces them. Resolves with their number; pending records are left alone.
   */
  again(request: EvaluateAgainRequest): Promise<number>;
  /** The same for processed records of this trace that were evaluated on fewer spans than it has now. */
  againOfTrace(traceId: string, spanCount: number): Promise<number>;
  /**
   * Gives records up for good that were given up: they keep status and reason, but no alert counts them. `again` takes that
   * back. Resolves with their number.
   */
  discard(request: DiscardRequest): Promise<number>;
  /** Gives back every claim of a worker at once, without counting an attempt. Resolves with their number. */
  releaseAll(workerId: string): Promise<number>;

  /** Newest first (wire cursor rules). Limit 50 unless given. An unknown profile is an empty page. */
  page(request: EvalRecordPaginationRequest): Promise<Page<StoredEvalRecord>>;
  /** As `page`, over workflow results; `status` is ignored. */
  workflowPage(request: EvalRecordPaginationRequest): Promise<Page<AgentEvalWorkflowResult>>;
  /** Task results of a record by stage, then start time, then task id; empty when unknown. */
  tasksOf(recordUid: string): Promise<readonly EvalTaskResult[]>;
  /** The records with this uid, oldest first: one per profile that it was sent to. */
  byUid(recordUid: string): Promise<readonly StoredEvalRecord[]>;
  /** Over all profiles, or one. */
  counts(profileUid?: string): Promise<EvalRecordCounts>;
  /** One row per profile that has workflow results, oldest profile first. */
  summary(profileUid?: string): Promise<readonly ProfileEvalSummary[]>;
}

export interface EvalRecordToStore {
  /** `entity_uid` names the profile. `id`, `entity_id`, `status`, `retry_count` and `record_source` are ignored. */
  readonly record: EvalRecord;
  readonly source: RecordSource;
}

export type StoreOutcome = "stored" | "duplicate" | "unknown-profile";

/** The wire's shape, with the database's own facts. `entity_uid` is the profile's uid; nothing is masked. */
export interface StoredEvalRecord extends EvalRecord {
  /** RFC 3339, UTC, microseconds, database clock. */
  readonly received_at: string;
  /** Why the last attempt failed; null when none did. */
  readonly last_error: string | null;
}

export interface ClaimRequest {
  /** Names the claimer, unique over processes; `releaseAll` uses it. */
  readonly workerId: string;
  /** 1..1000. */
  readonly limit: number;
  readonly leaseMs: number;
  /** Uids of profiles whose records are left where they are. */
  readonly except?: readonly string[] | undefined;
  /** Contexts that take more bytes than this in the database come as text: reading them may be somebody else's work. */
  readonly contextTextAbove?: number | undefined;
}

export interface EvalClaim {
  /** The record's database id. */
  readonly recordId: number;
  readonly fencing: number;
}

export interface ClaimedEvalRecord {
  readonly claim: EvalClaim;
  readonly record: StoredEvalRecord;
  /** JSON text of the context; `record.context` is null then. Only when it was asked for. */
  readonly contextText?: string | undefined;
  readonly profile: {
    readonly uid: string;
    readonly space: string;
    readonly name: string;
    readonly version: string;
  };
  /** From 1. Counts attempts that failed or whose lease ran out before this one. */
  readonly attempt: number;
}

export interface EvalCompletion {
  readonly claim: EvalClaim;
  /** `id`, `entity_id`, `entity_uid` and `record_uid` are set by the database from the claim. */
  readonly workflow: AgentEvalWorkflowResult;
  readonly tasks: readonly EvalTaskResult[];
  /** How many spans of the record's trace were looked at; absent when none were asked for. */
  readonly spansSeen?: number | undefined;
}

/** Results that `resultTexts` made ready to be stored, on whatever thread: nothing of them is looked at again. */
export interface PreparedCompletion {
  readonly claim: EvalClaim;
  readonly prepared: ResultTexts;
  readonly spansSeen?: number | undefined;
}

export interface ResultTexts {
  readonly workflow: string;
  readonly tasks: string;
  readonly taskRows: number;
}

/** `stale`: the record went to another claim (or was released) meanwhile; nothing was changed. */
export type ClaimOutcome = "done" | "stale";

export interface EvalFailure {
  /** What happened, for people. */
  readonly error: string;
  /** Absent: no further attempt. */
  readonly retryInMs?: number | undefined;
}

export interface EvaluateAgainRequest {
  readonly profileUid: string;
  /** Absent: every record of the profile that was given up. */
  readonly recordUid?: string | undefined;
}

export interface DiscardRequest {
  readonly profileUid: string;
  /** Absent: every record of the profile that was given up. */
  readonly recordUid?: string | undefined;
}

export interface EvalRecordCounts {
  /** Waiting, among them `retrying`. */
  readonly pending: number;
  /** Waiting after at least one failed attempt. */
  readonly retrying: number;
  readonly processing: number;
  readonly processed: number;
  /** Given up: the dead letters. */
  readonly failed: number;
}

export interface ProfileEvalSummary {
  readonly profileUid: string;
  readonly space: string;
  readonly name: string;
  readonly version: string;
  readonly recordsEvaluated: number;
  readonly tasksPassed: number;
  /** Without the errored ones. */
  readonly tasksFailed: number;
  readonly tasksErrored: number;
  readonly tasksSkipped: number;
  /** passed / (passed + failed + errored), 0..1; null when no task counted. Gates and skipped tasks do not count. */
  readonly passRate: number | null;
}
