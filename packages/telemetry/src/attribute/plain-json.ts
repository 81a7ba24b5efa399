import type { Json } from "@scouter/contracts";
import { base64Of } from "./any-value-json.ts";
import { type AttributeValue, isAttributeArray } from "./attribute-value.ts";
import { LARGEST_PLAIN_INTEGER } from "./attribute-value-to-json.ts";
import { jsonToAttributeValue } from "./json-to-attribute-value.ts";

/** Every escaped form has a key that ends so; text without it is plain JSON already. */
const ESCAPED_KEY_END = 'Value"';

/**
 * The value behind an attribute's JSON text as API replies show it: bytes as base64 text, integers beyond 2^53 as
 * decimal text, NaN and infinities as null. Not for `SpanRow.input` and `.output`, which are ordinary JSON.
 *
 * Throws `TELEMETRY_ATTRIBUTE_JSON_INVALID` when the text is not JSON.
 */
export function plainJsonOf(text: string): Json {
  if (text.includes(ESCAPED_KEY_END)) return plainJsonOfValue(jsonToAttributeValue(text));
  try {
    return JSON.parse(text) as Json;
  } catch {
    // The scanner refuses the same text, and names the position.
    return plainJsonOfValue(jsonToAttributeValue(text));
  }
}

/** As `plainJsonOf`, from the value itself. */
export function plainJsonOfValue(value: AttributeValue): Json {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) ? value : null;
    case "bigint":
      return value <= LARGEST_PLAIN_INTEGER && value >= -LARGEST_PLAIN_INTEGER
        ? Number(value)
        : value.toString();
    default:
      break;
  }
  if (value === null) return null;
  if (value instanceof Uint8Array) return base64Of(value);
  if (isAttributeArray(value)) return value.map(plainJsonOfValue);
  return Object.fromEntries(
    Array.from(value, ([key, member]) => [key, plainJsonOfValue(member)] as const),
  );
}
