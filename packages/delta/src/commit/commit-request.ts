import type { Action } from "../action/action.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";

/** The actions a caller may commit; `txn` and `commitInfo` are made by the table. */
export type DataAction = Exclude<Action, { txn: unknown } | { commitInfo: unknown }>;

export interface CommitRequest {
  readonly actions: readonly DataAction[];
  /** Name for the table's history, such as `WRITE` or `OPTIMIZE`. */
  readonly operation: string;
  readonly operationParameters?: Readonly<Record<string, unknown>>;
  /**
   * Marks everything of `appId` up to `version` as done, in the same commit. Refused with
   * `DELTA_CONFLICT_TRANSACTION` when the table holds this version or a later one, or when another commit of the
   * same application came in meanwhile.
   */
  readonly txn?: { readonly appId: string; readonly version: number };
  /**
   * The version the actions were planned on; every commit after it is checked for conflicts. Default: the table's
   * current snapshot.
   */
  readonly readVersion?: number;
  /**
   * When the plan was made (milliseconds since the epoch), for work that reads files of an old snapshot before it
   * commits; refused with `DELTA_COMMIT_TOO_OLD` past the table's limit, as added files are by their own time.
   */
  readonly plannedAt?: number;
  /** Stops waiting between attempts; an attempt under way is finished first. */
  readonly signal?: AbortSignal;
}

export interface CommitResult {
  readonly version: number;
  /** The table right after this commit. */
  readonly snapshot: Snapshot;
  /** How often the commit file was tried, at least 1. */
  readonly attempts: number;
}
