import { isScouterError, type ScouterError } from "@scouter/contracts";
import {
  anyValueFromJson,
  isJsonRecord,
  type JsonRecord,
  listOf,
  textOf,
} from "../attribute/any-value-json.ts";
import { attributeValueToJson } from "../attribute/attribute-value-to-json.ts";
import type { AttributeValue } from "../attribute/attribute-value.ts";
import {
  addSpecialSpanAttribute,
  collectEventIds,
  isSpecialKey,
} from "../attribute/special-keys.ts";
import { errors } from "../errors.ts";
import type { DecodedExport } from "./decoded-export.ts";
import { ExportCollector } from "./export-collector.ts";
import { parseJsonBody, requiredList } from "./json-body.ts";
import { countOf, eventTimeOf, idOf, kindOf, spanTimeOf, statusCodeOf } from "./json-scalar.ts";
import type { SpanDraft } from "./span-draft.ts";
import {
  type ResourceOfSpans,
  resourceOfSpans,
  type ScopeOfSpans,
  scopeOfSpans,
} from "./span-origin.ts";

const NOTHING: JsonRecord = {};

/**
 * Decodes an ExportTraceServiceRequest in OTLP/JSON. Lenient: every field may be missing or null, 64-bit integers
 * may be text or numbers (read without loss), ids upper or lower case, enums names or numbers, keys snake case.
 *
 * A span that cannot be kept is listed in `rejected`, its neighbours are kept. Throws `OTLP_BODY_INVALID` when the
 * text is not a JSON object, or when something else stands where a list of spans should be.
 */
export function decodeOtlpJson(body: string | Uint8Array): DecodedExport {
  return decodeRequest(parseJsonBody(body), "");
}

/** As `decodeOtlpJson`, for the message form `{"request": ExportTraceServiceRequest}`. */
export function decodeMessageJson(body: string | Uint8Array): DecodedExport {
  const { request } = parseJsonBody(body);
  if (isJsonRecord(request)) return decodeRequest(request, "request.");
  throw errors.OTLP_BODY_INVALID({
    format: "json",
    at: "request",
    problem: "expected an ExportTraceServiceRequest object",
  });
}

function decodeRequest(request: JsonRecord, prefix: string): DecodedExport {
  const collector = new ExportCollector();
  const path = `${prefix}resourceSpans`;
  const list = requiredList(request.resourceSpans ?? request.resource_spans, path);
  for (const [index, item] of list.entries()) {
    readResourceSpans(recordOf(item), `${path}[${index}]`, collector);
  }
  return collector.result();
}

function readResourceSpans(json: JsonRecord, path: string, collector: ExportCollector): void {
  const resource = readResource(recordOf(json.resource));
  const scopesPath = `${path}.scopeSpans`;
  const scopes = requiredList(json.scopeSpans ?? json.scope_spans, scopesPath);
  for (const [index, item] of scopes.entries()) {
    const scopeSpans = recordOf(item);
    const scope = readScope(recordOf(scopeSpans.scope));
    for (const span of requiredList(scopeSpans.spans, `${scopesPath}[${index}].spans`)) {
      collector.add(resource, scope, (draft) => fillSpan(draft, recordOf(span)));
    }
  }
}

function readResource(json: JsonRecord): ResourceOfSpans {
  const attributes = new Map<string, string>();
  let refusal: ScouterError | null = null;
  for (const item of listOf(json.attributes)) {
    try {
      setAttribute(attributes, recordOf(item));
    } catch (error) {
      // Without its resource no span is what was sent: each is rejected with this reason.
      if (!isScouterError(error)) throw error;
      refusal = error;
    }
  }
  return resourceOfSpans(attributes, refusal);
}

function readScope(json: JsonRecord): ScopeOfSpans {
  return scopeOfSpans(textOf(json.name), textOf(json.version));
}

function fillSpan(draft: SpanDraft, json: JsonRecord): void {
  draft.traceId = idOf(json.traceId ?? json.trace_id);
  draft.spanId = idOf(json.spanId ?? json.span_id);
  draft.parentSpanId = idOf(json.parentSpanId ?? json.parent_span_id);
  draft.traceState = textOf(json.traceState ?? json.trace_state);
  draft.flags = countOf(json.flags) | 0;
  draft.name = textOf(json.name);
  draft.kind = kindOf(json.kind);
  draft.startTimeUnixNano = spanTimeOf(
    "start",
    json.startTimeUnixNano ?? json.start_time_unix_nano,
  );
  draft.endTimeUnixNano = spanTimeOf("end", json.endTimeUnixNano ?? json.end_time_unix_nano);
  const status = recordOf(json.status);
  draft.statusCode = statusCodeOf(status.code);
  draft.statusMessage = textOf(status.message);
  fillLists(draft, json);
}

function fillLists(draft: SpanDraft, json: JsonRecord): void {
  for (const item of listOf(json.attributes)) fillAttribute(draft, recordOf(item));
  for (const item of listOf(json.events)) fillEvent(draft, recordOf(item));
  draft.droppedAttributesCount = droppedAttributesOf(json);
  draft.droppedEventsCount = countOf(json.droppedEventsCount ?? json.dropped_events_count);
  draft.droppedLinksCount = countOf(json.droppedLinksCount ?? json.dropped_links_count);
  for (const item of listOf(json.links)) fillLink(draft, recordOf(item));
}

function fillAttribute(draft: SpanDraft, json: JsonRecord): void {
  const key = textOf(json.key);
  const value = anyValueFromJson(json.value);
  if (isSpecialKey(key)) addSpecialSpanAttribute(draft, key, value);
  else draft.attributes.set(key, attributeValueToJson(value));
}

function fillEvent(draft: SpanDraft, json: JsonRecord): void {
  const attributes = new Map<string, string>();
  for (const item of listOf(json.attributes)) {
    const [key, value] = setAttribute(attributes, recordOf(item));
    if (isSpecialKey(key)) collectEventIds(draft, key, value);
  }
  draft.events.push({
    timeUnixNano: eventTimeOf(json.timeUnixNano ?? json.time_unix_nano),
    name: textOf(json.name),
    attributes,
    droppedAttributesCount: droppedAttributesOf(json),
  });
}

function fillLink(draft: SpanDraft, json: JsonRecord): void {
  const attributes = new Map<string, string>();
  for (const item of listOf(json.attributes)) setAttribute(attributes, recordOf(item));
  draft.addLink({
    traceId: idOf(json.traceId ?? json.trace_id),
    spanId: idOf(json.spanId ?? json.span_id),
    traceState: textOf(json.traceState ?? json.trace_state),
    attributes,
    droppedAttributesCount: droppedAttributesOf(json),
  });
}

function setAttribute(
  target: Map<string, string>,
  json: JsonRecord,
): readonly [key: string, value: AttributeValue] {
  const key = textOf(json.key);
  const value = anyValueFromJson(json.value);
  target.set(key, attributeValueToJson(value));
  return [key, value];
}

function droppedAttributesOf(json: JsonRecord): number {
  return countOf(json.droppedAttributesCount ?? json.dropped_attributes_count);
}

/** Anything but an object reads as one without members. */
function recordOf(value: unknown): JsonRecord {
  return isJsonRecord(value) ? value : NOTHING;
}
