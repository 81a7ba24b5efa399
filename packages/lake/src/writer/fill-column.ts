import duckdb from "@duckdb/node-bindings";
import { isOneValue, type StagedColumn, type StagedType, valueAt } from "./staged-column.ts";

/** Rows of a column that follow each other in an entry. */
export interface ColumnPart {
  readonly column: StagedColumn;
  readonly from: number;
  readonly count: number;
}

/**
 * Writes one column of a data chunk from parts, one behind the other.
 *
 * The client's own way looks at each value several times, and at each null with arithmetic of big integers: of a span's
 * many columns most are null or the same for all rows, which is one call here. Numbers are copied as a block.
 */
export function fillColumn(
  chunk: duckdb.DataChunk,
  index: number,
  type: StagedType,
  parts: readonly ColumnPart[],
): void {
  const vector = duckdb.data_chunk_get_vector(chunk, index);
  const constant = constantOf(type, parts);
  if (constant !== undefined) return duckdb.vector_reference_value(vector, constant);
  switch (type) {
    case "VARCHAR":
      assignTexts(vector, parts);
      break;
    case "BIGINT":
      copyNumbers(vector, new BigInt64Array(rowsOf(parts)), parts, (value) =>
        BigInt((value ?? 0) as number | bigint),
      );
      break;
    case "INTEGER":
      copyNumbers(vector, new Int32Array(rowsOf(parts)), parts, (value) => (value ?? 0) as number);
      break;
  }
  if (parts.some(hasNull)) copyValidity(vector, parts);
}

function rowsOf(parts: readonly ColumnPart[]): number {
  return parts.reduce((sum, { count }) => sum + count, 0);
}

/** The one value of all rows, when there is but one. */
function constantOf(type: StagedType, parts: readonly ColumnPart[]): duckdb.Value | undefined {
  const first = parts[0]?.column;
  if (first === undefined || !isOneValue(first)) return undefined;
  if (parts.some(({ column }) => column !== first)) return undefined;
  if (first === null) return duckdb.create_null_value();
  if (type === "VARCHAR") return duckdb.create_varchar(first as string);
  if (type === "BIGINT") return duckdb.create_int64(BigInt(first));
  return duckdb.create_int32(first as number);
}

function assignTexts(vector: duckdb.Vector, parts: readonly ColumnPart[]): void {
  let at = 0;
  for (const { column, from, count } of parts) {
    for (let row = from; row < from + count; row += 1, at += 1) {
      const text = valueAt(column, row);
      if (typeof text === "string") duckdb.vector_assign_string_element(vector, at, text);
    }
  }
}

function copyNumbers<Numbers extends BigInt64Array | Int32Array>(
  vector: duckdb.Vector,
  numbers: Numbers,
  parts: readonly ColumnPart[],
  numberOf: (value: ReturnType<typeof valueAt>) => Numbers[number],
): void {
  let at = 0;
  for (const { column, from, count } of parts) {
    if (isOneValue(column)) numbers.fill(numberOf(column) as never, at, at + count);
    else
      for (let row = 0; row < count; row += 1)
        numbers[at + row] = numberOf(column[from + row] ?? null);
    at += count;
  }
  duckdb.copy_data_to_vector(vector, 0, numbers.buffer as ArrayBuffer, 0, numbers.byteLength);
}

function hasNull({ column }: ColumnPart): boolean {
  return column === null || (Array.isArray(column) && column.includes(null));
}

/** One bit a row, set where there is a value, in words of 64. */
function copyValidity(vector: duckdb.Vector, parts: readonly ColumnPart[]): void {
  const bits = new Uint8Array(Math.ceil(rowsOf(parts) / 64) * 8);
  let at = 0;
  for (const { column, from, count } of parts) {
    for (let row = from; row < from + count; row += 1, at += 1) {
      if (valueAt(column, row) !== null) bits[at >> 3] = (bits[at >> 3] ?? 0) | (1 << (at & 7));
    }
  }
  duckdb.vector_ensure_validity_writable(vector);
  duckdb.copy_data_to_vector_validity(vector, 0, bits.buffer, 0, bits.byteLength);
}
