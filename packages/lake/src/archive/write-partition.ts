import { randomUUID } from "node:crypto";
import { appendFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { AddFile } from "@scouter/delta";
import { sqlText } from "../reader/sql-text.ts";
import type { DataFiles } from "../table/data-files.ts";
import { archiveFile } from "./archive-file.ts";
import type { ArchiveTable, PartitionValues } from "./archive-table.ts";

export interface PartitionWriter {
  readonly connection: DuckDBConnection;
  readonly files: Pick<DataFiles, "put">;
  readonly temporaryFolder: string;
  readonly table: ArchiveTable;
}

export interface WrittenPartition {
  readonly files: readonly AddFile[];
  readonly rows: number;
}

/** Text that becomes one Parquet file: its rows are sorted in the engine's memory. */
const BYTES_PER_FILE = 64 * 2 ** 20;

/** Rows up to here the engine reads as it is: it sets aside twice the longest row, so more is asked for only when needed. */
const COMMON_ROW_BYTES = 2 ** 23;

/**
 * Writes the rows of a partition as Parquet files of the table. The text goes through a file that the engine reads by itself, so
 * that no row passes through this thread's hands.
 */
export async function writePartition(
  writer: PartitionWriter,
  values: PartitionValues,
  pieces: AsyncIterable<{ readonly text: string }>,
): Promise<WrittenPartition> {
  const textPath = join(writer.temporaryFolder, `${randomUUID()}.ndjson`);
  const files: AddFile[] = [];
  let rows = 0;
  let waiting = 0;
  let longestRow = 0;
  const convert = async () => {
    const written = await writeFile(writer, values, { textPath, longestRow });
    files.push(written.file);
    rows += written.rows;
    waiting = 0;
    await rm(textPath);
  };
  try {
    for await (const { text } of pieces) {
      await appendFile(textPath, text);
      waiting += text.length;
      if (text.length > COMMON_ROW_BYTES / 4) longestRow = Math.max(longestRow, longestOf(text));
      if (waiting >= BYTES_PER_FILE) await convert();
    }
    if (waiting > 0) await convert();
  } finally {
    await rm(textPath, { force: true });
  }
  return { files, rows };
}

/** Bytes of the longest line. */
function longestOf(text: string): number {
  return Math.max(...text.split("\n").map((line) => Buffer.byteLength(line)));
}

async function writeFile(
  { connection, files, temporaryFolder, table }: PartitionWriter,
  partitionValues: PartitionValues,
  { textPath, longestRow }: { readonly textPath: string; readonly longestRow: number },
): Promise<{ readonly file: AddFile; readonly rows: number }> {
  const localPath = join(temporaryFolder, `${randomUUID()}.parquet`);
  const limit = longestRow > COMMON_ROW_BYTES ? `, maximum_object_size = ${longestRow + 1}` : "";
  const source = `read_json(${sqlText(textPath)}, format = 'newline_delimited',
    columns = ${table.columns}${limit})`;
  await connection.run(
    `COPY (SELECT * FROM ${source} ORDER BY ${table.order})
      TO ${sqlText(localPath)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480)`,
  );
  const { file, rows } = await archiveFile({ connection, table }, partitionValues, localPath);
  await files.put(file.path, localPath, file.size);
  return { file, rows };
}
