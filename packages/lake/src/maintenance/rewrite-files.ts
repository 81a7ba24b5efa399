import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { AddFile, StructType } from "@scouter/delta";
import { sqlText } from "../reader/sql-text.ts";
import type { DataFiles } from "../table/data-files.ts";
import { copyOptions, type TraceIdVariety } from "../table/parquet-options.ts";
import type { SpanFile } from "../table/span-file.ts";
import { spanStatistics } from "../table/span-statistics.ts";
import { engineType, PARTITION_COLUMN } from "../table/trace-spans.ts";

export interface RewriteParts {
  readonly connection: DuckDBConnection;
  /** The table's columns as its log has them: also those that a later version has added. */
  readonly schema: StructType;
  readonly files: Pick<DataFiles, "put">;
  /** Absolute folder for files on their way. */
  readonly temporaryFolder: string;
  readonly newFileId: () => string;
  readonly nowMs: () => number;
}

export interface Rewriting {
  readonly partition: string;
  readonly files: readonly SpanFile[];
  readonly targetBytes: number;
  readonly tags: Readonly<Record<string, string>>;
}

export interface Rewritten {
  readonly files: readonly AddFile[];
  /** Rows left out because another row is the same span. */
  readonly repeats: number;
}

/**
 * Writes the rows of the files, each (trace_id, span_id) once, into files of about the target size that follow each
 * other by start. Of repeats the one that starts first stays, then the longest.
 *
 * The ids alone are looked through first: a sort or a comparison of whole rows would not fit into the memory. For the
 * same reason each file is sorted by itself, from the rows of its range.
 */
export async function rewriteFiles(parts: RewriteParts, rewriting: Rewriting): Promise<Rewritten> {
  const { connection, schema } = parts;
  const source = filesSource(rewriting.files);
  await connection.run(repeatsSql(source));
  const repeats = await count(connection, "SELECT count(*) FROM repeats");
  const columns = schema.fields.filter(({ name }) => name !== PARTITION_COLUMN);
  const typed = columns
    .map(({ name, type }) => `NULL::${engineType(type)} AS "${name}"`)
    .join(", ");
  const names = columns.map(({ name }) => `"${name}"`).join(", ");
  // A first part without rows lends the columns that no file may have, as null.
  const rows = `(SELECT * FROM (SELECT ${typed}) WHERE false
    UNION ALL BY NAME SELECT * FROM ${source} AS stored WHERE NOT EXISTS (
      FROM repeats WHERE repeats.filename = stored.filename
        AND repeats.file_row_number = stored.file_row_number))`;
  const files: AddFile[] = [];
  const variety = await varietyOf(connection, source);
  for (const range of await ranges(connection, source, rewriting)) {
    const sql = `SELECT ${names} FROM ${rows} WHERE ${range} ORDER BY start_time_unix_nano`;
    const written = await writeFile(parts, rewriting, sql, { statistics: spanStatistics, variety });
    if (written !== undefined) files.push(written);
  }
  await connection.run("DROP TABLE repeats");
  return { files, repeats };
}

/** Rows of the files, with their places. */
export function filesSource(files: readonly SpanFile[]): string {
  const list = files.map(({ path }) => sqlText(path)).join(", ");
  return `read_parquet([${list}], union_by_name = true, hive_partitioning = false,
    filename = true, file_row_number = true)`;
}

/** Places of the rows to leave out. Hashes of all ids take little room; what they have in common is looked at. */
function repeatsSql(source: string): string {
  return `CREATE OR REPLACE TEMP TABLE repeats AS
    SELECT filename, file_row_number FROM ${source}
    WHERE hash(trace_id, span_id) IN (
      SELECT hash(trace_id, span_id) FROM ${source} GROUP BY ALL HAVING count(*) > 1)
    QUALIFY row_number() OVER (PARTITION BY trace_id, span_id
      ORDER BY start_time_unix_nano, duration_nano DESC, filename, file_row_number) > 1`;
}

/** Conditions that divide rows by start into parts of about the target size, each row into one. */
export async function ranges(
  connection: DuckDBConnection,
  source: string,
  { files, targetBytes }: Rewriting,
): Promise<readonly string[]> {
  const bytes = files.reduce((sum, { add }) => sum + add.size, 0);
  // As a rule rows take less room together; a part less gives files above half the target and little above it.
  const parts = Math.max(1, Math.round(bytes / targetBytes));
  if (parts === 1) return ["true"];
  const shares = Array.from({ length: parts - 1 }, (_, index) => (index + 1) / parts);
  const reader = await connection.runAndReadAll(
    `SELECT unnest(list_distinct(quantile_disc(start_time_unix_nano, [${shares.join(", ")}]))) AS bound
      FROM ${source} ORDER BY bound`,
  );
  const bounds = reader.getRows().map(([bound]) => bound as bigint);
  return [...bounds, undefined].map((end, index) => {
    const start = bounds[index - 1];
    const conditions = [
      ...(start === undefined ? [] : [`start_time_unix_nano >= ${start}`]),
      ...(end === undefined ? [] : [`start_time_unix_nano < ${end}`]),
    ];
    return conditions.join(" AND ");
  });
}

/** What is told of a file's rows, and how they are stored. */
export interface FileForm {
  readonly statistics: typeof spanStatistics;
  readonly variety: TraceIdVariety;
}

/** By the average; where a part of the rows is different, the finished file shows it. */
async function varietyOf(connection: DuckDBConnection, source: string): Promise<TraceIdVariety> {
  const reader = await connection.runAndReadAll(
    `SELECT count(*) < 2.2 * approx_count_distinct(trace_id) FROM ${source}`,
  );
  return reader.getRows()[0]?.[0] === true ? "many" : "few";
}

/** Whether a lookup by trace id would have to read row groups of the file that do not hold it. */
async function lacksFilters(connection: DuckDBConnection, path: string): Promise<boolean> {
  const without = await count(
    connection,
    `SELECT count(*) FROM parquet_metadata(${sqlText(path)})
      WHERE path_in_schema = 'trace_id' AND num_values > 0 AND bloom_filter_offset IS NULL`,
  );
  return without > 0;
}

/** Undefined when there is nothing to write. */
export async function writeFile(
  { connection, files, temporaryFolder, newFileId, nowMs }: RewriteParts,
  { partition, tags }: Rewriting,
  sql: string,
  { statistics, variety }: FileForm,
): Promise<AddFile | undefined> {
  const name = `part-${newFileId()}.zstd.parquet`;
  const localPath = join(temporaryFolder, name);
  const copy = (as: TraceIdVariety) =>
    connection.run(`COPY (${sql}) TO ${sqlText(localPath)} (${copyOptions(as)})`);
  await copy(variety);
  if (variety === "few" && (await lacksFilters(connection, localPath))) await copy("many");
  const { records, stats } = await statistics(
    connection,
    `read_parquet(${sqlText(localPath)}, hive_partitioning = false)`,
  );
  if (records === 0) return undefined;
  const path = `${PARTITION_COLUMN}=${partition}/${name}`;
  const { size } = await stat(localPath);
  await files.put(path, localPath, size);
  return {
    path,
    partitionValues: { [PARTITION_COLUMN]: partition },
    size,
    modificationTime: nowMs(),
    dataChange: false,
    stats,
    tags,
  };
}

export async function count(connection: DuckDBConnection, sql: string): Promise<number> {
  const reader = await connection.runAndReadAll(sql);
  return Number(reader.getRows()[0]?.[0]);
}
