import { errors } from "../errors.ts";

/**
 * An OTLP AnyValue as JavaScript values: the run-time type tells the variant.
 *
 * | OTLP | here |
 * | --- | --- |
 * | not set | `null` |
 * | bool | `boolean` |
 * | int (64 bits, signed) | `bigint` |
 * | double | `number`, always: `5` is the double 5.0 |
 * | string | `string` |
 * | bytes | `Uint8Array` |
 * | array | array |
 * | kvlist | `Map`, insertion order kept, last value of a repeated key |
 */
export type AttributeValue =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | readonly AttributeValue[]
  | AttributeMap;

export interface AttributeMap extends ReadonlyMap<string, AttributeValue> {}

/** Levels of arrays and maps that a value may have; deeper ones could exhaust the stack of whoever reads them. */
export const MAX_VALUE_DEPTH = 64;

/** Throws `OTLP_VALUE_TOO_DEEP`. `depth` counts containers: 1 for a container that is the attribute's value. */
export function checkValueDepth(depth: number): void {
  if (depth > MAX_VALUE_DEPTH) throw errors.OTLP_VALUE_TOO_DEEP({ allowed: MAX_VALUE_DEPTH });
}

export function isAttributeArray(value: AttributeValue): value is readonly AttributeValue[] {
  return Array.isArray(value);
}

/** The members of OTLP/JSON's AnyValue; a map with one of these as its only key would be mistaken for one. */
export const ANY_VALUE_MEMBERS: ReadonlySet<string> = new Set([
  "stringValue",
  "boolValue",
  "intValue",
  "doubleValue",
  "arrayValue",
  "kvlistValue",
  "bytesValue",
]);
