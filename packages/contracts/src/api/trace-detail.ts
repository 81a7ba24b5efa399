import { z } from "zod";
import { dateTime, jsonValue } from "../record/scalar.ts";
import { genAiKind, tokenTotals, traceStatus } from "./trace-overview.ts";

export const traceHeader = z.object({
  trace_id: z.string(),
  /** Of the root span, else of the earliest span. */
  root_name: z.string(),
  root_span_id: z.string(),
  services: z.array(z.string()),
  start: dateTime,
  /** Nanoseconds since the epoch, decimal text. */
  start_unix_nano: z.string(),
  duration_ns: z.number().int(),
  span_count: z.number().int(),
  error_count: z.number().int(),
  /** Levels of the tree: 1 for a lone root. */
  depth: z.number().int(),
  status: traceStatus,
  tokens: tokenTotals,
  models: z.array(z.string()),
  conversation_id: z.string().nullable(),
});
export type TraceHeader = z.output<typeof traceHeader>;

/** A column of few different texts: row i has `values[rows[i]]`; -1 stands for null. */
export const dictionaryColumn = z.object({
  values: z.array(z.string()),
  rows: z.array(z.number().int()),
});
export type DictionaryColumn = z.output<typeof dictionaryColumn>;

/**
 * Spans in depth-first order, siblings by start, as one array for each field: element i of every array is the same
 * span. A third of the size of objects, which matters at 20,000 spans.
 */
export const traceSpanColumns = z.object({
  span_id: z.array(z.string()),
  /** As the span has it, also when no such span arrived; null for a root. */
  parent_id: z.array(z.string().nullable()),
  /** 0 for roots and orphans, else one more than the parent's. */
  depth: z.array(z.number().int()),
  name: dictionaryColumn,
  service: dictionaryColumn,
  /** OpenTelemetry's: INTERNAL, SERVER, CLIENT, PRODUCER, CONSUMER, UNSPECIFIED. */
  kind: dictionaryColumn,
  /** Values of `genAiKind`; null when the span follows no GenAI convention. */
  genai_kind: dictionaryColumn,
  /** Nanoseconds after the trace's start. */
  start_offset_ns: z.array(z.number().int()),
  duration_ns: z.array(z.number().int()),
  /** 0 unset, 1 ok, 2 error. */
  status: z.array(z.number().int()),
  /** Failed spans below this one, itself not counted. */
  errors_below: z.array(z.number().int()),
  /** Direct children. */
  child_count: z.array(z.number().int()),
  /** Rows of the subtree without its root: the next sibling or uncle is at i + 1 + descendant_count[i]. */
  descendant_count: z.array(z.number().int()),
  /** As the span itself reports them; null when it reports none. */
  input_tokens: z.array(z.number().int().nullable()),
  output_tokens: z.array(z.number().int().nullable()),
  /** Rows of spans whose parent did not arrive, or that form a cycle. Positions in these arrays, ascending. */
  orphans: z.array(z.number().int()),
});
export type TraceSpanColumns = z.output<typeof traceSpanColumns>;

/** `GET /scouter/v2/traces/{trace_id}`. */
export const traceDetail = z.object({
  trace: traceHeader,
  /** Position of the first span of this page in the depth-first order. */
  offset: z.number().int(),
  /** Offset of the page after this one; null on the last. */
  next_offset: z.number().int().nullable(),
  spans: traceSpanColumns,
});
export type TraceDetail = z.output<typeof traceDetail>;

/**
 * A typed attribute. `int` beyond 2^53 and `bytes` (base64) are text in `value`; `double` that JSON cannot hold is the
 * text NaN, Infinity or -Infinity; `array` and `map` hold plain JSON.
 */
export const typedAttribute = z.object({
  key: z.string(),
  type: z.enum(["string", "bool", "int", "double", "bytes", "array", "map", "empty"]),
  value: jsonValue,
});
export type TypedAttribute = z.output<typeof typedAttribute>;

