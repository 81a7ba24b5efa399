import type { Json } from "@scouter/contracts";
import { errors } from "../errors.ts";

export interface Storable<Value> {
  readonly value: Value;
  /** Characters that were replaced by U+FFFD. */
  readonly replaced: number;
}

/**
 * Deepest nesting that is stored. Without a limit a value of some kilobytes ("[[[[...") ends the embedded database:
 * its parser recurses until the WebAssembly stack is gone (seen at 100,000 levels; 10,000 were fine).
 */
export const MAX_JSON_DEPTH = 1000;

/** NUL, and surrogates outside a pair: with the `u` flag a pair is one character and never matches. */
const UNSTORABLE = new RegExp(String.raw`[\0\p{Surrogate}]`, "gu");

/**
 * Replaces what PostgreSQL cannot hold in text, NUL and lone surrogates, by U+FFFD, in strings and object keys at
 * any depth. Keys that become equal keep the last value. The same value is returned when nothing was replaced; the
 * argument is never changed.
 *
 * @throws DATABASE_JSON_TOO_DEEP when nested deeper than 1,000 levels
 */
export function makeStorable<Value extends Json>(json: Value): Storable<Value> {
  if (isStorable(json, 0)) return { value: json, replaced: 0 };
  const counter = { replaced: 0 };
  const value = clean(json, counter, 0) as Value;
  return { value, replaced: counter.replaced };
}

/** Nearly all values are, and this look at them makes no copies. */
function isStorable(json: Json, depth: number): boolean {
  if (typeof json === "string") return isStorableText(json);
  if (json === null || typeof json !== "object") return true;
  if (depth >= MAX_JSON_DEPTH) throw errors.DATABASE_JSON_TOO_DEEP({ limit: MAX_JSON_DEPTH });
  if (Array.isArray(json)) return json.every((item: Json) => isStorable(item, depth + 1));
  const object = json as { readonly [key: string]: Json };
  return Object.keys(object).every(
    (key) => isStorableText(key) && isStorable(object[key] as Json, depth + 1),
  );
}

function isStorableText(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}

interface Counter {
  replaced: number;
}

function clean(json: Json, counter: Counter, depth: number): Json {
  if (typeof json === "string") return cleanText(json, counter);
  if (json === null || typeof json !== "object") return json;
  if (depth >= MAX_JSON_DEPTH) throw errors.DATABASE_JSON_TOO_DEEP({ limit: MAX_JSON_DEPTH });
  return Array.isArray(json)
    ? cleanArray(json, counter, depth + 1)
    : cleanObject(json as { readonly [key: string]: Json }, counter, depth + 1);
}

function cleanArray(array: readonly Json[], counter: Counter, depth: number): Json {
  const before = counter.replaced;
  let copy: Json[] | undefined;
  for (const [index, item] of array.entries()) {
    const cleaned = clean(item, counter, depth);
    if (counter.replaced > before) copy ??= array.slice(0, index);
    copy?.push(cleaned);
  }
  return copy ?? array;
}

function cleanObject(
  object: { readonly [key: string]: Json },
  counter: Counter,
  depth: number,
): Json {
  const before = counter.replaced;
  const entries = Object.entries(object).map(
    ([key, value]) => [cleanText(key, counter), clean(value, counter, depth)] as const,
  );
  return counter.replaced === before ? object : Object.fromEntries(entries);
}

function cleanText(text: string, counter: Counter): string {
  if (isStorableText(text)) return text;
  return text.replace(UNSTORABLE, () => {
    counter.replaced += 1;
    return "\uFFFD";
  });
}
