import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { decodeStatistics, type AddFile, type DeltaTable } from "@scouter/delta";
import { type Engine, openEngine } from "../engine/duckdb-engine.ts";
import { type DataFiles, openDataFiles, type RemoteLake } from "../table/data-files.ts";
import { LogUpkeep } from "../table/log-upkeep.ts";
import { binChartSql, valueChartSql } from "./archive-sql.ts";
import type {
  ArchiveDay,
  ArchivedBin,
  ArchivedValues,
  ArchiveQuery,
  ObservationArchive,
} from "./observation-archive.ts";
import {
  ARCHIVE_APPLICATION,
  OBSERVATION_TABLE,
  openObservationDelta,
} from "./observation-table.ts";
import { writeDay } from "./write-day.ts";

export interface ObservationArchiveOptions {
  /** Absolute folder of the lake; of a remote one, where this machine keeps copies of its files. */
  readonly root: string;
  readonly remote?: RemoteLake | undefined;
}

/** The engine's threads are its own: the caller's only moves text and small results. */
const ENGINE = { threads: 1, memoryLimitMb: 512 };

/** Touches nothing before the first call: most servers have nothing archived. */
export function openObservationArchive(options: ObservationArchiveOptions): ObservationArchive {
  return new LakeObservationArchive(options);
}

interface Opened {
  readonly files: DataFiles;
  readonly table: DeltaTable;
  readonly upkeep: LogUpkeep;
  readonly engine: Engine;
  readonly temporaryFolder: string;
}

class LakeObservationArchive implements ObservationArchive {
  readonly #options: ObservationArchiveOptions;
  #opening: Promise<Opened> | undefined;

  constructor(options: ObservationArchiveOptions) {
    this.#options = options;
  }

  async write(day: ArchiveDay, rows: AsyncIterable<{ readonly text: string }>): Promise<number> {
    const { files, table, engine, temporaryFolder, upkeep } = await this.#opened();
    const snapshot = await table.refresh();
    const written = await engine.withConnection((connection) =>
      writeDay({ files, connection, temporaryFolder }, day, rows),
    );
    const replaced = snapshot.files().filter((file) => isOf(file, day));
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
        predicate: `kind = '${day.kind}' and day = '${day.day}'`,
      },
      txn: { appId: ARCHIVE_APPLICATION, version: day.epoch },
      readVersion: snapshot.version,
    });
    upkeep.onCommit();
    return written.rows;
  }

  async epoch(): Promise<number> {
    const { table } = await this.#opened();
    return (await table.refresh()).txn(ARCHIVE_APPLICATION) ?? 0;
  }

  async valueChart(query: ArchiveQuery): Promise<readonly ArchivedValues[]> {
    const rows = await this.#rows(query, valueChartSql);
    return rows.map(([series, bucket, count, average, deviation]) => ({
      series: series as string,
      bucketMs: Number(bucket),
      count: Number(count),
      average: average as number,
      deviation: deviation as number,
    }));
  }

  async binChart(query: ArchiveQuery): Promise<readonly ArchivedBin[]> {
    const rows = await this.#rows(query, binChartSql);
    return rows.map(([series, bucket, binId, count]) => ({
      series: series as string,
      bucketMs: Number(bucket),
      binId: binId as number,
      count: Number(count),
    }));
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
    const temporaryFolder = join(root, ".archiving", String(process.pid));
    await rm(temporaryFolder, { recursive: true, force: true });
    await mkdir(temporaryFolder, { recursive: true });
    const files = await openDataFiles({ root, remote }, OBSERVATION_TABLE);
    const table = await openObservationDelta(files.store);
    const engine = await openEngine({
      ...ENGINE,
      temporaryFolder: join(temporaryFolder, "spilled"),
    });
    return { files, table, upkeep: new LogUpkeep(table), engine, temporaryFolder };
  }

  async #rows(
    query: ArchiveQuery,
    sqlOf: (query: ArchiveQuery, paths: readonly string[]) => string,
  ): Promise<readonly (readonly unknown[])[]> {
    const { files, table, engine } = await this.#opened();
    const wanted = filesOf(table, query);
    const known = new Set(
      table.snapshot.files().map(({ partitionValues }) => partitionValues["day"]),
    );
    // A day that this process has not seen yet was written by another one.
    const found = query.days.every((day) => known.has(day))
      ? wanted
      : await table.refresh().then(() => filesOf(table, query));
    if (found.length === 0) return [];
    const held = files.hold(found);
    try {
      await held.ready();
      const sql = sqlOf(
        query,
        found.map(({ path }) => join(files.folder, path)),
      );
      return await engine.withConnection(async (connection) =>
        (await connection.runAndReadAll(sql)).getRows(),
      );
    } finally {
      held.release();
    }
  }
}

function isOf({ partitionValues }: AddFile, { kind, day }: Pick<ArchiveDay, "kind" | "day">) {
  return partitionValues["kind"] === kind && partitionValues["day"] === day;
}

/** The files of the days asked for that may hold something of the range. */
function filesOf({ snapshot }: DeltaTable, query: ArchiveQuery): readonly AddFile[] {
  const days = new Set(query.days);
  return snapshot.files().filter(({ partitionValues, stats }) => {
    if (partitionValues["kind"] !== query.kind || !days.has(partitionValues["day"] ?? ""))
      return false;
    const statistics = decodeStatistics(stats);
    const first = statistics?.minValues?.["created_at"];
    const last = statistics?.maxValues?.["created_at"];
    if (typeof first === "string" && Date.parse(first) >= query.endMs) return false;
    return !(typeof last === "string" && Date.parse(last) < query.beginMs);
  });
}
