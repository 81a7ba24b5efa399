import type { ColumnBatch } from "@scouter/drift";
import { type LazyColumn, memorySource } from "../memory/memory-table.ts";
import { cellValue } from "../source/cell-value.ts";
import type { LeftOutColumn, TableSource } from "../source/table-source.ts";

/** The part of apache-arrow's `Table` that is used: any version's will do, and the package itself is not needed. */
export interface ArrowTable {
  readonly numRows: number;
  readonly schema: {
    readonly fields: readonly {
      readonly name: string;
      readonly type: { readonly typeId: number; toString(): string };
    }[];
  };
  getChild(name: string): ArrowVector | null;
}

interface ArrowVector {
  readonly length: number;
  readonly nullCount: number;
  get(index: number): unknown;
  toArray(): unknown;
}

export function isArrowTable(input: object): input is ArrowTable {
  const { schema, numRows, getChild } = input as Partial<ArrowTable>;
  return typeof getChild === "function" && typeof numRows === "number" && schema !== undefined;
}

/** Type ids of the Arrow specification as apache-arrow numbers them. */
const NUMBER_TYPES = new Set([2, 3]);
const TEXT_TYPES = new Set([5, 6, 20]);
const TIME_TYPES = new Set([8, 10]);
const DICTIONARY = -1;

/** An Arrow table in memory. Decimals, intervals and nested columns are left out. */
export function arrowTable(table: ArrowTable): TableSource {
  const columns: LazyColumn[] = [];
  const leftOut: LeftOutColumn[] = [];
  for (const { name, type } of table.schema.fields) {
    const vector = table.getChild(name);
    const read = vector === null ? undefined : reader(type, vector);
    if (read === undefined) leftOut.push({ name, reason: `type ${type.toString()}` });
    else columns.push({ name, ...read });
  }
  return memorySource(columns, table.numRows, leftOut);
}

function reader(
  type: { readonly typeId: number; toString(): string },
  vector: ArrowVector,
): Pick<LazyColumn, "kind" | "read"> | undefined {
  const { typeId } = type;
  if (NUMBER_TYPES.has(typeId)) {
    // Half floats come as their bits.
    const isHalf = type.toString() === "Float16";
    return { kind: "number", read: () => numbersOf(vector, isHalf) };
  }
  if (TEXT_TYPES.has(typeId) || typeId === DICTIONARY) {
    return { kind: "text", read: () => textsOf(vector, cellValue) };
  }
  if (TIME_TYPES.has(typeId)) return { kind: "text", read: () => textsOf(vector, timeText) };
  return undefined;
}

function numbersOf(vector: ArrowVector, isHalf: boolean): ColumnBatch {
  const whole = vector.nullCount === 0 && !isHalf ? vector.toArray() : undefined;
  if (whole instanceof Float64Array) return { kind: "number", values: whole, missing: 0 };
  const values = new Float64Array(vector.length);
  let missing = 0;
  for (let row = 0; row < values.length; row += 1) {
    const value = vector.get(row) as number | bigint | null;
    if (value === null) missing += 1;
    values[row] = value === null ? NaN : Number(value);
  }
  return { kind: "number", values, missing };
}

function textsOf(
  vector: ArrowVector,
  textOf: (value: unknown) => number | string | null,
): ColumnBatch {
  const values = Array.from({ length: vector.length }, (_, row) => {
    const value = textOf(vector.get(row));
    return value === null ? null : String(value);
  });
  return { kind: "text", values };
}

/** Times come as milliseconds, or as a Date. */
function timeText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const time = value instanceof Date ? value : new Date(Number(value));
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
