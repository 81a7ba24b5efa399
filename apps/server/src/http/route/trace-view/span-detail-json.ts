import type { GenAiSpanDetail, SpanDetail, TypedAttribute } from "@scouter/contracts";
import {
  type AttributeValue,
  genAiContent,
  jsonToAttributeValue,
  mapGenAiSpan,
  plainJsonOf,
  type SpanRow,
} from "@scouter/telemetry";
import { rfc3339OfNanos } from "../trace/wire-time.ts";

/** Everything that is known of a span. */
export function spanDetailJson(span: SpanRow): SpanDetail {
  const start = span.startTimeUnixNano;
  const content = genAiContent(span);
  return {
    trace_id: span.traceId,
    span_id: span.spanId,
    parent_id: span.parentSpanId,
    trace_state: span.traceState,
    flags: span.flags,
    name: span.name,
    kind: span.kind,
    service: span.serviceName,
    start: rfc3339OfNanos(start),
    start_unix_nano: start.toString(),
    end: rfc3339OfNanos(span.endTimeUnixNano),
    end_unix_nano: span.endTimeUnixNano.toString(),
    duration_ns: Number(span.endTimeUnixNano - start),
    status: span.statusCode,
    status_message: span.statusMessage === "" ? null : span.statusMessage,
    scope: { name: span.scopeName, version: span.scopeVersion },
    attributes: attributesJson(span.attributes),
    resource_attributes: attributesJson(span.resourceAttributes),
    events: span.events.map((event) => ({
      time: rfc3339OfNanos(event.timeUnixNano),
      offset_ns: Number(event.timeUnixNano - start),
      name: event.name,
      attributes: attributesJson(event.attributes),
      dropped_attributes_count: event.droppedAttributesCount,
    })),
    links: span.links.map((link) => ({
      trace_id: link.traceId,
      span_id: link.spanId,
      trace_state: link.traceState,
      attributes: attributesJson(link.attributes),
      dropped_attributes_count: link.droppedAttributesCount,
    })),
    dropped_attributes_count: span.droppedAttributesCount,
    dropped_events_count: span.droppedEventsCount,
    dropped_links_count: span.droppedLinksCount,
    input: content.input,
    output: content.output,
    genai: genAiJson(span, content),
    entity_ids: [...span.entityIds],
    queue_ids: [...span.queueIds],
  };
}

function genAiJson(
  span: SpanRow,
  { inputMessages, outputMessages }: ReturnType<typeof genAiContent>,
): GenAiSpanDetail | null {
  const row = mapGenAiSpan(span.attributes);
  if (row === null) return null;
  const { tokens } = row;
  return {
    kind: row.kind,
    dialect: row.dialect,
    operation: row.operation,
    provider: row.provider,
    request_model: row.requestModel,
    response_model: row.responseModel,
    response_id: row.responseId,
    tokens: {
      input: tokens.input,
      output: tokens.output,
      cache_read: tokens.cacheRead,
      cache_write: tokens.cacheWrite,
      reasoning: tokens.reasoning,
    },
    finish_reasons: [...row.finishReasons],
    tool_name: row.toolName,
    tool_call_id: row.toolCallId,
    conversation_id: row.conversationId,
    agent_name: row.agentName,
    input_messages: [...inputMessages],
    output_messages: [...outputMessages],
    notes: row.notes.map((note) => ({ ...note })),
  };
}

function attributesJson(attributes: ReadonlyMap<string, string>): TypedAttribute[] {
  return Array.from(attributes, ([key, text]) => typedAttributeJson(key, text));
}

function typedAttributeJson(key: string, text: string): TypedAttribute {
  const value = jsonToAttributeValue(text);
  // JSON has no such numbers; here they are shown rather than lost.
  const isUnsayable = typeof value === "number" && !Number.isFinite(value);
  return { key, type: typeOf(value), value: isUnsayable ? String(value) : plainJsonOf(text) };
}

function typeOf(value: AttributeValue): TypedAttribute["type"] {
  switch (typeof value) {
    case "string":
      return "string";
    case "boolean":
      return "bool";
    case "bigint":
      return "int";
    case "number":
      return "double";
    default:
      break;
  }
  if (value === null) return "empty";
  if (value instanceof Uint8Array) return "bytes";
  return Array.isArray(value) ? "array" : "map";
}
