import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { arrowTable, type ArrowTable, isArrowTable } from "../arrow/arrow-table.ts";
import { type CsvOptions, csvTable } from "../csv/csv-table.ts";
import { errors } from "../errors.ts";
import {
  columnTable,
  type ColumnTable,
  matrixTable,
  type MatrixTable,
  rowTable,
  type RowTable,
} from "../memory/memory-table.ts";
import { parquetTable } from "../parquet/parquet-table.ts";
import { selectColumns } from "./select-columns.ts";
import type { TableSource } from "./table-source.ts";

export type FileFormat = "csv" | "parquet" | "arrow";

export interface TableFile extends CsvOptions {
  /** Path; its extension tells the format: .csv, .tsv, .txt, .parquet, .arrow, .feather. */
  readonly file: string;
  readonly format?: FileFormat | undefined;
}

export interface ColumnChoice {
  /** Only these; default: all. */
  readonly columns?: readonly string[] | undefined;
  /** Not these. */
  readonly without?: readonly string[] | undefined;
}

/** Anything that holds a table: columns, rows or a matrix in memory, an Arrow table, a file, or an opened source. */
export type TableInput =
  | ColumnTable
  | RowTable
  | MatrixTable
  | ArrowTable
  | TableFile
  | TableSource;

const FORMATS: Readonly<Record<string, FileFormat>> = {
  ".csv": "csv",
  ".tsv": "csv",
  ".txt": "csv",
  ".parquet": "parquet",
  ".arrow": "arrow",
  ".feather": "arrow",
};

export function isTableFile(input: TableInput): input is TableFile {
  return "file" in input && typeof input.file === "string";
}

/** Opens a table. Throws what its kind of source does, and TABULAR_FORMAT_UNKNOWN, TABULAR_COLUMN_UNKNOWN. */
export async function openTable(
  input: TableInput,
  choice: ColumnChoice = {},
): Promise<TableSource> {
  return chosen(await openWhole(input), choice);
}

async function openWhole(input: TableInput): Promise<TableSource> {
  if (Array.isArray(input)) return rowTable(input as RowTable);
  if (isTableFile(input)) return openFile(input);
  // Whoever opened it closes it.
  if (isSource(input)) return { ...input, close: () => Promise.resolve() };
  if (isArrowTable(input)) return arrowTable(input);
  return isMatrix(input) ? matrixTable(input) : columnTable(input as ColumnTable);
}

async function openFile(given: TableFile): Promise<TableSource> {
  const { file } = given;
  const format = given.format ?? FORMATS[extname(file).toLowerCase()];
  if (format === "csv") return csvTable(file, given);
  if (format === "parquet") return parquetTable(file);
  if (format === "arrow") return arrowTable(await readArrow(file));
  throw errors.TABULAR_FORMAT_UNKNOWN({ file });
}

async function readArrow(file: string): Promise<ArrowTable> {
  const arrow = await import("apache-arrow").catch((cause: unknown) => {
    throw errors.TABULAR_ARROW_MISSING({ file }, { cause });
  });
  try {
    return arrow.tableFromIPC(await readFile(file));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw errors.TABULAR_FILE_UNREADABLE({ file, reason }, { cause });
  }
}

function chosen(source: TableSource, { columns, without = [] }: ColumnChoice): TableSource {
  selectColumns(source.columns, without);
  const kept = selectColumns(source.columns, columns ?? source.columns.map(({ name }) => name));
  return { ...source, columns: kept.filter(({ name }) => !without.includes(name)) };
}

function isSource(input: object): input is TableSource {
  return typeof (input as Partial<TableSource>).batches === "function";
}

function isMatrix(input: object): input is MatrixTable {
  const { values, columns } = input as Partial<MatrixTable>;
  return ArrayBuffer.isView(values) && Array.isArray(columns) && typeof columns[0] === "string";
}
