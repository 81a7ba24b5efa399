import { randomUUID } from "node:crypto";
import { appendFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import {
  encodeStatistics,
  textLowerBound,
  textUpperBound,
  timestampLowerBound,
  timestampUpperBound,
  type AddFile,
} from "@scouter/delta";
import { sqlText } from "../reader/sql-text.ts";
import type { DataFiles } from "../table/data-files.ts";
import type { ArchiveDay } from "./observation-archive.ts";
import { PARTITION_COLUMNS } from "./observation-table.ts";

export interface DayWriter {
  readonly connection: DuckDBConnection;
  readonly files: Pick<DataFiles, "put">;
  readonly temporaryFolder: string;
}

export interface WrittenDay {
  readonly files: readonly AddFile[];
  readonly rows: number;
}

/** Text that becomes one Parquet file: its rows are sorted in the engine's memory. */
const BYTES_PER_FILE = 64 * 2 ** 20;

const COLUMNS = `{profile_uid: 'VARCHAR', series: 'VARCHAR', received_at: 'TIMESTAMPTZ',
  created_at: 'TIMESTAMPTZ', position: 'INTEGER', value: 'DOUBLE', bin_id: 'INTEGER', bin_count: 'BIGINT'}`;

/**
 * Writes the rows of a day as Parquet files of the table. The text goes through a file that the engine reads by itself, so
 * that no row passes through this thread's hands.
 */
export async function writeDay(
  writer: DayWriter,
  day: ArchiveDay,
  pieces: AsyncIterable<{ readonly text: string }>,
): Promise<WrittenDay> {
  const textPath = join(writer.temporaryFolder, `${randomUUID()}.ndjson`);
  const files: AddFile[] = [];
  let rows = 0;
  let waiting = 0;
  const convert = async () => {
    const written = await writeFile(writer, day, textPath);
    files.push(written.file);
    rows += written.rows;
    waiting = 0;
    await rm(textPath);
  };
  try {
    for await (const { text } of pieces) {
      await appendFile(textPath, text);
      waiting += text.length;
      if (waiting >= BYTES_PER_FILE) await convert();
    }
    if (waiting > 0) await convert();
  } finally {
    await rm(textPath, { force: true });
  }
  return { files, rows };
}

async function writeFile(
  { connection, files, temporaryFolder }: DayWriter,
  { kind, day }: ArchiveDay,
  textPath: string,
): Promise<{ readonly file: AddFile; readonly rows: number }> {
  const name = `part-${randomUUID()}.zstd.parquet`;
  const localPath = join(temporaryFolder, name);
  const source = `read_json(${sqlText(textPath)}, format = 'newline_delimited', columns = ${COLUMNS})`;
  await connection.run(
    `COPY (SELECT * FROM ${source} ORDER BY profile_uid, series, created_at)
      TO ${sqlText(localPath)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480)`,
  );
  const { rows, stats } = await statisticsOf(connection, localPath);
  const path = `${PARTITION_COLUMNS[0]}=${kind}/${PARTITION_COLUMNS[1]}=${day}/${name}`;
  const { size } = await stat(localPath);
  await files.put(path, localPath, size);
  const partitionValues = { kind, day };
  return {
    rows,
    file: { path, partitionValues, size, modificationTime: Date.now(), dataChange: true, stats },
  };
}

async function statisticsOf(connection: DuckDBConnection, path: string) {
  const reader = await connection.runAndReadAll(
    `SELECT count(*), epoch_us(min(created_at)), epoch_us(max(created_at)),
      epoch_us(min(received_at)), epoch_us(max(received_at)), min(profile_uid), max(profile_uid)
    FROM read_parquet(${sqlText(path)}, hive_partitioning = false)`,
  );
  const [records, minCreated, maxCreated, minReceived, maxReceived, minUid, maxUid] =
    reader.getRows()[0] as unknown as [bigint, bigint, bigint, bigint, bigint, string, string];
  const rows = Number(records);
  const stats = encodeStatistics({
    numRecords: rows,
    minValues: {
      created_at: timestampLowerBound(minCreated),
      received_at: timestampLowerBound(minReceived),
      profile_uid: textLowerBound(minUid),
    },
    maxValues: {
      created_at: timestampUpperBound(maxCreated),
      received_at: timestampUpperBound(maxReceived),
      profile_uid: textUpperBound(maxUid),
    },
    nullCount: { created_at: 0, received_at: 0, profile_uid: 0 },
  });
  return { rows, stats };
}
