export type StagedType = "VARCHAR" | "BIGINT" | "INTEGER";
export type StagedValue = string | number | bigint | null;

/**
 * The values of a column for the rows of an entry: one value when it is the same in all of them, as in most columns, whole
 * numbers as a block, else a value for each row.
 */
export type StagedColumn = StagedValue | readonly StagedValue[] | BigInt64Array | Int32Array;

/** `values` are of the column's type or null; those of a BIGINT may be numbers below 2^53. At least one. */
export function packColumn(type: StagedType, values: readonly StagedValue[]): StagedColumn {
  const [first = null] = values;
  if (values.every((value) => value === first)) return first;
  if (type === "VARCHAR" || values.includes(null)) return values;
  return type === "BIGINT"
    ? BigInt64Array.from(values, (value) => BigInt(value as number | bigint))
    : Int32Array.from(values as readonly number[]);
}

export function isOneValue(column: StagedColumn): column is StagedValue {
  return typeof column !== "object" || column === null;
}

export function valueAt(column: StagedColumn, row: number): StagedValue {
  return isOneValue(column) ? column : (column[row] ?? null);
}
