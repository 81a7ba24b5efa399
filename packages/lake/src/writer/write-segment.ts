import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import {
  encodeStatistics,
  textLowerBound,
  textUpperBound,
  timestampLowerBound,
  timestampUpperBound,
  type AddFile,
  type FileStatistics,
} from "@scouter/delta";
import type { DataFiles } from "../table/data-files.ts";
import { dateOfDay } from "../table/partition-day.ts";
import { PARTITION_COLUMN, stagedSelectList } from "../table/trace-spans.ts";
import { sqlText } from "../reader/read-view.ts";
import type { Segment } from "./segment.ts";

/**
 * Settings measured on spans: zstd 3, small row groups and a dictionary as large as the row group, without which a
 * column of nearly distinct ids silently gets no bloom filter and a lookup by trace id reads every row group.
 */
const COPY_OPTIONS =
  "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 3, ROW_GROUP_SIZE 20480, DICTIONARY_SIZE_LIMIT 20480";

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
    `COPY (SELECT ${stagedSelectList} FROM ${segment.table} WHERE partition_day = ${day}
      ORDER BY start_time_unix_nano) TO ${sqlText(localPath)} (${COPY_OPTIONS})`,
  );
  const stats = await partitionStats(writer.connection, segment, day);
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

async function partitionStats(connection: DuckDBConnection, segment: Segment, day: number) {
  const reader = await connection.runAndReadAll(`
    SELECT count(*) AS records,
      min(start_time_unix_nano) AS min_start, max(start_time_unix_nano) AS max_start,
      min(start_time_unix_nano + duration_nano) AS min_end,
      max(start_time_unix_nano + duration_nano) AS max_end,
      min(duration_nano) AS min_duration, max(duration_nano) AS max_duration,
      min(status_code) AS min_status, max(status_code) AS max_status,
      min(service_name) AS min_service, max(service_name) AS max_service
    FROM ${segment.table} WHERE partition_day = ${day}`);
  return encodeStatistics(statisticsOf(reader.getRowObjects()[0] as unknown as Bounds));
}

interface Bounds {
  readonly records: bigint;
  readonly min_start: bigint;
  readonly max_start: bigint;
  readonly min_end: bigint;
  readonly max_end: bigint;
  readonly min_duration: bigint;
  readonly max_duration: bigint;
  readonly min_status: number;
  readonly max_status: number;
  readonly min_service: string;
  readonly max_service: string;
}

/** Bounds of the columns by which reads skip files. */
function statisticsOf(bounds: Bounds): FileStatistics {
  return {
    numRecords: Number(bounds.records),
    minValues: {
      start_time: timestampLowerBound(bounds.min_start / 1000n),
      end_time: timestampLowerBound(bounds.min_end / 1000n),
      start_time_unix_nano: bounds.min_start,
      duration_nano: bounds.min_duration,
      status_code: bounds.min_status,
      service_name: textLowerBound(bounds.min_service),
    },
    maxValues: {
      start_time: timestampUpperBound(bounds.max_start / 1000n),
      end_time: timestampUpperBound(bounds.max_end / 1000n),
      start_time_unix_nano: bounds.max_start,
      duration_nano: bounds.max_duration,
      status_code: bounds.max_status,
      service_name: textUpperBound(bounds.max_service),
    },
    nullCount: {
      start_time: 0,
      end_time: 0,
      start_time_unix_nano: 0,
      duration_nano: 0,
      status_code: 0,
      service_name: 0,
    },
  };
}
