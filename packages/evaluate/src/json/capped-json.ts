import type { Json } from "@scouter/contracts";
import { isJsonArray } from "./json-type.ts";

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
  if (typeof root === "string") return textBytes(root) <= maxBytes;
  const open: Json[] = [root];
  let bytes = 0;
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    bytes += ownBytes(value, open);
    // What is still open has at least a byte each: a huge array is not walked to its end.
    if (bytes + open.length > maxBytes) return false;
  }
  return true;
}

/** Bytes of a value without what is in it, which is put on the stack. */
function ownBytes(value: Json, open: Json[]): number {
  if (typeof value === "string") return textBytes(value);
  if (typeof value !== "object" || value === null) return NUMBER_BYTES;
  if (isJsonArray(value)) {
    for (const item of value) open.push(item);
    return 2;
  }
  let bytes = 2;
  for (const key of Object.keys(value)) {
    bytes += key.length + 4;
    open.push(value[key] ?? null);
  }
  return bytes;
}

/** Most numbers, and the words of JSON. */
const NUMBER_BYTES = 5;
/** A text is measured exactly only when it is long: what is short weighs little either way. */
const SHORT_TEXT = 256;

function textBytes(text: string): number {
  return text.length <= SHORT_TEXT ? text.length + 2 : Buffer.byteLength(text) + 2;
}
