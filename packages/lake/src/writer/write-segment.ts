import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { AddFile } from "@scouter/delta";
import { summaryStatistics } from "../summary/summary-statistics.ts";
import { fragmentsOfSpansSql } from "../summary/write-fragments.ts";
import type { DataFiles } from "../table/data-files.ts";
import { copyOptions, FEW_TRACE_IDS, type TraceIdVariety } from "../table/parquet-options.ts";
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

/** What a table's files are made of, and what is told of them. */
export interface WrittenTable {
  /** The table's rows from staged spans: over a source of these. */
  readonly rowsSql: (source: string) => string;
  /** Of rows made from spans of so many traces at most. */
  readonly variety: (traces: number) => TraceIdVariety;
  /** Of the rows, from the spans or from the file that was made of them: both are sources. */
  readonly statistics: (
    connection: DuckDBConnection,
    from: { readonly spans: string; readonly file: string },
  ) => Promise<{ readonly stats: string }>;
}

/** In the order of arrival: a file of some seconds is not read in part, and a sort costs a third as much as all else. */
export const writtenSpans: WrittenTable = {
  rowsSql: (source) => `SELECT ${stagedSelectList} FROM (${source})`,
  variety: (traces) => (traces <= FEW_TRACE_IDS ? "few" : "many"),
  statistics: (connection, { spans }) => spanStatistics(connection, spans),
};

export const writtenFragments: WrittenTable = {
  rowsSql: (source) =>
    `SELECT * FROM (${fragmentsOfSpansSql(source)}) ORDER BY start_time_unix_nano`,
  // A row for each.
  variety: () => "many",
  statistics: (connection, { file }) => summaryStatistics(connection, file),
};

/** Writes a sealed segment as one Parquet file a partition and returns the actions that add them. */
export async function writeSegment(
  writer: SegmentWriter,
  segment: Segment,
  table: WrittenTable = writtenSpans,
): Promise<readonly AddFile[]> {
  const files: AddFile[] = [];
  for (const day of segment.days) {
    files.push(
      await writeRows(writer, `SELECT * FROM ${segment.table} WHERE partition_day = ${day}`, {
        table,
        date: dateOfDay(day),
        traces: segment.mostTraces,
      }),
    );
  }
  return files;
}

/** One file from staged spans, all of one day. */
export async function writeRows(
  writer: SegmentWriter,
  source: string,
  {
    table,
    date,
    traces,
  }: {
    readonly table: WrittenTable;
    readonly date: string;
    /** At most. */
    readonly traces: number;
  },
): Promise<AddFile> {
  const name = `part-${writer.newFileId()}.zstd.parquet`;
  const localPath = join(writer.temporaryFolder, name);
  await writer.connection.run(
    `COPY (${table.rowsSql(source)}) TO ${sqlText(localPath)} (${copyOptions(table.variety(traces))})`,
  );
  const { stats } = await table.statistics(writer.connection, {
    spans: `(${source})`,
    file: `read_parquet(${sqlText(localPath)}, hive_partitioning = false)`,
  });
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
