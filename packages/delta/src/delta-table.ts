import { type Clock, isScouterError } from "@scouter/contracts";
import type { Action, CommitInfo, TableMetadata } from "./action/action.ts";
import { writeCheckpoint } from "./checkpoint/write-checkpoint.ts";
import { checkRequest } from "./commit/check-request.ts";
import { checkAge } from "./commit/commit-age.ts";
import type { CommitRequest, CommitResult } from "./commit/commit-request.ts";
import { checkAgainstNewer, checkAgainstState } from "./commit/conflict.ts";
import {
  type CommitEnvironment,
  type PendingCommit,
  commitOptimistically,
} from "./commit/optimistic-commit.ts";
import {
  SUPPORTED_PROTOCOL,
  requireSupported,
  requireWritable,
} from "./commit/protocol-support.ts";
import { errors } from "./errors.ts";
import { type LogCleaning, cleanLog } from "./log/clean-log.ts";
import { loadState } from "./log/load-state.ts";
import { LogReader } from "./log/log-reader.ts";
import type { ObjectStore } from "./object-store/object-store.ts";
import { withColumns } from "./schema/schema-evolution.ts";
import { encodeSchema } from "./schema/schema-json.ts";
import type { StructField, StructType } from "./schema/schema.ts";
import { type TableState, emptyTableState, replay, snapshotOf } from "./snapshot/replay.ts";
import type { Snapshot } from "./snapshot/snapshot.ts";
import { type TableProperties, tableProperties } from "./table-property.ts";
import { type VacuumPlan, planVacuum, runVacuum } from "./vacuum/vacuum.ts";

const DEFAULT_MAX_COMMIT_AGE_MS = 600_000;
/** A process that stood still for longer than the log is kept finds no next version and must look at the whole log. */
const LISTING_INTERVAL_MS = 3_600_000;
/** Attempts of a change of the definition that meets other changes. */
const MAX_DEFINITION_ATTEMPTS = 10;

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
  /** Files and plans older than this are not committed, milliseconds; default 10 min. */
  readonly maxCommitAgeMs?: number;
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

/**
 * One Delta table as this process sees it. Commits of one instance run one after the other; `snapshot` is always a
 * whole version and never goes back.
 */
export class DeltaTable {
  readonly #options: DeltaTableOptions;
  readonly #environment: CommitEnvironment;
  #state: TableState = emptyTableState;
  #snapshot: Snapshot | undefined;
  /** When the whole log was last looked at, by the clock's monotonic time. */
  #listedAtMs = Number.NEGATIVE_INFINITY;
  /** When the snapshot was last found to be the newest. */
  #confirmedAt = { now: Number.NEGATIVE_INFINITY, monotonicMs: Number.NEGATIVE_INFINITY };
  /** Ends when the commit before the next one has ended, well or not. */
  #lastCommit: Promise<unknown> = Promise.resolve();

