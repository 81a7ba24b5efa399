import type { Clock } from "@scouter/contracts";
import type { CommitRequest, CommitResult } from "./commit/commit-request.ts";
import type { ObjectStore } from "./object-store/object-store.ts";
import type { StructType } from "./schema/schema.ts";
import type { Snapshot } from "./snapshot/snapshot.ts";

export interface DeltaTableOptions {
  readonly store: ObjectStore;
  /** The table's folder as a key prefix without a slash at the end, such as `trace_spans`; "" is the store's root. */
  readonly path: string;
  readonly clock: Clock;
  /** Uniform in [0, 1): jitters the pauses between attempts. */
  readonly random: () => number;
  /** A fresh UUID at every call. */
  readonly newId: () => string;
  /** Written to the history; default `scouter-delta`. */
  readonly engineInfo?: string;
  /** Attempts of one commit against other writers or failing calls; default 50. */
  readonly maxAttempts?: number;
}

export interface TableDefinition {
  readonly schema: StructType;
  /** Default: none. */
  readonly partitionColumns?: readonly string[];
  /** Table properties such as `delta.deletedFileRetentionDuration`. */
  readonly configuration?: Readonly<Record<string, string>>;
  readonly name?: string;
  readonly description?: string;
}

/** One Delta table as this process sees it: a published snapshot, refreshed and committed to one call at a time. */
export class DeltaTable {
  /** Rejects with `DELTA_TABLE_NOT_FOUND` when the log has no commit. */
  static async open(_options: DeltaTableOptions): Promise<DeltaTable> {
    throw new Error("not written yet");
  }

  /** Rejects with `DELTA_TABLE_EXISTS` when there is a table already. */
  static async create(
    _options: DeltaTableOptions,
    _definition: TableDefinition,
  ): Promise<DeltaTable> {
    throw new Error("not written yet");
  }

  /** Opens the table, or creates it; of several racing creators one wins and all open its table. */
  static async openOrCreate(
    _options: DeltaTableOptions,
    _definition: TableDefinition,
  ): Promise<DeltaTable> {
    throw new Error("not written yet");
  }

  /** The newest snapshot this process knows, without any I/O. */
  get snapshot(): Snapshot {
    throw new Error("not written yet");
  }

  /** Reads what other processes committed since; cheap when there is nothing. */
  async refresh(): Promise<Snapshot> {
    throw new Error("not written yet");
  }

  /** Resolves when the commit is durable and `snapshot` holds it. */
  async commit(_request: CommitRequest): Promise<CommitResult> {
    throw new Error("not written yet");
  }
}
