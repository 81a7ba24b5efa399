import type { DuckDBConnection } from "@duckdb/node-api";
import {
  encodeStatistics,
  textLowerBound,
  textUpperBound,
  timestampLowerBound,
  timestampUpperBound,
} from "@scouter/delta";

interface Bounds {
  readonly records: bigint;
  readonly min_start: bigint;
  readonly max_start: bigint;
  readonly min_end: bigint;
  readonly max_end: bigint;
  readonly min_service: string;
  readonly max_service: string;
}

/** The `stats` of a data file that holds the fragments of `source`. */
export async function summaryStatistics(
  connection: DuckDBConnection,
  source: string,
): Promise<{ readonly records: number; readonly stats: string }> {
  const reader = await connection.runAndReadAll(`
    SELECT count(*) AS records,
      min(start_time_unix_nano) AS min_start, max(start_time_unix_nano) AS max_start,
      min(end_time_unix_nano) AS min_end, max(end_time_unix_nano) AS max_end,
      min(service_name) AS min_service, max(service_name) AS max_service
    FROM ${source}`);
  const bounds = reader.getRowObjects()[0] as unknown as Bounds;
  const records = Number(bounds.records);
  if (records === 0) return { records, stats: encodeStatistics({ numRecords: 0 }) };
  const stats = encodeStatistics({
    numRecords: records,
    minValues: {
      start_time: timestampLowerBound(bounds.min_start / 1000n),
      end_time: timestampLowerBound(bounds.min_end / 1000n),
      start_time_unix_nano: bounds.min_start,
      end_time_unix_nano: bounds.min_end,
      service_name: textLowerBound(bounds.min_service),
    },
    maxValues: {
      start_time: timestampUpperBound(bounds.max_start / 1000n),
      end_time: timestampUpperBound(bounds.max_end / 1000n),
      start_time_unix_nano: bounds.max_start,
      end_time_unix_nano: bounds.max_end,
      service_name: textUpperBound(bounds.max_service),
    },
    nullCount: {
      start_time: 0,
      end_time: 0,
      start_time_unix_nano: 0,
      end_time_unix_nano: 0,
      service_name: 0,
    },
  });
  return { records, stats };
}
