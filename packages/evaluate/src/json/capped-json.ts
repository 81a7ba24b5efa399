import type { Json } from "@scouter/contracts";

/** Stands in a result for a value that is too large to be kept. */
export interface CutValue {
  readonly truncated: true;
  /** The most that is kept. */
  readonly max_bytes: number;
  /** The first characters of the value: of a text itself, else of its JSON. */
  readonly beginning: string;
  readonly [member: string]: Json;
}

const BEGINNING_CHARACTERS = 2_000;

/**
 * A value, or what stands for it when its JSON would be larger than about `maxBytes`: results are kept for months and
 * read in lists. The size is estimated without writing the JSON, and no more is looked at than needed.
 */
export function cappedJson(value: Json, maxBytes: number): Json {
  if (typeof value !== "string" && (typeof value !== "object" || value === null)) return value;
  if (fits(value, maxBytes)) return value;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const beginning = text.slice(0, Math.min(BEGINNING_CHARACTERS, maxBytes)).toWellFormed();
  const cut: CutValue = { truncated: true, max_bytes: maxBytes, beginning };
  return cut;
}

function fits(root: Json, maxBytes: number): boolean {
  const open: Json[] = [root];
  let bytes = 0;
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value === "string") bytes += textBytes(value, maxBytes);
    else if (typeof value === "object" && value !== null) {
      for (const [key, inner] of Object.entries<Json>(value)) {
        if (!Array.isArray(value)) bytes += key.length + 4;
        open.push(inner);
        bytes += 1;
        if (bytes > maxBytes) return false;
      }
    } else bytes += 5;
    if (bytes > maxBytes) return false;
  }
  return true;
}

/** A text longer than the limit in characters is longer in bytes too. */
function textBytes(text: string, maxBytes: number): number {
  return text.length > maxBytes ? text.length : Buffer.byteLength(text) + 2;
}
