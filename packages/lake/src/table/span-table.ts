import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { systemClock } from "@scouter/contracts";
import {
  decodeStatistics,
  DeltaTable,
  isTransactionConflict,
  openLocalObjectStore,
  type AddFile,
  type ObjectStore,
} from "@scouter/delta";
import { addMissingColumns } from "./add-missing-columns.ts";
import { PARTITION_COLUMN, traceSpanSchema } from "./trace-spans.ts";

const TABLE = "trace_spans";

/** The `trace_spans` table as the lake worker uses it. */
export interface SpanTable {
  /** Keys are relative to the table's folder. */
  readonly store: ObjectStore;
  version(): number;
  /** Last log entry of an owner that the published snapshot holds; 0 when none. */
  watermark(owner: string): number;
  /** The published snapshot's files. */
  files(): readonly SpanFile[];
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

export async function openSpanTable(root: string, refreshIntervalMs: number): Promise<SpanTable> {
  const folder = join(root, TABLE);
  const store = await openLocalObjectStore(folder);
  const table = await DeltaTable.openOrCreate(
    {
      store,
      path: "",
      clock: systemClock,
      random: Math.random,
      newId: randomUUID,
      engineInfo: "scouter",
    },
    { schema: traceSpanSchema, partitionColumns: [PARTITION_COLUMN], name: TABLE },
  );
  await addMissingColumns(table);
  let refreshedAt = systemClock.monotonicMs();
  let refreshing: Promise<unknown> | undefined;
  return {
    store,
    version: () => table.snapshot.version,
    watermark: (owner) => table.snapshot.txn(applicationOf(owner)) ?? 0,
    files: () => table.snapshot.files().map((file) => spanFileOf(folder, file)),
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
