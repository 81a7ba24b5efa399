import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "@scouter/contracts";
import {
  decodeStatistics,
  type AddFile,
  type CommitRequest,
  type DataAction,
  type DeltaTable,
} from "@scouter/delta";
import { type Engine, openEngine } from "../engine/duckdb-engine.ts";
import { type DataFiles, openDataFiles, type RemoteLake } from "../table/data-files.ts";
import { LogUpkeep } from "../table/log-upkeep.ts";
import {
  applicationOf,
  type ArchiveTable,
  openArchiveTable,
  type PartitionValues,
} from "./archive-table.ts";
import { mergeFiles, type MergeGroup, planMerge } from "./merge-files.ts";
import { writePartition } from "./write-partition.ts";

export interface ArchiveOptions {
  /** Absolute folder of the lake; of a remote one, where this machine keeps copies of its files. */
  readonly root: string;
  readonly remote?: RemoteLake | undefined;
}

export interface PartitionWrite {
  readonly values: PartitionValues;
  readonly epoch: number;
  /** Which partitions' files the write replaces: its own, and what a killed attempt may have left. */
  readonly replaces: (values: PartitionValues) => boolean;
}

export interface ArchiveRead {
  /** Each of these partitions is there as soon as it was written, also by another process. */
  readonly partitions: readonly PartitionValues[];
  /** beginMs <= column < endMs: files whose bounds lie outside are not read. */
  readonly column: string;
  readonly beginMs: number;
  readonly endMs: number;
}

/** Names, in a merged file, the partitions whose rows it holds. */
const PARTITIONS_TAG = "scouter.partitions";

/** A file that was removed stays for a day: no reader may look at an older version for longer. */
const REFRESH_MS = 3_600_000;

/** The engine's threads are its own: the caller's only moves text and small results. */
const ENGINE = { threads: 1, memoryLimitMb: 512 };

interface Opened {
  readonly files: DataFiles;
  readonly table: DeltaTable;
  readonly upkeep: LogUpkeep;
  readonly engine: Engine;
  readonly temporaryFolder: string;
}

/**
 * Rows that are no longer in the database: a Delta table of its own in the lake, filled partition by partition. Touches
 * nothing before the first call: most servers have nothing archived.
 */
export class DeltaArchive {
  readonly #table: ArchiveTable;
  readonly #options: ArchiveOptions;
  /** Partitions that were looked for and found: what a write left before it was repeated is never one of them. */
  readonly #seen = new Set<string>();
  #refreshedAtMs = -Infinity;
  #opening: Promise<Opened> | undefined;

  constructor(table: ArchiveTable, options: ArchiveOptions) {
    this.#table = table;
    this.#options = options;
  }

  /** @returns the number of rows; nothing is stored when reading them rejects, or the epoch is not above all earlier ones */
  async write(
    { values, epoch, replaces }: PartitionWrite,
    rows: AsyncIterable<{ readonly text: string }>,
  ): Promise<number> {
    const { files, table, engine, temporaryFolder } = await this.#opened();
    const snapshot = await table.refresh();
    const written = await engine.withConnection((connection) =>
      writePartition({ files, connection, temporaryFolder, table: this.#table }, values, rows),
    );
    const replaced = snapshot.files().filter((file) => replaces(valuesOf(file)));
    await this.#commit(epoch, snapshot.version, {
      actions: [
        ...replaced.map((file) => removal(file, true)),
        ...written.files.map((add) => ({ add })),
      ],
      operation: "WRITE",
      operationParameters: {
        mode: "Overwrite",
        predicate: this.#table.partitionColumns
          .map((column) => `${column} = '${values[column]}'`)
          .join(" and "),
      },
    });
    return written.rows;
  }

