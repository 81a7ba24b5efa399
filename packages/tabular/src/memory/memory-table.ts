import type { ColumnBatch } from "@scouter/drift";
import { errors } from "../errors.ts";
import { cellValue } from "../source/cell-value.ts";
import { selectColumns } from "../source/select-columns.ts";
import type { LeftOutColumn, TableColumn, TableSource } from "../source/table-source.ts";

/** Values of one column, one for each row: an array, or a typed array. */
export type ColumnValues = ArrayLike<unknown>;
export type ColumnTable = Readonly<Record<string, ColumnValues>>;
export type RowTable =
  | readonly Readonly<Record<string, unknown>>[]
  | readonly (readonly unknown[])[];
/** Row after row in one typed array, as NumPy has it. */
export interface MatrixTable {
  readonly values: Float64Array | Float32Array | Int32Array;
  /** Names in order; their number is that of the columns. */
  readonly columns: readonly string[];
}

/** A table whose columns are made when they are asked for. */
export interface LazyColumn extends TableColumn {
  readonly read: () => ColumnBatch;
}

export function memorySource(
  columns: readonly LazyColumn[],
  rows: number,
  leftOut: readonly LeftOutColumn[] = [],
): TableSource {
  return {
    columns: columns.map(({ name, kind }) => ({ name, kind })),
    leftOut,
    rows,
    isColumnwise: true,
    async *batches(names) {
      const chosen = selectColumns(columns, names);
      await Promise.resolve();
      if (rows > 0) yield new Map(chosen.map(({ name, read }) => [name, read()]));
    },
    close: () => Promise.resolve(),
  };
}

/** Columns by name, all of one length. Throws TABULAR_INPUT_INVALID, TABULAR_VALUE_INVALID. */
export function columnTable(table: ColumnTable): TableSource {
  const names = Object.keys(table);
  const [first] = names;
  if (first === undefined) throw errors.TABULAR_INPUT_INVALID({ reason: "it has no columns" });
  const rows = (table[first] as ColumnValues).length;
  const columns = names.map((name) => {
    const values = table[name] as ColumnValues;
    if (values.length !== rows) {
      const reason = `'${name}' has ${values.length} rows, '${first}' has ${rows}`;
      throw errors.TABULAR_INPUT_INVALID({ reason });
    }
    return columnOf(name, values.length, (row) => values[row], values);
  });
  return memorySource(columns, rows);
}

/** Rows as objects, or as arrays whose columns are named `feature_0`, `feature_1` ... */
export function rowTable(rows: RowTable): TableSource {
  const [first] = rows;
  if (first === undefined) throw errors.TABULAR_INPUT_INVALID({ reason: "it has no rows" });
  if (Array.isArray(first)) return listTable(rows as readonly (readonly unknown[])[]);
  const objects = rows as readonly Readonly<Record<string, unknown>>[];
  const names = new Set<string>();
  for (const row of objects) for (const name of Object.keys(row)) names.add(name);
  const columns = [...names].map((name) =>
    columnOf(name, objects.length, (row) => ownField(objects[row], name)),
  );
  return memorySource(columns, objects.length);
}

function listTable(rows: readonly (readonly unknown[])[]): TableSource {
  const width = rows[0]?.length ?? 0;
  const odd = rows.findIndex((row) => row.length !== width);
  if (odd >= 0) {
    const reason = `row ${odd} has ${rows[odd]?.length} values, the first has ${width}`;
    throw errors.TABULAR_INPUT_INVALID({ reason });
  }
  const columns = Array.from({ length: width }, (_, i) =>
    columnOf(`feature_${i}`, rows.length, (row) => rows[row]?.[i]),
  );
  return memorySource(columns, rows.length);
}

/** Throws TABULAR_INPUT_INVALID when the values do not fill whole rows. */
export function matrixTable({ values, columns: names }: MatrixTable): TableSource {
  const width = names.length;
  const rows = values.length / width;
  if (!Number.isInteger(rows)) {
    const reason = `${values.length} values do not fill rows of ${width} columns`;
    throw errors.TABULAR_INPUT_INVALID({ reason });
  }
  const columns = names.map((name, column): LazyColumn => ({
    name,
    kind: "number",
    read() {
      const own = new Float64Array(rows);
      for (let row = 0, at = column; row < rows; row += 1, at += width) {
        own[row] = values[at] as number;
      }
      return { kind: "number", values: own, missing: 0 };
    },
  }));
  return memorySource(columns, rows);
}

/** A column is texts when its first value present is none of the kinds of numbers. */
function columnOf(
  name: string,
  rows: number,
  valueAt: (row: number) => unknown,
  whole?: ColumnValues,
): LazyColumn {
  if (whole instanceof Float64Array) {
    return { name, kind: "number", read: () => ({ kind: "number", values: whole, missing: 0 }) };
  }
  let first: number | string | null = null;
  for (let row = 0; row < rows && first === null; row += 1) first = cellValue(valueAt(row));
  return typeof first === "string"
    ? { name, kind: "text", read: () => textsOf(rows, valueAt) }
    : { name, kind: "number", read: () => numbersOf(name, rows, valueAt) };
}

function textsOf(rows: number, valueAt: (row: number) => unknown): ColumnBatch {
  const values = Array.from({ length: rows }, (_, row) => {
    const value = cellValue(valueAt(row));
    return value === null ? null : String(value);
  });
  return { kind: "text", values };
}

function numbersOf(name: string, rows: number, valueAt: (row: number) => unknown): ColumnBatch {
  const values = new Float64Array(rows);
  let missing = 0;
  for (let row = 0; row < rows; row += 1) {
    const value = cellValue(valueAt(row));
    if (typeof value === "string") {
      const where = `row ${row}`;
      throw errors.TABULAR_VALUE_INVALID({ column: name, where, given: value.slice(0, 80) });
    }
    if (value === null) missing += 1;
    values[row] = value ?? NaN;
  }
  return { kind: "number", values, missing };
}

function ownField(row: Readonly<Record<string, unknown>> | undefined, name: string): unknown {
  return row !== undefined && Object.hasOwn(row, name) ? row[name] : undefined;
}
