import { type Column, isTextColumn, type Table } from "./column.ts";

/** Some rows of a column of numbers; a missing value is NaN. */
export interface NumberBatch {
  readonly kind: "number";
  readonly values: Float64Array;
  /** How many of the values that are NaN stand for no value at all. */
  readonly missing: number;
}

/** Some rows of a column of texts; a missing value is null. */
export interface TextBatch {
  readonly kind: "text";
  readonly values: readonly (string | null)[];
}

export type ColumnBatch = NumberBatch | TextBatch;

/** Some rows of a table, column by column, all of one length. */
export type TableBatch = ReadonlyMap<string, ColumnBatch>;

/** A table in memory as one batch. */
export function batchOf(table: Table): TableBatch {
  return new Map(Object.keys(table).map((name) => [name, columnBatchOf(table[name] as Column)]));
}

function columnBatchOf(column: Column): ColumnBatch {
  if (column instanceof Float64Array) return { kind: "number", values: column, missing: 0 };
  const { length } = column;
  if (isTextColumn(column)) {
    const values = Array.from({ length }, (_, i) => column[i] ?? null);
    return { kind: "text", values };
  }
  const values = new Float64Array(length);
  let missing = 0;
  for (let i = 0; i < length; i += 1) {
    const value = column[i];
    if (value === null || value === undefined) missing += 1;
    values[i] = value ?? NaN;
  }
  return { kind: "number", values, missing };
}
