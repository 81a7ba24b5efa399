import type { DuckDBConnection } from "@duckdb/node-api";
import {
  encodeStatistics,
  textLowerBound,
  textUpperBound,
  timestampLowerBound,
  timestampUpperBound,
  type FileStatistics,
} from "@scouter/delta";

/** The `stats` of a data file that holds the rows of `source`: a table, or anything else to select from. */
export async function spanStatistics(
  connection: DuckDBConnection,
  source: string,
): Promise<{ readonly records: number; readonly stats: string }> {
  const reader = await connection.runAndReadAll(`
    SELECT count(*) AS records,
      min(start_time_unix_nano) AS min_start, max(start_time_unix_nano) AS max_start,
      min(start_time_unix_nano + duration_nano) AS min_end,
      max(start_time_unix_nano + duration_nano) AS max_end,
      min(duration_nano) AS min_duration, max(duration_nano) AS max_duration,
      min(status_code) AS min_status, max(status_code) AS max_status,
      min(service_name) AS min_service, max(service_name) AS max_service
    FROM ${source}`);
  const statistics = statisticsOf(reader.getRowObjects()[0] as unknown as Bounds);
  return { records: statistics.numRecords, stats: encodeStatistics(statistics) };
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
