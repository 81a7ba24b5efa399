import { anyValueToJson, base64Of, nonFiniteText } from "./any-value-json.ts";
import { ANY_VALUE_MEMBERS, type AttributeValue, isAttributeArray } from "./attribute-value.ts";

/** Integers up to here (included, either sign) are exact as doubles, so plain JSON numbers carry them. */
export const LARGEST_PLAIN_INTEGER = 2n ** 53n;

/**
 * Writes an attribute value as JSON text, losslessly: `jsonToAttributeValue` reads the same value back.
 *
 * - double: shortest decimal that reads back, always with a point or an exponent: `5.0`, `-0.0`, `1e+300`
 * - int: `42`; beyond 2^53 `{"intValue":"9007199254740993"}`
 * - bytes: `{"bytesValue":"<base64, padded>"}`; NaN and infinities: `{"doubleValue":"NaN"}`
 * - array, map: JSON array and object of the same rule, in order; no value: `null`
 * - a map whose only key is a member name of AnyValue: `{"kvlistValue":{"values":[...]}}` in OTLP/JSON throughout
 *
 * A plain JSON reader thus sees plain values, but for the escaped forms, each an object with one key.
 */
export function attributeValueToJson(value: AttributeValue): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "boolean":
      return value ? "true" : "false";
    case "bigint":
      return integerToJson(value);
    case "number":
      return doubleToJson(value);
    default:
      return containerToJson(value);
  }
}

export function integerToJson(value: bigint): string {
  const plain = value <= LARGEST_PLAIN_INTEGER && value >= -LARGEST_PLAIN_INTEGER;
  return plain ? value.toString() : `{"intValue":"${value}"}`;
}

export function doubleToJson(value: number): string {
  if (!Number.isFinite(value)) return `{"doubleValue":"${nonFiniteText(value)}"}`;
  return finiteDoubleText(value);
}

/** Integral doubles are written by JavaScript without a point up to 1e21, and -0 without its sign. */
function finiteDoubleText(value: number): string {
  if (Object.is(value, -0)) return "-0.0";
  const text = String(value);
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? `${text}.0` : text;
}

function containerToJson(
  value: Exclude<AttributeValue, boolean | bigint | number | string>,
): string {
  if (value === null) return "null";
  if (value instanceof Uint8Array) return `{"bytesValue":"${base64Of(value)}"}`;
  if (isAttributeArray(value)) return `[${value.map(attributeValueToJson).join(",")}]`;
  if (looksEscaped(value)) return anyValueToJson(value);
  const members = Array.from(
    value,
    ([key, member]) => `${JSON.stringify(key)}:${attributeValueToJson(member)}`,
  );
  return `{${members.join(",")}}`;
}

function looksEscaped(map: ReadonlyMap<string, AttributeValue>): boolean {
  if (map.size !== 1) return false;
  for (const key of map.keys()) return ANY_VALUE_MEMBERS.has(key);
  return false;
}
