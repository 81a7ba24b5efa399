import type { Json } from "@scouter/contracts";
import { errors } from "../errors.ts";

/** @throws `SERVER_JSON_SYNTAX` when the bytes are not one JSON value in UTF-8 */
export function parseJson(body: Uint8Array): Json {
  if (body.byteLength === 0) throw errors.SERVER_JSON_SYNTAX({ reason: "it is empty" });
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body)) as Json;
  } catch (cause) {
    throw errors.SERVER_JSON_SYNTAX({ reason: reasonOf(cause) }, { cause });
  }
}

/** The parser's words without the excerpt of the body, which may hold personal data. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if (cause instanceof TypeError) return "it is not UTF-8";
  return cause.message.replace(/,? ?(\.\.\.)?".*" is not valid JSON$/s, "");
}
