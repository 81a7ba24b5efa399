import { type JsonRecord, isJsonRecord } from "../attribute/any-value-json.ts";
import { errors } from "../errors.ts";

/** From here on (16 digits) a number that stands bare in JSON may lose digits when it is read as a double. */
const BARE_LONG_INTEGER = /[:[,]\s*-?\d{16,}/;
/** Half of a pair, escaped. Only such an escape can bring a lone half, which UTF-8 cannot store, into a parsed string. */
const ESCAPED_SURROGATE = /\\u[dD][89a-fA-F]/;
const LONG_INTEGER = /^-?\d{16,}$/;

/** What JSON.parse tells a reviver about a number, besides its value. */
interface RevivedFrom {
  readonly source?: string;
}

/**
 * Parses a body whose top is an object. Integers of 16 digits and more that stand bare, as some senders write
 * 64-bit fields, become bigints; any other number is a double. Lone surrogates in texts are replaced by U+FFFD.
 *
 * Throws `OTLP_BODY_INVALID`.
 */
export function parseJsonBody(body: string | Uint8Array): JsonRecord {
  const json = parse(textOfBody(body));
  if (isJsonRecord(json)) return json;
  throw errors.OTLP_BODY_INVALID({ format: "json", at: "its top", problem: "expected an object" });
}

/** A list at `path`; absent or null is an empty one. Throws `OTLP_BODY_INVALID` for anything else: spans were lost. */
export function requiredList(value: unknown, path: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (value === undefined || value === null) return [];
  throw errors.OTLP_BODY_INVALID({ format: "json", at: path, problem: "expected an array" });
}

function textOfBody(body: string | Uint8Array): string {
  const text =
    typeof body === "string"
      ? body.toWellFormed()
      : Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8");
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

function parse(text: string): unknown {
  try {
    // A reviver is called for every value of the body; most bodies need none.
    const needed = BARE_LONG_INTEGER.test(text) || ESCAPED_SURROGATE.test(text);
    return needed ? JSON.parse(text, keepStorable) : JSON.parse(text);
  } catch (error) {
    // Not kept as the cause: its message quotes the body, and bodies hold what users typed.
    throw errors.OTLP_BODY_INVALID({ format: "json", ...describe(error) });
  }
}

function keepStorable(_key: string, value: unknown, from?: RevivedFrom): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (typeof value !== "number" || from?.source === undefined) return value;
  return LONG_INTEGER.test(from.source) ? BigInt(from.source) : value;
}

function describe(error: unknown): { at: string; problem: string } {
  if (error instanceof RangeError) return { at: "some depth", problem: "nested too deep" };
  const position = /at position (\d+)/.exec(String(error))?.[1];
  const at = position === undefined ? "an unknown position" : `character ${position}`;
  return { at, problem: "not json" };
}
