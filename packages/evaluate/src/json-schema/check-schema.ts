import type { Json, JsonObject } from "@scouter/contracts";
import { jsonEquals } from "../json/json-equals.ts";
import { itemsOf, member, numberMember, textMember } from "../json/json-member.ts";
import { isJsonArray, isJsonObject, isNumber, jsonType } from "../json/json-type.ts";

/** Deep enough for answers; ends schemas that refer to themselves. */
const MAX_DEPTH = 64;

/**
 * Why a value does not fit a JSON schema, or undefined when it does. Knows what structured answers are described with:
 * types, enumerations, objects, arrays, bounds, combinations and references inside the schema. Other keywords (patterns
 * and formats among them) are not looked at: vendors do not enforce them either.
 */
export function schemaMismatch(value: Json, schema: Json): string | undefined {
  return mismatch(value, schema, { root: schema, at: "", depth: 0 });
}

interface Place {
  readonly root: Json;
  /** Where in the value, as a path; "" at the root. */
  readonly at: string;
  readonly depth: number;
}

function mismatch(value: Json, schema: Json, place: Place): string | undefined {
  if (schema === false) return `${shown(place)} may not be there`;
  if (!isJsonObject(schema)) return undefined;
  if (place.depth > MAX_DEPTH) return `${shown(place)} is nested too deep`;
  const reference = textMember(schema, "$ref");
  if (reference !== null) {
    return mismatch(value, resolveReference(reference, place.root), deeper(place, place.at));
  }
  return (
    typeMismatch(value, schema, place) ??
    boundMismatch(value, schema, place) ??
    combinationMismatch(value, schema, place) ??
    (isJsonObject(value) ? objectMismatch(value, schema, place) : undefined) ??
    (isJsonArray(value) ? arrayMismatch(value, schema, place) : undefined)
  );
}

function typeMismatch(value: Json, schema: JsonObject, place: Place): string | undefined {
  const type = schema["type"];
  const types = type === undefined ? [] : isJsonArray(type) ? type : [type];
  if (types.length > 0 && !types.some((name) => hasType(value, name))) {
    const names = types.filter((name) => typeof name === "string");
    return `${shown(place)} is ${jsonType(value)}, expected ${names.join(" or ")}`;
  }
  const allowed = schema["enum"];
  if (allowed !== undefined && isJsonArray(allowed) && !includes(allowed, value)) {
    return `${shown(place)} is not one of the allowed values`;
  }
  const only = schema["const"];
  return only !== undefined && !jsonEquals(value, only)
    ? `${shown(place)} is not the allowed value`
    : undefined;
}

function hasType(value: Json, name: Json): boolean {
  return name === "integer" ? Number.isInteger(value) : jsonType(value) === name;
}

function includes(allowed: readonly Json[], value: Json): boolean {
  return allowed.some((one) => jsonEquals(one, value));
}

function boundMismatch(value: Json, schema: JsonObject, place: Place): string | undefined {
  const measured = measure(value);
  if (measured === undefined) return undefined;
  const { size, low, high } = measured;
  const least = numberMember(schema, low);
  if (least !== null && size < least) return `${shown(place)} is below ${low} ${least}`;
  const most = numberMember(schema, high);
  if (most !== null && size > most) return `${shown(place)} is above ${high} ${most}`;
  if (!isNumber(value)) return undefined;
  const above = numberMember(schema, "exclusiveMinimum");
  const below = numberMember(schema, "exclusiveMaximum");
  const inside = value > (above ?? -Infinity) && value < (below ?? Infinity);
  return inside ? undefined : `${shown(place)} is out of its exclusive bounds`;
}

function measure(value: Json) {
  if (isNumber(value)) return { size: value, low: "minimum", high: "maximum" };
  if (typeof value === "string") {
    return { size: codePoints(value), low: "minLength", high: "maxLength" };
  }
  return isJsonArray(value) ? { size: value.length, low: "minItems", high: "maxItems" } : undefined;
}

/** JSON Schema counts characters of Unicode, not units of UTF-16. */
function codePoints(text: string): number {
  return Array.from(text).length;
}

function combinationMismatch(value: Json, schema: JsonObject, place: Place): string | undefined {
  const fits = (one: Json) => mismatch(value, one, deeper(place, place.at)) === undefined;
  for (const one of itemsOf(schema, "allOf")) {
    const reason = mismatch(value, one, deeper(place, place.at));
    if (reason !== undefined) return reason;
  }
  const any = itemsOf(schema, "anyOf");
  if (any.length > 0 && !any.some(fits)) return `${shown(place)} fits none of anyOf`;
  const one = itemsOf(schema, "oneOf");
  return one.length > 0 && one.filter(fits).length !== 1
    ? `${shown(place)} does not fit exactly one of oneOf`
    : undefined;
}

function objectMismatch(value: JsonObject, schema: JsonObject, place: Place): string | undefined {
  for (const name of itemsOf(schema, "required")) {
    if (typeof name === "string" && !Object.hasOwn(value, name)) {
      return `${shown(place)} lacks '${name}'`;
    }
  }
  const properties = member(schema, "properties");
  const known = isJsonObject(properties) ? properties : {};
  const others = schema["additionalProperties"] ?? true;
  for (const [name, item] of Object.entries(value)) {
    const described = Object.hasOwn(known, name) ? (known[name] ?? true) : others;
    const at = place.at === "" ? name : `${place.at}.${name}`;
    const reason = mismatch(item, described, deeper(place, at));
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function arrayMismatch(
  value: readonly Json[],
  schema: JsonObject,
  place: Place,
): string | undefined {
  const items = schema["items"];
  if (items === undefined) return undefined;
  for (const [index, item] of value.entries()) {
    const reason = mismatch(item, items, deeper(place, `${place.at}[${index}]`));
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function resolveReference(reference: string, root: Json): Json {
  if (!reference.startsWith("#")) return true;
  let found = root;
  for (const step of reference.slice(1).split("/").filter(Boolean)) {
    found = member(found, decodePointer(step));
  }
  return found;
}

/** A step of a JSON pointer, RFC 6901. */
function decodePointer(step: string): string {
  return step.replaceAll("~1", "/").replaceAll("~0", "~");
}

function deeper(place: Place, at: string): Place {
  return { root: place.root, at, depth: place.depth + 1 };
}

function shown({ at }: Place): string {
  return at === "" ? "the answer" : `'${at}'`;
}
