import type { Json } from "@scouter/contracts";
import { MAX_JSON_DEPTH } from "../limits.ts";

/** What stands in a result for a part of a value that lies too deep to be written as JSON safely. */
export const TOO_DEEP = "(nested too deep)";

/**
 * A value that any JSON writer and the database accept: NaN and the infinities become their names, `undefined` and
 * functions null, big integers text, and what lies deeper than `MAX_JSON_DEPTH` is cut. A value that needs no change
 * is returned as it is, not copied.
 */
export function storableJson(value: unknown, depth = 0): Json {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "bigint":
      return String(value);
    case "object":
      if (value === null) return null;
      if (depth > MAX_JSON_DEPTH) return TOO_DEEP;
      return Array.isArray(value) ? storableArray(value, depth) : storableObject(value, depth);
    default:
      return null;
  }
}

function storableArray(items: readonly unknown[], depth: number): Json {
  const stored = items.map((item) => storableJson(item, depth + 1));
  return stored.some((item, index) => item !== items[index]) ? stored : (items as Json[]);
}

function storableObject(object: object, depth: number): Json {
  const entries = Object.entries(object) as [string, unknown][];
  let changed = false;
  const stored = entries.map(([key, value]): [string, Json] => {
    const kept = storableJson(value, depth + 1);
    changed ||= kept !== value;
    return [key, kept];
  });
  return changed ? Object.fromEntries(stored) : (object as Json);
}
