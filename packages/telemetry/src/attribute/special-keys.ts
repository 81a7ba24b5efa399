import type { ReferredIds, SpanDraft } from "../otlp/span-draft.ts";
import type { AttributeValue } from "./attribute-value.ts";
import { attributeValueToJson } from "./attribute-value-to-json.ts";
import { plainJsonOfValue } from "./plain-json.ts";

const BAGGAGE = "baggage.";
const SCOUTER = "scouter.";
const TAG = "scouter.tracing.tag.";
const BAGGAGE_TAG = BAGGAGE + TAG;
const INPUT = "scouter.tracing.input";
const OUTPUT = "scouter.tracing.output";
const ENTITY = "scouter.entity";
const QUEUE_RECORD = "scouter.queue.record";

const LETTER_B = BAGGAGE.charCodeAt(0);
const LETTER_S = SCOUTER.charCodeAt(0);

/** Whether the key may mean more than an attribute. Looks at one character of most keys: it runs for each of them. */
export function isSpecialKey(key: string): boolean {
  const first = key.charCodeAt(0);
  if (first === LETTER_S) return key.startsWith(SCOUTER);
  return first === LETTER_B && key.startsWith(BAGGAGE);
}

/**
 * Adds an attribute of a span whose key `isSpecialKey`:
 *
 * - `scouter.tracing.tag.<k>`: attribute `<k>` and a tag, both with the value's text; nothing when `<k>` is empty
 * - `baggage.scouter.tracing.tag.<k>`: the same, and a baggage entry `scouter.tracing.tag.<k>`
 * - `baggage.<k>`: a baggage entry, key trimmed; no attribute
 * - `scouter.tracing.input`, `.output`: kept, and a string is lifted to the span's input or output
 * - any key that starts with `scouter.entity`, and `scouter.queue.record`: kept, and a UUID is collected
 */
export function addSpecialSpanAttribute(
  draft: SpanDraft,
  key: string,
  value: AttributeValue,
): void {
  if (key.startsWith(BAGGAGE_TAG)) {
    const tag = key.slice(BAGGAGE_TAG.length);
    if (tag === "") return;
    addTag(draft, tag, value);
    draft.addBaggage(key.slice(BAGGAGE.length), textFormOf(value));
  } else if (key.startsWith(TAG)) {
    addTag(draft, key.slice(TAG.length), value);
  } else if (key.startsWith(BAGGAGE)) {
    const entry = key.slice(BAGGAGE.length).trim();
    if (entry !== "") draft.addBaggage(entry, textFormOf(value));
  } else {
    draft.attributes.set(key, attributeValueToJson(value));
    if (key === INPUT && typeof value === "string") draft.input = jsonTextOf(value);
    if (key === OUTPUT && typeof value === "string") draft.output = jsonTextOf(value);
    collectIds(draft.spanIds, key, value);
  }
}

/** Collects what a `scouter.` attribute of a span's event refers to. */
export function collectEventIds(draft: SpanDraft, key: string, value: AttributeValue): void {
  collectIds(draft.eventIds, key, value);
}

function addTag(draft: SpanDraft, key: string, value: AttributeValue): void {
  if (key === "") return;
  const text = textFormOf(value);
  draft.attributes.set(key, JSON.stringify(text));
  draft.addTag(key, text);
  collectIds(draft.spanIds, key, text);
}

function collectIds(ids: ReferredIds, key: string, value: AttributeValue): void {
  if (typeof value !== "string") return;
  const list = key === QUEUE_RECORD ? ids.queueIds : key.startsWith(ENTITY) ? ids.entityIds : null;
  if (list === null) return;
  const uid = canonicalUuid(value);
  if (uid !== null) list.push(uid);
}

/** Lower case with hyphens; null for what is not a UUID. Both the hyphenated and the 32-digit form are read. */
export function canonicalUuid(text: string): string | null {
  const digits = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
    ? text.replaceAll("-", "")
    : text;
  if (!/^[0-9a-f]{32}$/i.test(digits)) return null;
  return digits.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Text of a value in a tag or baggage entry: a string as it is, others as plain JSON; `null` for bytes and no value. */
function textFormOf(value: AttributeValue): string {
  if (typeof value === "string") return value;
  if (typeof value === "object" && value !== null) {
    return value instanceof Uint8Array ? "null" : JSON.stringify(plainJsonOfValue(value));
  }
  return String(value);
}

/** Text that is JSON stays as it is, so that large integers in it keep their digits; other text becomes a string. */
function jsonTextOf(text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch {
    // Not JSON: captured values may be any text.
    return JSON.stringify(text);
  }
}
