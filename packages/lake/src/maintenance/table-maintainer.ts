import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { type Clock, systemClock } from "@scouter/contracts";
import {
  type DataAction,
  type DeltaTable,
  isTransactionConflict,
  type RemoveFile,
  type Snapshot,
} from "@scouter/delta";
import { openEngine } from "../engine/duckdb-engine.ts";
import { type DataFiles, type DataFilesPlace, openDataFiles } from "../table/data-files.ts";
import { SUMMARY_TABLE } from "../summary/trace-summaries.ts";
import {
  type LakeTableDefinition,
  openSpanDelta,
  spanTableDefinition,
} from "../table/span-delta.ts";
import { spanFileOf } from "../table/span-file.ts";
import { type MaintenanceJob, planMaintenance } from "./maintenance-plan.ts";
import { type MaintenanceSettings, SORTED_TAG } from "./maintenance-settings.ts";
import { rewriteFiles, type Rewritten } from "./rewrite-files.ts";
import { rewriteFragments } from "./rewrite-fragments.ts";

export interface TableMaintainerOptions extends DataFilesPlace {
  /** Absolute, of this one alone; on the same file system as `root`. */
  readonly temporaryFolder: string;
  readonly memoryLimitMb: number;
  readonly settings: MaintenanceSettings;
}

/** One commit of maintenance that was made, or one vacuum. */
export interface MaintenanceRun {
  readonly table: string;
  readonly kind: MaintenanceJob["kind"] | "vacuum";
  /** Undefined for a vacuum, which is of the whole table. */
  readonly partition: string | undefined;
  readonly filesBefore: number;
  readonly filesAfter: number;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  /** Rows left out because they said again what another row says, or were joined with another. */
  readonly repeats: number;
  readonly tookMs: number;
}

export type MaintenanceStep =
  | { readonly outcome: "done"; readonly run: MaintenanceRun }
  | { readonly outcome: "nothing" }
  /** Another process does maintenance too, under a newer epoch: leave it to that one. */
  | { readonly outcome: "lost" }
  | { readonly outcome: "failed"; readonly partition: string; readonly reason: string };

/**
 * Does the jobs of the plan, one at a time, each as one commit that carries its epoch. Flushes that commit meanwhile are
 * no conflict. A commit of any other maintenance since the plan is one: then nothing is stored, and what was written
 * for it is deleted by a later vacuum, as after a kill.
 */
export class TableMaintainer {
  readonly #options: TableMaintainerOptions;
  readonly #clock: Clock;
  readonly #files: DataFiles;
  readonly #table: DeltaTable;
  readonly #definition: LakeTableDefinition;

  private constructor(
    options: TableMaintainerOptions,
    definition: LakeTableDefinition,
    files: DataFiles,
    table: DeltaTable,
  ) {
    this.#definition = definition;
    this.#options = options;
    this.#clock = systemClock;
    this.#files = files;
    this.#table = table;
  }

  static async open(
    options: TableMaintainerOptions,
    definition: LakeTableDefinition = spanTableDefinition,
  ): Promise<TableMaintainer> {
    const files = await openDataFiles(options, definition.name);
    const table = await openSpanDelta(files.store, options.trial, definition);
    return new TableMaintainer(options, definition, files, table);
  }

