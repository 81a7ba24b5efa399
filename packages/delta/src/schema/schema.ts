/** Column types of a Delta table that need no table feature, as plain data. */
export type DataType = PrimitiveType | StructType | ArrayType | MapType;

export type PrimitiveType =
  | "string"
  | "long"
  | "integer"
  | "short"
  | "byte"
  | "float"
  | "double"
  | "boolean"
  | "binary"
  | "date"
  /** Microseconds since the Unix epoch, in UTC. */
  | "timestamp"
  | `decimal(${number},${number})`;

export interface StructType {
  readonly type: "struct";
  readonly fields: readonly StructField[];
}

export interface StructField {
  readonly name: string;
  readonly type: DataType;
  readonly nullable: boolean;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface ArrayType {
  readonly type: "array";
  readonly elementType: DataType;
  readonly containsNull: boolean;
}

export interface MapType {
  readonly type: "map";
  readonly keyType: DataType;
  readonly valueType: DataType;
  readonly valueContainsNull: boolean;
}

export function structOf(fields: readonly StructField[]): StructType {
  return { type: "struct", fields };
}

/** A field that may be null. */
export function nullable(
  name: string,
  type: DataType,
  metadata: StructField["metadata"] = {},
): StructField {
  return { name, type, nullable: true, metadata };
}

/** A field that is never null. */
export function required(
  name: string,
  type: DataType,
  metadata: StructField["metadata"] = {},
): StructField {
  return { name, type, nullable: false, metadata };
}

export function arrayOf(elementType: DataType, containsNull = true): ArrayType {
  return { type: "array", elementType, containsNull };
}

export function mapOf(keyType: DataType, valueType: DataType, valueContainsNull = true): MapType {
  return { type: "map", keyType, valueType, valueContainsNull };
}
