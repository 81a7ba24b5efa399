import type { Json } from "@scouter/contracts";
import { makeStorable } from "./make-storable.ts";

/** JSON text that PostgreSQL takes, whatever the value holds. @throws DATABASE_JSON_TOO_DEEP */
export function storableJsonText(value: unknown): string {
  return JSON.stringify(makeStorable(value as Json).value);
}

/** Text that PostgreSQL takes, cut to at most `maxLength` UTF-16 units. */
export function storableText(text: string, maxLength: number): string {
  return makeStorable(text.slice(0, maxLength)).value;
}
