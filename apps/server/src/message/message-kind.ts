import type { Json, JsonObject } from "@scouter/contracts";

/** The three shapes of a message; they are told apart by their keys, in this order. */
export type MessageKind = "records" | "request" | "tag" | "unknown";

export function messageKindOf(message: Json): MessageKind {
  if (!isObject(message)) return "unknown";
  if (Array.isArray(message["records"])) return "records";
  if (isObject(message["request"])) return "request";
  return TAG_KEYS.every((key) => typeof message[key] === "string") ? "tag" : "unknown";
}

const TAG_KEYS = ["entity_type", "entity_id", "key", "value"];

/**
 * Whether the first key of the JSON object is `request`, from its first bytes: such a message holds spans, which
 * another thread parses.
 */
export function startsAsTraceRequest(body: Uint8Array): boolean {
  const start = Buffer.from(body.buffer, body.byteOffset, Math.min(body.byteLength, 256));
  return /^\s*\{\s*"request"\s*:/.test(start.toString("latin1"));
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value's type for a message, without its content. */
export function describeShape(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value !== "object") return `a ${typeof value}`;
  const keys = Object.keys(value).slice(0, 6);
  return keys.length === 0 ? "an object without keys" : `an object with ${keys.join(", ")}`;
}
