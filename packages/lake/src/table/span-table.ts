import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { systemClock } from "@scouter/contracts";
import { DeltaTable, openLocalObjectStore, type AddFile, type ObjectStore } from "@scouter/delta";
import { PARTITION_COLUMN, traceSpanSchema } from "./trace-spans.ts";

const TABLE = "trace_spans";

/** The `trace_spans` table as the lake worker uses it. */
export interface SpanTable {
  /** Keys are relative to the table's folder. */
  readonly store: ObjectStore;
  version(): number;
  /** Last log entry of an owner that the published snapshot holds; 0 when none. */
  watermark(owner: string): number;
  /** Absolute paths of the published snapshot's files. */
  filePaths(): readonly string[];
  /** Adds files and marks the owner's entries up to `throughSequence` as done, in one commit. */
  append(owner: string, throughSequence: number, files: readonly AddFile[]): Promise<void>;
  /** Reads what other processes committed, unless that was done within the refresh interval. */
  refreshIfOld(): Promise<void>;
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
  let refreshedAt = systemClock.monotonicMs();
  let refreshing: Promise<unknown> | undefined;
  return {
    store,
    version: () => table.snapshot.version,
    watermark: (owner) => table.snapshot.txn(applicationOf(owner)) ?? 0,
    filePaths: () => table.snapshot.files().map((file) => join(folder, file.path)),
    async append(owner, throughSequence, files) {
      await table.commit({
        actions: files.map((add) => ({ add })),
        operation: "WRITE",
        operationParameters: { mode: "Append" },
        txn: { appId: applicationOf(owner), version: throughSequence },
      });
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

/** Application id under which an owner's commits are recognised. */
function applicationOf(owner: string): string {
  return `ingest/${owner}`;
}
