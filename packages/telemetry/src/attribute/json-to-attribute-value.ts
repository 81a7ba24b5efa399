import { anyValueFromJson } from "./any-value-json.ts";
import { type ScannedJson, scanJson } from "./attribute-json-scanner.ts";
import { ANY_VALUE_MEMBERS, type AttributeValue } from "./attribute-value.ts";

/**
 * The inverse of `attributeValueToJson`. Text that another JSON writer made is read by the same rule: a number
 * without point and exponent is an int, of a repeated key the last value counts.
 *
 * Throws `TELEMETRY_ATTRIBUTE_JSON_INVALID` when the text is not JSON.
 */
export function jsonToAttributeValue(text: string): AttributeValue {
  return interpret(scanJson(text));
}

function interpret(json: ScannedJson): AttributeValue {
  if (Array.isArray(json)) return json.map(interpret);
  if (!(json instanceof Map)) return json;
  if (isEscapedForm(json)) return anyValueFromJson(plainObjectOf(json));
  const members = Array.from(json, ([key, value]) => [key, interpret(value)] as const);
  return new Map(members);
}

function isEscapedForm(object: ReadonlyMap<string, ScannedJson>): boolean {
  if (object.size !== 1) return false;
  for (const key of object.keys()) return ANY_VALUE_MEMBERS.has(key);
  return false;
}

/** Inside an escaped form the order of an object's members says nothing, so plain objects serve. */
function plainObjectOf(json: ScannedJson): unknown {
  if (Array.isArray(json)) return json.map(plainObjectOf);
  if (!(json instanceof Map)) return json;
  return Object.fromEntries(Array.from(json, ([key, value]) => [key, plainObjectOf(value)]));
}