  private constructor(options: DeltaTableOptions) {
    this.#options = options;
    this.#environment = {
      store: options.store,
      log: new LogReader(options.store, options.path),
      table: options.path,
      clock: options.clock,
      random: options.random,
      maxAttempts: options.maxAttempts ?? 50,
      publish: (state) => this.#publish(state),
    };
  }

  /**
   * Reads the table's log. Rejects with `DELTA_TABLE_NOT_FOUND` when it has no commit, `DELTA_PROTOCOL_UNSUPPORTED`
   * when the table asks for more than we understand.
   */
  static async open(options: DeltaTableOptions): Promise<DeltaTable> {
    const table = new DeltaTable(options);
    await table.#advance();
    if (table.#state.version < 0) throw errors.DELTA_TABLE_NOT_FOUND({ table: options.path });
    return table;
  }

  /** Commits version 0. Rejects with `DELTA_TABLE_EXISTS` when there is one, also by a creator at the same time. */
  static async create(
    options: DeltaTableOptions,
    definition: TableDefinition,
  ): Promise<DeltaTable> {
    const table = new DeltaTable(options);
    await table.#create(definition);
    return table;
  }

  /** Opens the table, or creates it; of several racing creators one wins and all open its table. */
  static async openOrCreate(
    options: DeltaTableOptions,
    definition: TableDefinition,
  ): Promise<DeltaTable> {
    try {
      return await DeltaTable.open(options);
    } catch (error) {
      if (!hasCode(error, "DELTA_TABLE_NOT_FOUND")) throw error;
    }
    try {
      return await DeltaTable.create(options, definition);
    } catch (error) {
      if (!hasCode(error, "DELTA_TABLE_EXISTS")) throw error;
      return DeltaTable.open(options);
    }
  }

  /** The newest snapshot this process knows, without any I/O. */
  get snapshot(): Snapshot {
    if (this.#snapshot) return this.#snapshot;
    throw errors.DELTA_TABLE_NOT_FOUND({ table: this.#options.path });
  }

  /** Reads what other processes committed since: one request when there is nothing. */
  async refresh(): Promise<Snapshot> {
    await this.#advance();
    return this.snapshot;
  }

  /**
   * Resolves when the commit is durable and `snapshot` holds it. Rejects, with nothing stored, with
   * `DELTA_CONFLICT_TRANSACTION` (a `TransactionConflict` that carries the newest version), `DELTA_CONFLICT_METADATA`,
   * `DELTA_CONFLICT_REMOVED`, `DELTA_ACTION_INVALID`, `DELTA_PROTOCOL_UNSUPPORTED` or `DELTA_COMMIT_CONTENTION`;
   * with `DELTA_COMMIT_UNCERTAIN` when it may be stored or not: read the table again before trying again.
   */
  commit(request: CommitRequest): Promise<CommitResult> {
    const result = this.#lastCommit.then(() => this.#commit(request));
    this.#lastCommit = result.catch(() => undefined);
    return result;
  }

  async #commit(request: CommitRequest): Promise<CommitResult> {
    request.signal?.throwIfAborted();
    const readVersion = request.readVersion ?? this.#state.version;
    if (this.#isStale()) await this.#advance(true);
    if (readVersion > this.#state.version) await this.#advance();
    const start = this.#state;
    checkRequest(this.#options.path, request, this.snapshot.metadata);
    requireWritable(this.#options.path, this.snapshot.schema);
    await this.#checkSince(readVersion, request, start);
    const { state, attempts } = await commitOptimistically(
      this.#environment,
      start,
      this.#pendingOf(request),
    );
    this.#confirm();
    return { version: state.version, snapshot: this.#snapshotOf(state), attempts };
  }

  /**
   * The table at an older version, without a change to `snapshot`.
   *
   * @throws DELTA_VERSION_NOT_FOUND when it does not exist, or its log was cleaned up
   */
  async at(version: number): Promise<Snapshot> {
    if (!Number.isSafeInteger(version) || version < 0) {
      throw errors.DELTA_VERSION_NOT_FOUND({ table: this.#options.path, version });
    }
    return this.#snapshotOf(await loadState(this.#environment.log, this.#options.path, version));
  }

  get properties(): TableProperties {
    return tableProperties(this.snapshot.metadata);
  }

  /** Stores a checkpoint of the newest snapshot known here, from which others begin to read. */
  async checkpoint(): Promise<number> {
    const { properties } = this;
    const state = this.#state;
    await writeCheckpoint(this.#environment.log, state, properties, this.#options.clock.now());
    return state.version;
  }

  /** Deletes what of the log only serves versions older than `delta.logRetentionDuration`. */
  cleanLog(): Promise<LogCleaning> {
    const olderThan = this.#options.clock.now() - this.properties.logRetentionMs;
    return cleanLog(this.#environment.log, olderThan);
  }

  /**
   * Deletes the files that were removed from the table, or never committed, longer ago than
   * `delta.deletedFileRetentionDuration`; with `dryRun` it only tells which.
   *
   * @throws DELTA_RETENTION_TOO_SHORT when a file could go that a writer is about to commit
   */
  async vacuum(
    options: { readonly dryRun?: boolean; readonly signal?: AbortSignal } = {},
  ): Promise<VacuumPlan> {
    const { store, path, clock } = this.#options;
    const { dryRun = false, signal } = options;
    const snapshot = await this.refresh();
    const retentionMs = this.properties.deletedFileRetentionMs;
    // Twice the age at which commits are refused leaves room for clocks that differ.
    const leastMs = 2 * this.#maxCommitAgeMs;
    if (retentionMs < leastMs) throw errors.DELTA_RETENTION_TOO_SHORT({ retentionMs, leastMs });
    const olderThan = clock.now() - retentionMs;
    const plan = await planVacuum({ store, table: path, snapshot, olderThan, signal });
    if (!dryRun) await runVacuum(store, plan, signal);
    return plan;
  }

  /** Adds the nullable columns that the table lacks; several processes may do so at the same time. */
  addColumns(fields: readonly StructField[]): Promise<Snapshot> {
    return this.#redefine("ADD COLUMNS", ({ metadata, schema }) => {
      const evolved = withColumns(schema, fields);
      return evolved === schema ? metadata : { ...metadata, schemaString: encodeSchema(evolved) };
    });
  }

  /** Sets table properties; those that are not named stay. */
  setProperties(properties: Readonly<Record<string, string>>): Promise<Snapshot> {
    return this.#redefine("SET TBLPROPERTIES", ({ metadata }) => {
      const isSet = ([name, value]: [string, string]) => metadata.configuration[name] === value;
      if (Object.entries(properties).every(isSet)) return metadata;
      return { ...metadata, configuration: { ...metadata.configuration, ...properties } };
    });
  }

  /** Commits the definition that `change` makes of the present one, and again of a newer one that came between. */
  async #redefine(
    operation: string,
    change: (snapshot: Snapshot) => TableMetadata,
  ): Promise<Snapshot> {
    for (let attempts = 1; ; attempts++) {
      const { version, metadata } = this.snapshot;
      const metaData = change(this.snapshot);
      if (metaData === metadata) return this.snapshot;
      try {
        const request = { operation, actions: [{ metaData }], readVersion: version };
        return (await this.commit(request)).snapshot;
      } catch (error) {
        const isLost = hasCode(error, "DELTA_CONFLICT_METADATA");
        if (!isLost || attempts === MAX_DEFINITION_ATTEMPTS) throw error;
        await this.refresh();
      }
    }
  }

  get #maxCommitAgeMs(): number {
    return this.#options.maxCommitAgeMs ?? DEFAULT_MAX_COMMIT_AGE_MS;
  }

  #pendingOf(request: CommitRequest): PendingCommit {
    const txnId = this.#options.newId();
    return {
      txnId,
      actionsOn: (state) => {
        checkAgainstState(request, state);
        checkAge(request, state, this.#options.clock.now(), this.#maxCommitAgeMs);
        return this.#actionsOf(request, txnId, state.version);
      },
      checkNewer: (newer, state) => checkAgainstNewer(request, newer, state),
      signal: request.signal,
    };
  }

  #actionsOf(request: CommitRequest, txnId: string, readVersion: number): readonly Action[] {
    const now = this.#options.clock.now();
    const { txn } = request;
    const commitInfo = this.#commitInfo(request, txnId, {
      readVersion,
      isBlindAppend: request.actions.every((action) => "add" in action),
    });
    const mark = txn && { appId: txn.appId, version: txn.version, lastUpdated: now };
    return [{ commitInfo }, ...(mark ? [{ txn: mark }] : []), ...request.actions];
  }

  #commitInfo(
    request: Pick<CommitRequest, "operation" | "operationParameters">,
    txnId: string,
    fields: Pick<CommitInfo, "readVersion" | "isBlindAppend">,
  ): CommitInfo {
    return {
      timestamp: this.#options.clock.now(),
      operation: request.operation,
      operationParameters: request.operationParameters ?? {},
      ...fields,
      txnId,
      engineInfo: this.#options.engineInfo ?? "scouter-delta",
    };
  }

  /** Checks the commits between the caller's plan and the snapshot this commit starts from. */
  async #checkSince(version: number, request: CommitRequest, start: TableState): Promise<void> {
    const { log } = this.#environment;
    if (version > start.version || version < 0) {
      throw errors.DELTA_ACTION_INVALID({
        action: "commit",
        reason: `has readVersion ${version}: expected 0 to ${start.version}`,
      });
    }
    for await (const batch of log.between(version + 1, start.version)) {
      for (const newer of batch) checkAgainstNewer(request, newer, start);
    }
  }

  async #create(definition: TableDefinition): Promise<void> {
    const txnId = this.#options.newId();
    const actions = this.#creationActions(definition, txnId);
    const refuse = (): never => {
      throw errors.DELTA_TABLE_EXISTS({ table: this.#options.path });
    };
    // Version 0 may have been cleaned up long ago.
    if ((await this.#environment.log.listing()).newest >= 0) refuse();
    await commitOptimistically(this.#environment, emptyTableState, {
      txnId,
      actionsOn: () => actions,
      checkNewer: refuse,
    });
    this.#confirm();
  }

  #creationActions(definition: TableDefinition, txnId: string): readonly Action[] {
    const columns = new Set(definition.schema.fields.map((field) => field.name));
    const partitionColumns = definition.partitionColumns ?? [];
    const unknown = partitionColumns.find((column) => !columns.has(column));
    if (unknown !== undefined) {
      throw errors.DELTA_SCHEMA_INVALID({ where: unknown, reason: "is no column to partition by" });
    }
    const commitInfo = this.#commitInfo({ operation: "CREATE TABLE" }, txnId, {
      isBlindAppend: true,
    });
    const metaData = {
      id: this.#options.newId(),
      ...(definition.name !== undefined && { name: definition.name }),
      ...(definition.description !== undefined && { description: definition.description }),
      schemaString: encodeSchema(definition.schema),
      partitionColumns,
      configuration: definition.configuration ?? {},
      createdTime: this.#options.clock.now(),
    };
    return [{ commitInfo }, { protocol: SUPPORTED_PROTOCOL }, { metaData }];
  }

  /** `list`: look at the whole log even if the next version does not exist. */
  async #advance(list = false): Promise<void> {
    const { log, table } = this.#environment;
    const { clock } = this.#options;
    const startedAt = { now: clock.now(), monotonicMs: clock.monotonicMs() };
    const known = this.#state.version;
    let state = this.#state;
    if (known >= 0) {
      for await (const batch of log.after(state.version)) state = replay(state, batch);
      this.#publish(state);
    }
    const isNews = state.version > known;
    const isDue = startedAt.monotonicMs - this.#listedAtMs >= LISTING_INTERVAL_MS;
    if (state.version < 0 || list || (isDue && !isNews)) {
      const isBehind =
        state.version < 0 || (await log.listing(state.version)).newest > state.version;
      if (isBehind) this.#publish(await loadState(log, table));
      this.#listedAtMs = startedAt.monotonicMs;
    }
    this.#confirmedAt = startedAt;
  }

  #confirm(): void {
    const { clock } = this.#options;
    this.#confirmedAt = { now: clock.now(), monotonicMs: clock.monotonicMs() };
  }

  /** Whether the snapshot was found to be the newest so long ago that the versions after it may be gone again. */
  #isStale(): boolean {
    const { clock } = this.#options;
    const { now, monotonicMs } = this.#confirmedAt;
    // Both clocks: the one may stand still while the machine sleeps, the other may be set back.
    const ageMs = Math.max(clock.now() - now, clock.monotonicMs() - monotonicMs);
    return ageMs > this.#maxCommitAgeMs;
  }

  /** A refresh and a commit may end in any order: the newer state stays. */
  #publish(state: TableState): void {
    if (state.version <= this.#state.version) return;
    this.#snapshot = this.#snapshotOf(state);
    this.#state = state;
  }

  #snapshotOf(state: TableState): Snapshot {
    if (this.#snapshot?.version === state.version) return this.#snapshot;
    const { protocol, metadata } = state;
    if (!protocol || !metadata) {
      throw errors.DELTA_COMMIT_UNREADABLE({
        key: this.#environment.log.keyOf(0),
        line: 1,
        reason: `the log has no ${protocol ? "metaData" : "protocol"} action up to version ${state.version}`,
      });
    }
    requireSupported(this.#options.path, protocol);
    return snapshotOf(state, protocol, metadata, this.#snapshot);
  }
}

function hasCode(error: unknown, code: string): boolean {
  return isScouterError(error) && error.code === code;
}
