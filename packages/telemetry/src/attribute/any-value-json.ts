import { type AttributeValue, checkValueDepth, isAttributeArray } from "./attribute-value.ts";

/** A parsed OTLP/JSON object of unknown shape. 64-bit integers may be numbers, decimal strings or bigints. */
export type JsonRecord = Readonly<Record<string, unknown>>;

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/** The OTLP/JSON form of an AnyValue, all the way down. A value that is not set is `{}`. */
export function anyValueToJson(value: AttributeValue): string {
  switch (typeof value) {
    case "string":
      return `{"stringValue":${JSON.stringify(value)}}`;
    case "boolean":
      return `{"boolValue":${value}}`;
    case "bigint":
      return `{"intValue":"${value}"}`;
    case "number":
      return `{"doubleValue":${anyDoubleText(value)}}`;
    default:
      break;
  }
  if (value === null) return "{}";
  if (value instanceof Uint8Array) return `{"bytesValue":"${base64Of(value)}"}`;
  if (isAttributeArray(value)) {
    return `{"arrayValue":{"values":[${value.map(anyValueToJson).join(",")}]}}`;
  }
  const entries = Array.from(
    value,
    ([key, member]) => `{"key":${JSON.stringify(key)},"value":${anyValueToJson(member)}}`,
  );
  return `{"kvlistValue":{"values":[${entries.join(",")}]}}`;
}

/**
 * Reads an OTLP/JSON AnyValue. Lenient: a missing or unusable member is null, member names may be snake case, an
 * integer may be a number or text, a double may be `"NaN"`, `"Infinity"`, `"-Infinity"` or null (some senders write
 * NaN so, hence null stays null), bytes may be base64 in either alphabet.
 *
 * `depth` is the number of containers around the value. Throws `OTLP_VALUE_TOO_DEEP`.
 */
export function anyValueFromJson(json: unknown, depth = 0): AttributeValue {
  if (!isJsonRecord(json)) return null;
  const text = json.stringValue ?? json.string_value;
  if (typeof text === "string") return text;
  const integer = json.intValue ?? json.int_value;
  if (integer !== undefined && integer !== null) return integerFromJson(integer);
  const double = json.doubleValue ?? json.double_value;
  if (double !== undefined && double !== null) return doubleFromJson(double);
  const truth = json.boolValue ?? json.bool_value;
  if (truth !== undefined && truth !== null) return truth === true || truth === "true";
  return containerFromJson(json, depth + 1);
}

function containerFromJson(json: JsonRecord, depth: number): AttributeValue {
  const array = json.arrayValue ?? json.array_value;
  if (isJsonRecord(array)) {
    checkValueDepth(depth);
    return listOf(array.values).map((value) => anyValueFromJson(value, depth));
  }
  const map = json.kvlistValue ?? json.kvlist_value;
  if (isJsonRecord(map)) {
    checkValueDepth(depth);
    return mapFromJson(listOf(map.values), depth);
  }
  const bytes = json.bytesValue ?? json.bytes_value;
  return typeof bytes === "string" ? bytesFromBase64(bytes) : null;
}

function mapFromJson(entries: readonly unknown[], depth: number): AttributeValue {
  const map = new Map<string, AttributeValue>();
  for (const entry of entries) {
    if (isJsonRecord(entry)) map.set(textOf(entry.key), anyValueFromJson(entry.value, depth));
  }
  return map;
}

/** What cannot be a 64-bit integer keeps what was written: a number as a double, text as a string. */
function integerFromJson(given: unknown): AttributeValue {
  if (typeof given === "number" && Number.isInteger(given)) return int64Or(BigInt(given), given);
  if (typeof given === "number") return given;
  if (typeof given === "bigint") return int64Or(given, given.toString());
  if (typeof given !== "string") return null;
  return /^-?\d{1,20}$/.test(given) ? int64Or(BigInt(given), given) : given;
}

function int64Or(value: bigint, otherwise: AttributeValue): AttributeValue {
  return value >= INT64_MIN && value <= INT64_MAX ? value : otherwise;
}

function doubleFromJson(given: unknown): AttributeValue {
  if (typeof given === "number") return given;
  if (typeof given === "bigint") return Number(given);
  if (typeof given !== "string" || given.trim() === "") return null;
  const value = Number(given);
  return Number.isNaN(value) && given !== "NaN" ? null : value;
}

/** JSON of a double that may stand inside an AnyValue, where the member name already says that it is one. */
function anyDoubleText(value: number): string {
  if (!Number.isFinite(value)) return `"${nonFiniteText(value)}"`;
  return Object.is(value, -0) ? "-0.0" : String(value);
}

export function nonFiniteText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  return value > 0 ? "Infinity" : "-Infinity";
}

export function base64Of(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

function bytesFromBase64(text: string): Uint8Array {
  // A copy: Buffer.from may hand out a slice of the shared pool, and callers compare and transfer plain arrays.
  return Uint8Array.from(Buffer.from(text, "base64"));
}

export function isJsonRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An array as it is, anything else as an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A string as it is, anything else as "". */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
