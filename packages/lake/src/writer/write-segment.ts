import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { AddFile } from "@scouter/delta";
import type { DataFiles } from "../table/data-files.ts";
import { COPY_OPTIONS } from "../table/parquet-options.ts";
import { dateOfDay } from "../table/partition-day.ts";
import { spanStatistics } from "../table/span-statistics.ts";
import { PARTITION_COLUMN, stagedSelectList } from "../table/trace-spans.ts";
import { sqlText } from "../reader/sql-text.ts";
import type { Segment } from "./segment.ts";

export interface SegmentWriter {
  readonly connection: DuckDBConnection;
  readonly files: Pick<DataFiles, "put">;
  readonly temporaryFolder: string;
  /** Fresh name part of a file; unique over all writers. */
  readonly newFileId: () => string;
  readonly nowMs: () => number;
}

/** Writes a sealed segment as one Parquet file a partition and returns the actions that add them. */
export async function writeSegment(
  writer: SegmentWriter,
  segment: Segment,
): Promise<readonly AddFile[]> {
  const files: AddFile[] = [];
  for (const day of await partitionDays(writer.connection, segment)) {
    files.push(await writePartition(writer, segment, day));
  }
  return files;
}

async function partitionDays(connection: DuckDBConnection, segment: Segment) {
  const reader = await connection.runAndReadAll(
    `SELECT DISTINCT partition_day FROM ${segment.table} ORDER BY 1`,
  );
  return reader.getRows().map((row) => row[0] as number);
}

async function writePartition(
  writer: SegmentWriter,
  segment: Segment,
  day: number,
): Promise<AddFile> {
  const date = dateOfDay(day);
  const name = `part-${writer.newFileId()}.zstd.parquet`;
  const localPath = join(writer.temporaryFolder, name);
  await writer.connection.run(
    // In the order of arrival: a file of some seconds is not read in part, and sorting cost a third as much as the rest.
    `COPY (SELECT ${stagedSelectList} FROM ${segment.table} WHERE partition_day = ${day})
      TO ${sqlText(localPath)} (${COPY_OPTIONS})`,
  );
  const { stats } = await spanStatistics(
    writer.connection,
    `${segment.table} WHERE partition_day = ${day}`,
  );
  const path = `${PARTITION_COLUMN}=${date}/${name}`;
  const { size } = await stat(localPath);
  await writer.files.put(path, localPath, size);
  return {
    path,
    partitionValues: { [PARTITION_COLUMN]: date },
    size,
    modificationTime: writer.nowMs(),
    dataChange: true,
    stats,
  };
}