export const messageToolCall = z.object({
  /** Null when the convention gives none. */
  id: z.string().nullable(),
  name: z.string(),
  /** Parsed when it is JSON, else the text as it came. */
  arguments: jsonValue,
});
export type MessageToolCall = z.output<typeof messageToolCall>;

/** One message of a conversation, whatever convention it came in. */
export const genAiMessage = z.object({
  /** system, user, assistant, tool, or what the source calls it. */
  role: z.string(),
  /** Text parts, joined by blank lines; null when there are none. */
  text: z.string().nullable(),
  tool_calls: z.array(messageToolCall),
  /** Of a tool's answer: the call that it answers. */
  tool_call_id: z.string().nullable(),
  finish_reason: z.string().nullable(),
});
export type GenAiMessage = z.output<typeof genAiMessage>;

export const genAiSpanDetail = z.object({
  kind: genAiKind,
  /** Convention that decided the kind: opentelemetry, openinference, traceloop, vercel, scouter ... */
  dialect: z.string(),
  operation: z.string().nullable(),
  provider: z.string().nullable(),
  request_model: z.string().nullable(),
  response_model: z.string().nullable(),
  response_id: z.string().nullable(),
  /** Null where the span says nothing. */
  tokens: z.object({
    input: z.number().int().nullable(),
    output: z.number().int().nullable(),
    cache_read: z.number().int().nullable(),
    cache_write: z.number().int().nullable(),
    reasoning: z.number().int().nullable(),
  }),
  finish_reasons: z.array(z.string()),
  tool_name: z.string().nullable(),
  tool_call_id: z.string().nullable(),
  conversation_id: z.string().nullable(),
  agent_name: z.string().nullable(),
  input_messages: z.array(genAiMessage),
  output_messages: z.array(genAiMessage),
  /** Why a field is empty although the span has something for it: field, key, reason. */
  notes: z.array(z.object({ field: z.string(), key: z.string(), reason: z.string() })),
});
export type GenAiSpanDetail = z.output<typeof genAiSpanDetail>;

/** `GET /scouter/v2/traces/{trace_id}/spans/{span_id}`. */
export const spanDetail = z.object({
  trace_id: z.string(),
  span_id: z.string(),
  parent_id: z.string().nullable(),
  trace_state: z.string(),
  flags: z.number().int(),
  name: z.string(),
  kind: z.string(),
  service: z.string(),
  start: dateTime,
  start_unix_nano: z.string(),
  end: dateTime,
  end_unix_nano: z.string(),
  duration_ns: z.number().int(),
  status: z.number().int(),
  status_message: z.string().nullable(),
  scope: z.object({ name: z.string(), version: z.string().nullable() }),
  /** In the order sent. */
  attributes: z.array(typedAttribute),
  resource_attributes: z.array(typedAttribute),
  events: z.array(
    z.object({
      time: dateTime,
      /** Nanoseconds after the span's start; below 0 when it is earlier. */
      offset_ns: z.number().int(),
      name: z.string(),
      attributes: z.array(typedAttribute),
      dropped_attributes_count: z.number().int(),
    }),
  ),
  links: z.array(
    z.object({
      trace_id: z.string(),
      span_id: z.string(),
      trace_state: z.string(),
      attributes: z.array(typedAttribute),
      dropped_attributes_count: z.number().int(),
    }),
  ),
  dropped_attributes_count: z.number().int(),
  dropped_events_count: z.number().int(),
  dropped_links_count: z.number().int(),
  /** What went in and came out, by whichever convention captured it: JSON, or text as a JSON string. */
  input: jsonValue,
  output: jsonValue,
  /** Null when the span follows no GenAI convention. */
  genai: genAiSpanDetail.nullable(),
  /** Uids of profiles and of records that the span names. */
  entity_ids: z.array(z.string()),
  queue_ids: z.array(z.string()),
});
export type SpanDetail = z.output<typeof spanDetail>;