  /**
   * Makes one file of small ones of a group; false, and nothing done, when none has two that fit together. What a group
   * names must have been written to its end. Rows and what reads of them give stay the same, but a read that names a part
   * of a merged file's partitions alone gets all of its rows.
   */
  async merge(groups: readonly MergeGroup[], epoch: number): Promise<boolean> {
    const { files, table, engine, temporaryFolder } = await this.#opened();
    const snapshot = await table.refresh();
    const grouped = groups.map(({ into }) => ({ into, files: [] as AddFile[] }));
    const groupOf = new Map(
      groups.flatMap(({ of }, index) => of.map((values) => [this.#keyOf(values), index] as const)),
    );
    for (const file of snapshot.files()) {
      const owners = new Set(this.#keysOf(file).map((key) => groupOf.get(key)));
      const [owner] = owners;
      if (owners.size === 1 && owner !== undefined) grouped[owner]?.files.push(file);
    }
    const planned = planMerge(grouped);
    if (planned === undefined) return false;
    const parts = { files, temporaryFolder, table: this.#table };
    const merged = await engine.withConnection((connection) =>
      mergeFiles({ ...parts, connection }, planned),
    );
    const keys = [...new Set(planned.files.flatMap((file) => this.#keysOf(file)))].sort();
    const add = { ...merged, tags: { [PARTITIONS_TAG]: keys.join(" ") } };
    await this.#commit(epoch, snapshot.version, {
      actions: [...planned.files.map((file) => removal(file, false)), { add }],
      operation: "OPTIMIZE",
      operationParameters: { files: String(planned.files.length) },
    });
    return true;
  }

  /** Removes the partitions of days before this one. @returns the number of files; 0, and no commit, when there are none */
  async expire(beforeDay: string, epoch: number): Promise<number> {
    const { table } = await this.#opened();
    const snapshot = await table.refresh();
    const gone = snapshot.files().filter((file) => {
      const { day } = valuesOf(file);
      return day !== undefined && day < beforeDay;
    });
    if (gone.length === 0) return 0;
    await this.#commit(epoch, snapshot.version, {
      actions: gone.map((file) => removal(file, true)),
      operation: "DELETE",
      operationParameters: { predicate: `day < '${beforeDay}'` },
    });
    return gone.length;
  }

  async epoch(): Promise<number> {
    const { table } = await this.#opened();
    return (await table.refresh()).txn(applicationOf(this.#table)) ?? 0;
  }

  async vacuum(): Promise<void> {
    const { table } = await this.#opened();
    await table.vacuum();
  }

  async close(): Promise<void> {
    if (this.#opening === undefined) return;
    const { engine, files, upkeep } = await this.#opening;
    await upkeep.settled();
    await engine.close();
    await files.close();
  }

  #opened(): Promise<Opened> {
    this.#opening ??= this.#open().catch((error: unknown) => {
      // The next call tries again.
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  async #open(): Promise<Opened> {
    const { root, remote } = this.#options;
    const temporaryFolder = join(root, ".archiving", String(process.pid), this.#table.name);
    await rm(temporaryFolder, { recursive: true, force: true });
    await mkdir(temporaryFolder, { recursive: true });
    const files = await openDataFiles({ root, remote }, this.#table.name);
    const table = await openArchiveTable(files.store, this.#table);
    const engine = await openEngine({
      ...ENGINE,
      temporaryFolder: join(temporaryFolder, "spilled"),
    });
    return { files, table, upkeep: new LogUpkeep(table), engine, temporaryFolder };
  }

  /** Rows of the query that `sqlOf` makes of the paths of the Parquet files; none when there is no file. */
  async rows(
    read: ArchiveRead,
    sqlOf: (paths: readonly string[]) => string,
  ): Promise<readonly (readonly unknown[])[]> {
    const { files, table, engine } = await this.#opened();
    const wanted = new Set(read.partitions.map((values) => this.#keyOf(values)));
    // What this process has not seen yet may have been written, or written anew, by another one.
    const isUnseen = [...wanted].some((key) => !this.#seen.has(key));
    if (isUnseen || systemClock.monotonicMs() - this.#refreshedAtMs > REFRESH_MS) {
      await table.refresh();
      this.#refreshedAtMs = systemClock.monotonicMs();
    }
    const there: AddFile[] = [];
    for (const file of table.snapshot.files()) {
      const keys = this.#keysOf(file);
      if (!keys.some((key) => wanted.has(key))) continue;
      there.push(file);
      for (const key of keys) this.#seen.add(key);
    }
    const found = there.filter((file) => mayHold(file, read));
    if (found.length === 0) return [];
    const held = files.hold(found);
    try {
      await held.ready();
      const sql = sqlOf(found.map(({ path }) => join(files.folder, path)));
      return await engine.withConnection(async (connection) =>
        (await connection.runAndReadAll(sql)).getRows(),
      );
    } finally {
      held.release();
    }
  }

  async #commit(
    epoch: number,
    readVersion: number,
    change: Pick<CommitRequest, "actions" | "operation" | "operationParameters">,
  ): Promise<void> {
    const { table, upkeep } = await this.#opened();
    const txn = { appId: applicationOf(this.#table), version: epoch };
    await table.commit({ ...change, txn, readVersion });
    upkeep.onCommit();
  }

  #keyOf(values: PartitionValues): string {
    return this.#table.partitionColumns.map((column) => values[column]).join("/");
  }

  /** The partitions whose rows a file holds. */
  #keysOf(file: AddFile): readonly string[] {
    return file.tags?.[PARTITIONS_TAG]?.split(" ") ?? [this.#keyOf(valuesOf(file))];
  }
}

function valuesOf({ partitionValues }: AddFile): PartitionValues {
  return partitionValues as PartitionValues;
}

function mayHold({ stats }: AddFile, { column, beginMs, endMs }: ArchiveRead): boolean {
  const statistics = decodeStatistics(stats);
  const first = statistics?.minValues?.[column];
  const last = statistics?.maxValues?.[column];
  if (typeof first === "string" && Date.parse(first) >= endMs) return false;
  return !(typeof last === "string" && Date.parse(last) < beginMs);
}

function removal(file: AddFile, dataChange: boolean): DataAction {
  const { path, partitionValues, size } = file;
  const deletionTimestamp = Date.now();
  return {
    remove: {
      path,
      deletionTimestamp,
      dataChange,
      extendedFileMetadata: true,
      partitionValues,
      size,
    },
  };
}
