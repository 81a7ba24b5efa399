import duckdb from "@duckdb/node-bindings";

export type StagedType = "VARCHAR" | "BIGINT" | "INTEGER";
export type StagedValue = string | number | bigint | null;

/**
 * Writes one column of a data chunk: `values` has a value of the column's type, or null, for each row.
 *
 * The client's own way looks at each value several times, and at each null with arithmetic of big integers: of a span's
 * many columns most are null or the same for all rows, which is one call here. Numbers are copied as a block.
 */
export function fillColumn(
  chunk: duckdb.DataChunk,
  column: number,
  type: StagedType,
  values: readonly StagedValue[],
): void {
  const vector = duckdb.data_chunk_get_vector(chunk, column);
  const constant = constantOf(type, values);
  if (constant !== undefined) return duckdb.vector_reference_value(vector, constant);
  switch (type) {
    case "VARCHAR":
      for (let row = 0; row < values.length; row += 1) {
        const text = values[row];
        if (typeof text === "string") duckdb.vector_assign_string_element(vector, row, text);
      }
      break;
    case "BIGINT":
      copyNumbers(
        vector,
        BigInt64Array.from(values, (value) => (value ?? 0n) as bigint),
      );
      break;
    case "INTEGER":
      copyNumbers(
        vector,
        Int32Array.from(values, (value) => (value ?? 0) as number),
      );
      break;
  }
  if (values.includes(null)) copyValidity(vector, values);
}

/** The one value of all rows, when there is but one. */
function constantOf(type: StagedType, values: readonly StagedValue[]): duckdb.Value | undefined {
  const [first] = values;
  if (first === undefined || values.some((value) => value !== first)) return undefined;
  if (first === null) return duckdb.create_null_value();
  if (type === "VARCHAR") return duckdb.create_varchar(first as string);
  if (type === "BIGINT") return duckdb.create_int64(first as bigint);
  return duckdb.create_int32(first as number);
}

function copyNumbers(vector: duckdb.Vector, numbers: BigInt64Array | Int32Array): void {
  duckdb.copy_data_to_vector(vector, 0, numbers.buffer as ArrayBuffer, 0, numbers.byteLength);
}

/** One bit a row, set where there is a value, in words of 64. */
function copyValidity(vector: duckdb.Vector, values: readonly StagedValue[]): void {
  const bits = new Uint8Array(Math.ceil(values.length / 64) * 8);
  for (let row = 0; row < values.length; row += 1) {
    if (values[row] !== null) bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7));
  }
  duckdb.vector_ensure_validity_writable(vector);
  duckdb.copy_data_to_vector_validity(vector, 0, bits.buffer, 0, bits.byteLength);
}
