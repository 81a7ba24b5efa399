import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { decodeStatistics, type AddFile, type DeltaTable } from "@scouter/delta";
import { type Engine, openEngine } from "../engine/duckdb-engine.ts";
import { type DataFiles, openDataFiles, type RemoteLake } from "../table/data-files.ts";
import { LogUpkeep } from "../table/log-upkeep.ts";
import { applicationOf, type ArchiveTable, openArchiveTable } from "./archive-table.ts";
import { type PartitionValues, writePartition } from "./write-partition.ts";

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
    const { files, table, engine, temporaryFolder, upkeep } = await this.#opened();
    const snapshot = await table.refresh();
    const written = await engine.withConnection((connection) =>
      writePartition({ files, connection, temporaryFolder, table: this.#table }, values, rows),
    );
    const replaced = snapshot.files().filter((file) => replaces(valuesOf(file)));
    await table.commit({
      actions: [
        ...replaced.map(({ path, partitionValues, size }) => ({
          remove: {
            path,
            deletionTimestamp: Date.now(),
            dataChange: true,
            extendedFileMetadata: true,
            partitionValues,
            size,
          },
        })),
        ...written.files.map((add) => ({ add })),
      ],
      operation: "WRITE",
      operationParameters: {
        mode: "Overwrite",
        predicate: this.#table.partitionColumns
          .map((column) => `${column} = '${values[column]}'`)
          .join(" and "),
      },
      txn: { appId: applicationOf(this.#table), version: epoch },
      readVersion: snapshot.version,
    });
    upkeep.onCommit();
    return written.rows;
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
    const keyOf = (values: PartitionValues) =>
      this.#table.partitionColumns.map((column) => values[column]).join("/");
    const wanted = new Set(read.partitions.map(keyOf));
    // What this process has not seen yet may have been written, or written anew, by another one.
    if ([...wanted].some((key) => !this.#seen.has(key))) await table.refresh();
    const there = table.snapshot.files().filter((file) => wanted.has(keyOf(valuesOf(file))));
    for (const file of there) this.#seen.add(keyOf(valuesOf(file)));
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
