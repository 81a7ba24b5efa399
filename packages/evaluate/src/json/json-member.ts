import type { Json } from "@scouter/contracts";
import { isJsonArray, isJsonObject, isNumber } from "./json-type.ts";

// Tolerant readers for data of other people's making: what is missing or of another type is null or empty, no error.

/** The first of these members that is there and not null. */
export function member(value: Json, ...names: readonly string[]): Json {
  if (!isJsonObject(value)) return null;
  for (const name of names) {
    const found = Object.hasOwn(value, name) ? value[name] : undefined;
    if (found !== undefined && found !== null) return found;
  }
  return null;
}

export function textMember(value: Json, ...names: readonly string[]): string | null {
  const found = member(value, ...names);
  return typeof found === "string" ? found : null;
}

export function numberMember(value: Json, ...names: readonly string[]): number | null {
  const found = member(value, ...names);
  return isNumber(found) ? found : null;
}

/** Elements of a member that is an array, else none. */
export function itemsOf(value: Json, ...names: readonly string[]): readonly Json[] {
  const found = member(value, ...names);
  return isJsonArray(found) ? found : [];
}

/** A JSON text as its value; null when it is not JSON. What is no text is returned as it is. */
export function parsedText(value: Json): Json {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    // The caller's data is broken, not ours: an absent value says so in every result.
    return null;
  }
}
