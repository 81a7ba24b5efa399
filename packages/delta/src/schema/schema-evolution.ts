import { errors } from "../errors.ts";
import type { DataType, StructField, StructType } from "./schema.ts";

/**
 * The schema with the fields that it lacks added at its end; the same object when it has all of them. Throws
 * `DELTA_SCHEMA_INVALID` for a field that is not nullable, which rows written before could not have, or that exists
 * with another type.
 */
export function withColumns(schema: StructType, fields: readonly StructField[]): StructType {
  const known = new Map(schema.fields.map((field) => [field.name.toLowerCase(), field]));
  const added: StructField[] = [];
  for (const field of fields) {
    const existing = known.get(field.name.toLowerCase());
    if (existing && (existing.name !== field.name || !isSameType(existing.type, field.type))) {
      refuse(field.name, "exists with another type or in another spelling");
    }
    if (!existing && !field.nullable) {
      refuse(field.name, "is not nullable, but the rows that are there do not have it");
    }
    if (!existing) added.push(field);
  }
  return added.length === 0 ? schema : { ...schema, fields: [...schema.fields, ...added] };
}

/** Throws `DELTA_SCHEMA_INVALID` unless files written for `before` can be read as `after`. */
export function checkEvolution(before: StructType, after: StructType): void {
  const present = new Map(after.fields.map((field) => [field.name, field]));
  for (const field of before.fields) {
    const now = present.get(field.name);
    if (!now) refuse(field.name, "would be dropped, which needs a feature this package lacks");
    if (!isSameType(field.type, now.type)) refuse(field.name, "would get another type");
    if (field.nullable && !now.nullable) refuse(field.name, "would no longer be nullable");
  }
  withColumns(before, after.fields);
}

function isSameType(a: DataType, b: DataType): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function refuse(where: string, reason: string): never {
  throw errors.DELTA_SCHEMA_INVALID({ where, reason });
}
