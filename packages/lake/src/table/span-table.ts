import { systemClock } from "@scouter/contracts";
import { isTransactionConflict, type AddFile } from "@scouter/delta";
import type { HeldFiles } from "../cache/file-cache.ts";
import { type DataFiles, type DataFilesPlace, openDataFiles } from "./data-files.ts";
import { checkHorizon, type HorizonUse } from "./horizon.ts";
import { LogUpkeep } from "./log-upkeep.ts";
import { type LakeTableDefinition, openSpanDelta, spanTableDefinition } from "./span-delta.ts";
import { spanFileOf, type SpanFile } from "./span-file.ts";

/** `trace_spans`, or another table written from the ingest log, as the lake worker uses it. */
export interface SpanTable {
  /** Takes new files; paths are relative to the table's folder. */
  readonly dataFiles: Pick<DataFiles, "put">;
  version(): number;
  /** Last log entry of an owner that the published snapshot holds; 0 when none. */
  watermark(owner: string): number;
  /** The published snapshot's files. */
  files(): readonly SpanFile[];
  /** Epoch of the newest maintenance commit; 0 before the first. */
  maintenanceEpoch(): number;
  /** Keeps these files where they say they are until released; `ready` before they are read. */
  hold(files: readonly SpanFile[]): HeldFiles;
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

export interface OwnerCommit {
  readonly owner: string;
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly files: readonly AddFile[];
}

export interface SpanTableOptions extends DataFilesPlace, HorizonUse {}

export async function openSpanTable(
  options: SpanTableOptions,
  definition: LakeTableDefinition = spanTableDefinition,
): Promise<SpanTable> {
  const { trial, refreshIntervalMs } = options;
  const dataFiles = await openDataFiles(options, definition.name);
  const { store, folder } = dataFiles;
  const table = await openSpanDelta(store, trial, definition);
  checkHorizon(definition.name, table.properties, options);
  await table.addColumns(definition.schema.fields);
  let refreshedAt = systemClock.monotonicMs();
  let refreshing: Promise<unknown> | undefined;
  const upkeep = new LogUpkeep(table);
  return {
    dataFiles,
    version: () => table.snapshot.version,
    watermark: (owner) => table.snapshot.txn(applicationOf(owner)) ?? 0,
    files: () => table.snapshot.files().map((file) => spanFileOf(folder, file)),
    hold: (files) => dataFiles.hold(files.map(({ add }) => add)),
    maintenanceEpoch: () => table.snapshot.txn(definition.maintenanceApplication) ?? 0,
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

/** Application id under which an owner's commits are recognised. */
function applicationOf(owner: string): string {
  return `ingest/${owner}`;
}
