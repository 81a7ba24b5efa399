import type { Json } from "@scouter/contracts";

export interface Storable<Value> {
  readonly value: Value;
  /** Characters that were replaced by U+FFFD. */
  readonly replaced: number;
}

const UNSTORABLE = /\u0000|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/**
 * Replaces what PostgreSQL cannot hold in text or jsonb, NUL and lone surrogates, by U+FFFD, in strings and object
 * keys at any depth. Keys that become equal keep the last value. The same object is returned when nothing was
 * replaced; the argument is never changed.
 */
export function makeStorable<Value extends Json>(json: Value): Storable<Value> {
  const counter = { replaced: 0 };
  const value = clean(json, counter) as Value;
  return { value, replaced: counter.replaced };
}

function clean(json: Json, counter: { replaced: number }): Json {
  if (typeof json === "string") return cleanText(json, counter);
  if (json === null || typeof json !== "object") return json;
  const before = counter.replaced;
  const copy = Array.isArray(json)
    ? json.map((item: Json) => clean(item, counter))
    : Object.fromEntries(
        Object.entries(json).map(([key, value]) => [
          cleanText(key, counter),
          clean(value, counter),
        ]),
      );
  return counter.replaced === before ? json : copy;
}

function cleanText(text: string, counter: { replaced: number }): string {
  return text.replace(UNSTORABLE, () => {
    counter.replaced += 1;
    return "\uFFFD";
  });
}
