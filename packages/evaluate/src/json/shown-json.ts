import type { Json } from "@scouter/contracts";
import { MAX_SHOWN_CHARACTERS } from "../limits.ts";
import { storableJson } from "./storable-json.ts";

/** A value as messages show it: JSON, cut between characters (never inside a surrogate pair) at the limit. */
export function shownJson(value: Json): string {
  if (typeof value === "number" || typeof value === "boolean" || value === null) {
    return String(value);
  }
  if (typeof value === "string") return shownText(value);
  return cut(JSON.stringify(storableJson(value)) ?? "null");
}

/** A long text is cut before it is quoted, so that a message about 5 MB costs no 5 MB. */
function shownText(text: string): string {
  return cut(JSON.stringify(text.slice(0, 2 * MAX_SHOWN_CHARACTERS)));
}

function cut(text: string): string {
  if (text.length <= MAX_SHOWN_CHARACTERS) return text;
  return `${text
    .slice(0, MAX_SHOWN_CHARACTERS)
    .toWellFormed()
    .replace(/\uFFFD$/u, "")}...`;
}
