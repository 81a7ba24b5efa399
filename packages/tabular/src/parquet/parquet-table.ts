import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import type { ColumnBatch, TableBatch } from "@scouter/drift";
import {
  type AsyncBuffer,
  asyncBufferFromFile,
  type Compressors,
  type DecodedArray,
  type FileMetaData,
  parquetMetadataAsync,
  parquetScan,
  parquetSchema,
  type SchemaElement,
} from "hyparquet";
import { errors } from "../errors.ts";
import { cellValue } from "../source/cell-value.ts";
import { selectColumns } from "../source/select-columns.ts";
import type { LeftOutColumn, TableColumn, TableSource } from "../source/table-source.ts";

/** Codecs beside Snappy, which hyparquet has. */
const compressors: Compressors = {
  GZIP: (input) => gunzipSync(input),
  BROTLI: (input) => brotliDecompressSync(input),
  ZSTD: (input) => zstdDecompressSync(input),
};

/**
 * A Parquet file. Numbers of any width and decimals become numbers, booleans, dates, times and strings become texts;
 * nested columns are left out. Memory: one row group of the columns that a pass asks for. Throws
 * TABULAR_FILE_UNREADABLE.
 */
export async function parquetTable(file: string): Promise<TableSource> {
  const { buffer, metadata } = await opened(file);
  const columns: TableColumn[] = [];
  const leftOut: LeftOutColumn[] = [];
  for (const { element, children } of parquetSchema(metadata).children) {
    const isNested = children.length > 0 || element.repetition_type === "REPEATED";
    if (isNested) leftOut.push({ name: element.name, reason: "it is nested" });
    else columns.push({ name: element.name, kind: kindOf(element) });
  }
  const groups = metadata.row_groups.map((group) => Number(group.num_rows));
  return {
    columns,
    leftOut,
    rows: groups.reduce((sum, rows) => sum + rows, 0),
    isColumnwise: true,
    batches: (names) =>
      batches({ file, buffer, metadata, groups, chosen: selectColumns(columns, names) }),
    close: () => Promise.resolve(),
  };
}

async function opened(file: string): Promise<{ buffer: AsyncBuffer; metadata: FileMetaData }> {
  try {
    const buffer = await asyncBufferFromFile(file);
    return { buffer, metadata: await parquetMetadataAsync(buffer) };
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

const NUMBER_TYPES = new Set(["INT32", "INT64", "FLOAT", "DOUBLE"]);
const TIME_TYPES = /^(DATE|TIME|TIMESTAMP)/;

function kindOf({ type, converted_type, logical_type }: SchemaElement): "number" | "text" {
  const meaning = logical_type?.type ?? converted_type ?? "";
  if (meaning === "DECIMAL" || meaning === "FLOAT16") return "number";
  return NUMBER_TYPES.has(type ?? "") && !TIME_TYPES.test(meaning) ? "number" : "text";
}

interface Pass {
  readonly file: string;
  readonly buffer: AsyncBuffer;
  readonly metadata: FileMetaData;
  /** Rows of every row group. */
  readonly groups: readonly number[];
  readonly chosen: readonly TableColumn[];
}

async function* batches(pass: Pass): AsyncGenerator<TableBatch> {
  let rowStart = 0;
  for (const rows of pass.groups) {
    if (rows === 0) continue;
    const batch = new Map<string, ColumnBatch>();
    for (const column of pass.chosen) {
      const data = await readGroup(pass, column, rowStart, rows);
      batch.set(column.name, column.kind === "number" ? numbersOf(data) : textsOf(data));
    }
    yield batch;
    rowStart += rows;
  }
}

async function readGroup(
  { file, buffer, metadata }: Pass,
  { name: column }: TableColumn,
  rowStart: number,
  rows: number,
): Promise<DecodedArray> {
  try {
    // A scan keeps the last range of every column it read: one for each column lets go of it.
    const columns = [column];
    const scan = await parquetScan({
      file: buffer,
      metadata,
      columns,
      compressors,
      useOffsetIndex: false,
    });
    return await scan.readColumn({ column, rowStart, rowEnd: rowStart + rows });
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

function numbersOf(data: DecodedArray): ColumnBatch {
  if (data instanceof Float64Array) return { kind: "number", values: data, missing: 0 };
  const values = new Float64Array(data.length);
  if (data instanceof Float32Array || data instanceof Int32Array) {
    values.set(data);
    return { kind: "number", values, missing: 0 };
  }
  let missing = 0;
  for (let row = 0; row < values.length; row += 1) {
    const value = data[row] as number | bigint | null | undefined;
    if (value === null || value === undefined) missing += 1;
    values[row] = value === null || value === undefined ? NaN : Number(value);
  }
  return { kind: "number", values, missing };
}

function textsOf(data: DecodedArray): ColumnBatch {
  const values = Array.from({ length: data.length }, (_, row) => {
    const value = cellValue(data[row]);
    return value === null ? null : String(value);
  });
  return { kind: "text", values };
}

function unreadable(file: string, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return errors.TABULAR_FILE_UNREADABLE({ file, reason }, { cause });
}
