import type { Protocol, TableMetadata } from "../action/action.ts";
import { errors } from "../errors.ts";
import type { DataType, StructType } from "../schema/schema.ts";

/** What this package writes. Reader 1 / writer 2 is understood by every Delta reader. */
export const SUPPORTED_PROTOCOL: Protocol = { minReaderVersion: 1, minWriterVersion: 2 };

/** Throws `DELTA_PROTOCOL_UNSUPPORTED` for a table we could misread or damage. */
export function requireSupported(table: string, protocol: Protocol): void {
  const found: string[] = [];
  if (protocol.minReaderVersion > SUPPORTED_PROTOCOL.minReaderVersion) {
    found.push(`reader version ${protocol.minReaderVersion}`);
  }
  if (protocol.minWriterVersion > SUPPORTED_PROTOCOL.minWriterVersion) {
    found.push(`writer version ${protocol.minWriterVersion}`);
  }
  const features = new Set([
    ...(protocol.readerFeatures ?? []),
    ...(protocol.writerFeatures ?? []),
  ]);
  if (features.size > 0) found.push(`the features ${[...features].join(", ")}`);
  if (found.length > 0) {
    throw errors.DELTA_PROTOCOL_UNSUPPORTED({ table, found: found.join(" and ") });
  }
}

/**
 * Writer version 2 has to enforce column invariants, which means evaluating SQL on every row. We only see files, so a
 * table with invariants is refused for writing.
 */
export function requireWritable(table: string, schema: StructType): void {
  const column = columnWithInvariant(schema, "");
  if (column !== undefined) {
    throw errors.DELTA_PROTOCOL_UNSUPPORTED({ table, found: `an invariant on column '${column}'` });
  }
}

function columnWithInvariant(type: DataType, where: string): string | undefined {
  if (typeof type === "string") return undefined;
  if (type.type === "array") return columnWithInvariant(type.elementType, where);
  if (type.type === "map") {
    return columnWithInvariant(type.keyType, where) ?? columnWithInvariant(type.valueType, where);
  }
  for (const field of type.fields) {
    const at = where === "" ? field.name : `${where}.${field.name}`;
    if ("delta.invariants" in field.metadata) return at;
    const inner = columnWithInvariant(field.type, at);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/** Whether the table's owner allowed files to be added only. */
export function isAppendOnly(metadata: TableMetadata): boolean {
  return metadata.configuration["delta.appendOnly"]?.toLowerCase() === "true";
}
