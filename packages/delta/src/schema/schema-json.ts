import { errors } from "../errors.ts";
import type { DataType, PrimitiveType, StructField, StructType } from "./schema.ts";

const PRIMITIVES = new Set<string>([
  "string",
  "long",
  "integer",
  "short",
  "byte",
  "float",
  "double",
  "boolean",
  "binary",
  "date",
  "timestamp",
] satisfies PrimitiveType[]);

/** Parquet refuses these in column names unless column mapping is on, which needs a newer protocol. */
const FORBIDDEN_IN_NAMES = /[ ,;{}()\n\t=]/;

/** The `schemaString` of a metaData action. */
export function encodeSchema(schema: StructType): string {
  checkSchema(schema);
  return JSON.stringify(schema);
}

/** Reads a `schemaString`; throws `DELTA_SCHEMA_INVALID` for types that need a table feature. */
export function decodeSchema(schemaString: string): StructType {
  let parsed: unknown;
  try {
    parsed = JSON.parse(schemaString);
  } catch (error) {
    throw errors.DELTA_SCHEMA_INVALID({ where: "", reason: "is not JSON" }, { cause: error });
  }
  const schema = dataType(parsed, "");
  if (typeof schema === "string" || schema.type !== "struct") {
    throw errors.DELTA_SCHEMA_INVALID({ where: "", reason: "is not a struct" });
  }
  return schema;
}

/** Throws `DELTA_SCHEMA_INVALID` unless every column can be written as it is named and typed. */
export function checkSchema(schema: StructType): void {
  checkNames(dataType(schema, ""), "");
}

function dataType(value: unknown, where: string): DataType {
  if (typeof value === "string") return primitive(value, where);
  if (typeof value !== "object" || value === null || !("type" in value)) {
    throw errors.DELTA_SCHEMA_INVALID({ where, reason: "is not a type" });
  }
  const type = value as Readonly<Record<string, unknown>>;
  switch (type.type) {
    case "struct":
      return { type: "struct", fields: list(type.fields, where).map((f) => field(f, where)) };
    case "array":
      return {
        type: "array",
        elementType: dataType(type.elementType, `${where}[]`),
        containsNull: type.containsNull === true,
      };
    case "map":
      return {
        type: "map",
        keyType: dataType(type.keyType, `${where}.key`),
        valueType: dataType(type.valueType, `${where}.value`),
        valueContainsNull: type.valueContainsNull === true,
      };
    default:
      throw errors.DELTA_SCHEMA_INVALID({ where, reason: `has the type '${String(type.type)}'` });
  }
}

function primitive(name: string, where: string): PrimitiveType {
  const isKnown = PRIMITIVES.has(name) || /^decimal\(\d{1,2},\d{1,2}\)$/.test(name);
  if (!isKnown) throw errors.DELTA_SCHEMA_INVALID({ where, reason: `has the type '${name}'` });
  return name as PrimitiveType;
}

function field(value: unknown, parent: string): StructField {
  const fields = value as Readonly<Record<string, unknown>> | null;
  if (typeof fields !== "object" || fields === null || typeof fields.name !== "string") {
    throw errors.DELTA_SCHEMA_INVALID({ where: parent, reason: "has a field without a name" });
  }
  const where = parent === "" ? fields.name : `${parent}.${fields.name}`;
  const metadata = (fields.metadata ?? {}) as StructField["metadata"];
  return {
    name: fields.name,
    type: dataType(fields.type, where),
    nullable: fields.nullable !== false,
    metadata,
  };
}

function list(value: unknown, where: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw errors.DELTA_SCHEMA_INVALID({ where, reason: "has no list of fields" });
}

function checkNames(type: DataType, where: string): void {
  if (typeof type === "string") return;
  if (type.type === "array") return checkNames(type.elementType, `${where}[]`);
  if (type.type === "map") {
    checkNames(type.keyType, `${where}.key`);
    return checkNames(type.valueType, `${where}.value`);
  }
  if (type.fields.length === 0) {
    throw errors.DELTA_SCHEMA_INVALID({ where, reason: "has no fields" });
  }
  const seen = new Set<string>();
  for (const { name, type: fieldType } of type.fields) {
    const at = where === "" ? name : `${where}.${name}`;
    checkName(name, at, seen);
    checkNames(fieldType, at);
  }
}

/** Names are compared without case: most engines cannot address two columns that differ by case alone. */
function checkName(name: string, where: string, seen: Set<string>): void {
  if (name === "" || FORBIDDEN_IN_NAMES.test(name)) {
    throw errors.DELTA_SCHEMA_INVALID({ where, reason: `has the name '${name}'` });
  }
  if (seen.has(name.toLowerCase())) {
    throw errors.DELTA_SCHEMA_INVALID({ where, reason: "appears twice, case aside" });
  }
  seen.add(name.toLowerCase());
}
