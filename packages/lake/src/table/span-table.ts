import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { systemClock } from "@scouter/contracts";
import { DeltaTable, decodeStatistics, isTransactionConflict, type AddFile } from "@scouter/delta";
import type { HeldFiles } from "../cache/file-cache.ts";
import { type DataFiles, type RemoteLake, openDataFiles } from "./data-files.ts";
import { LogUpkeep } from "./log-upkeep.ts";
import { PARTITION_COLUMN, traceSpanSchema } from "./trace-spans.ts";

const TABLE = "trace_spans";

/** The `trace_spans` table as the lake worker uses it. */
export interface SpanTable {
  /** Takes new files; paths are relative to the table's folder. */
  readonly dataFiles: Pick<DataFiles, "put">;
  version(): number;
  /** Last log entry of an owner that the published snapshot holds; 0 when none. */
  watermark(owner: string): number;
  /** The published snapshot's files. */
  files(): readonly SpanFile[];
  /** Keeps the published snapshot's files where `files` says until released; `ready` before they are read. */
  hold(): HeldFiles;
  /**
   * Adds files and marks the owner's entries up to the last as done, in one commit; nothing is stored when the table
   * holds all of them already. False, with nothing stored, when it holds a part of them or might come to: somebody else
   * commits for this owner.
   */
  append(commit: OwnerCommit): Promise<boolean>;
  /** Reads what other processes committed. */
  refresh(): Promise<void>;
  /** Reads what other processes committed, unless that was done within the refresh interval. */
  refreshIfOld(): Promise<void>;
  /** Resolves when nothing of its own runs any more. */
  close(): Promise<void>;
}

/** A data file, with what is known of it without opening it. */
export interface SpanFile {
  /** Absolute. */
  readonly path: string;
  /** 0 when not known. */
  readonly records: number;
  /** Earliest and latest start of its spans, nanoseconds, both included; undefined when not known. */
  readonly minStartNano: bigint | undefined;
  readonly maxStartNano: bigint | undefined;
}

export interface OwnerCommit {
  readonly owner: string;
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly files: readonly AddFile[];
}

/**
 * How long files stay that no snapshot needs, for readers that do not know yet, and commits, for those who look back.
 * A table keeps what its owner has set.
 */
const PROPERTIES: Readonly<Record<string, string>> = {
  "delta.deletedFileRetentionDuration": "interval 24 hours",
  "delta.logRetentionDuration": "interval 7 days",
  "delta.checkpointInterval": "100",
};

export interface SpanTableOptions {
  /** Absolute folder of the lake, or this machine's working folder of a remote one. */
  readonly root: string;
  readonly remote?: RemoteLake | undefined;
  readonly refreshIntervalMs: number;
}

export async function openSpanTable(options: SpanTableOptions): Promise<SpanTable> {
  const { root, remote, refreshIntervalMs } = options;
  const dataFiles = await openDataFiles(root, TABLE, remote);
  const { store, folder } = dataFiles;
  const table = await DeltaTable.openOrCreate(
    {
      store,
      path: "",
      clock: systemClock,
      random: Math.random,
      newId: randomUUID,
      engineInfo: "scouter",
    },
    {
      schema: traceSpanSchema,
      partitionColumns: [PARTITION_COLUMN],
      name: TABLE,
      configuration: PROPERTIES,
    },
  );
  await table.addColumns(traceSpanSchema.fields);
  let refreshedAt = systemClock.monotonicMs();
  let refreshing: Promise<unknown> | undefined;
  const upkeep = new LogUpkeep(table);
  return {
    dataFiles,
    version: () => table.snapshot.version,
    watermark: (owner) => table.snapshot.txn(applicationOf(owner)) ?? 0,
    files: () => table.snapshot.files().map((file) => spanFileOf(folder, file)),
    hold: () => dataFiles.hold(table.snapshot.files()),
    async append({ owner, firstSequence, lastSequence, files }) {
      const { snapshot } = table;
      const appId = applicationOf(owner);
      const known = snapshot.txn(appId) ?? 0;
      if (known >= firstSequence) return known >= lastSequence;
      try {
        await table.commit({
          actions: files.map((add) => ({ add })),
          operation: "WRITE",
          operationParameters: { mode: "Append" },
          txn: { appId, version: lastSequence },
          // Any commit of this owner after the snapshot looked at is a conflict, also one that a read has made known.
          readVersion: snapshot.version,
        });
      } catch (error) {
        if (!isTransactionConflict(error)) throw error;
        return error.newestVersion >= lastSequence;
      }
      refreshedAt = systemClock.monotonicMs();
      upkeep.onCommit();
      return true;
    },
    async refresh() {
      await table.refresh();
      refreshedAt = systemClock.monotonicMs();
    },
    async refreshIfOld() {
      if (systemClock.monotonicMs() - refreshedAt < refreshIntervalMs) return;
      refreshing ??= table.refresh().finally(() => {
        refreshing = undefined;
        refreshedAt = systemClock.monotonicMs();
      });
      await refreshing;
    },
    async close() {
      await upkeep.settled();
      await dataFiles.close();
    },
  };
}

/** Snapshots share what they have in common, so each file's statistics are read once. */
const spanFiles = new WeakMap<AddFile, SpanFile>();

function spanFileOf(folder: string, file: AddFile): SpanFile {
  let made = spanFiles.get(file);
  if (made === undefined) {
    const statistics = decodeStatistics(file.stats);
    made = {
      path: join(folder, file.path),
      records: statistics?.numRecords ?? 0,
      minStartNano: nanoOf(statistics?.minValues?.["start_time_unix_nano"]),
      maxStartNano: nanoOf(statistics?.maxValues?.["start_time_unix_nano"]),
    };
    spanFiles.set(file, made);
  }
  return made;
}

/** A number beyond 2^53 that is no bigint has lost digits: then the bound is not known. */
function nanoOf(value: unknown): bigint | undefined {
  if (typeof value === "bigint") return value;
  return Number.isSafeInteger(value) ? BigInt(value as number) : undefined;
}

/** Application id under which an owner's commits are recognised. */
function applicationOf(owner: string): string {
  return `ingest/${owner}`;
}