  /** The first job of the plan that is in none of the partitions to skip. */
  async next(epoch: number, skip: readonly string[] = []): Promise<MaintenanceStep> {
    const snapshot = await this.#table.refresh();
    const startedMs = this.#clock.monotonicMs();
    const plannedAt = this.#clock.now();
    const files = snapshot.files().map((file) => spanFileOf(this.#files.folder, file));
    const plan = planMaintenance(files, this.#options.settings, plannedAt);
    const job = plan.find(({ partition }) => !skip.includes(partition));
    if (job === undefined) return { outcome: "nothing" };
    try {
      const rewritten = await this.#rewrite(job, snapshot);
      await this.#commit(job, rewritten, { epoch, plannedAt, readVersion: snapshot.version });
      const tookMs = this.#clock.monotonicMs() - startedMs;
      const run = { table: this.#definition.name, ...runOf(job, rewritten, tookMs) };
      return { outcome: "done", run };
    } catch (error) {
      if (isTransactionConflict(error)) return { outcome: "lost" };
      const reason = error instanceof Error ? error.message : String(error);
      return { outcome: "failed", partition: job.partition, reason };
    }
  }

  /** Deletes what no version within the horizon needs; with `dryRun` it only counts. */
  async vacuum({ dryRun = false } = {}): Promise<MaintenanceRun> {
    const startedMs = this.#clock.monotonicMs();
    const plan = await this.#table.vacuum({ dryRun });
    return {
      table: this.#definition.name,
      kind: "vacuum",
      partition: undefined,
      filesBefore: plan.keys.length,
      filesAfter: 0,
      bytesBefore: plan.sizeBytes,
      bytesAfter: 0,
      repeats: 0,
      tookMs: this.#clock.monotonicMs() - startedMs,
    };
  }

  async close(): Promise<void> {
    await this.#files.close();
  }

  async #rewrite(job: MaintenanceJob, { schema }: Snapshot): Promise<Rewritten> {
    if (job.kind === "expire") return { files: [], repeats: 0 };
    const { temporaryFolder, memoryLimitMb, settings } = this.#options;
    const parts = {
      schema,
      files: this.#files,
      temporaryFolder,
      newFileId: randomUUID,
      nowMs: () => this.#clock.now(),
    };
    const { partition, files, kind } = job;
    const { targetBytes } = settings;
    const rewriting = {
      partition,
      files,
      // A merge is of small files, into one.
      targetBytes: kind === "merge" ? Number.POSITIVE_INFINITY : targetBytes,
      tags: kind === "sort" ? { [SORTED_TAG]: "start_time" } : {},
    };
    const rewrite = this.#definition.name === SUMMARY_TABLE ? rewriteFragments : rewriteFiles;
    // One for each job: what it keeps in memory of one is of no use to the next, and goes back only when it ends.
    const engine = await openEngine({
      threads: 1,
      memoryLimitMb,
      temporaryFolder: join(temporaryFolder, "spilled"),
    });
    const held = this.#files.hold(files.map(({ add }) => add));
    try {
      await held.ready();
      return await engine.withConnection((connection) =>
        rewrite({ connection, ...parts }, rewriting),
      );
    } finally {
      held.release();
      await engine.close();
    }
  }

  async #commit(
    job: MaintenanceJob,
    { files, repeats }: Rewritten,
    plan: { readonly epoch: number; readonly plannedAt: number; readonly readVersion: number },
  ): Promise<void> {
    const { kind, partition } = job;
    const dataChange = kind === "expire" || repeats > 0;
    const removed = job.files.map(({ add }): DataAction => {
      const { path, partitionValues, size } = add;
      const deletionTimestamp = this.#clock.now();
      const remove: RemoveFile = {
        path,
        deletionTimestamp,
        dataChange,
        extendedFileMetadata: true,
        partitionValues,
        size,
      };
      return { remove };
    });
    await this.#table.commit({
      actions: [...removed, ...files.map((add) => ({ add: { ...add, dataChange } }))],
      operation: kind === "expire" ? "DELETE" : "OPTIMIZE",
      operationParameters: { predicate: `["partition_date = '${partition}'"]` },
      txn: { appId: this.#definition.maintenanceApplication, version: plan.epoch },
      readVersion: plan.readVersion,
      plannedAt: plan.plannedAt,
    });
  }
}

function runOf(
  job: MaintenanceJob,
  { files, repeats }: Rewritten,
  tookMs: number,
): Omit<MaintenanceRun, "table"> {
  const bytesOf = (adds: readonly { readonly size: number }[]) =>
    adds.reduce((sum, { size }) => sum + size, 0);
  return {
    kind: job.kind,
    partition: job.partition,
    filesBefore: job.files.length,
    filesAfter: files.length,
    bytesBefore: bytesOf(job.files.map(({ add }) => add)),
    bytesAfter: bytesOf(files),
    repeats,
    tookMs,
  };
}
