import { dateTime, jsonValue, type Json } from "@scouter/contracts";
import type { TraceList, TraceQuery, TraceSummary } from "@scouter/lake";
import { buildTraceTree, plainJsonOf, type SpanRow, type TreeNode } from "@scouter/telemetry";
import { z } from "zod";
import { errors } from "../../../errors.ts";
import { msBetween, rfc3339OfNanos } from "./wire-time.ts";

const attribute = z.object({ key: z.string(), value: jsonValue });

const traceListItem = z.object({
  trace_id: z.string(),
  service_name: z.string(),
  scope_name: z.string(),
  scope_version: z.string(),
  root_operation: z.string(),
  start_time: dateTime,
  end_time: dateTime.nullable(),
  duration_ms: z.number().int().nullable(),
  status_code: z.number().int(),
  status_message: z.string().nullable(),
  span_count: z.number().int(),
  error_count: z.number().int(),
  has_errors: z.boolean(),
  resource_attributes: z.array(attribute),
  entity_ids: z.array(z.string()),
  queue_ids: z.array(z.string()),
});
type TraceListItem = z.output<typeof traceListItem>;

const traceCursor = z.object({ start_time: dateTime, trace_id: z.string() });

export const tracePage = z.object({
  items: z.array(traceListItem),
  has_next: z.boolean(),
  next_cursor: traceCursor.nullable(),
  has_previous: z.boolean(),
  previous_cursor: traceCursor.nullable(),
});
type TracePage = z.output<typeof tracePage>;

const traceSpan = z.object({
  trace_id: z.string(),
  span_id: z.string(),
  parent_span_id: z.string().nullable(),
  span_name: z.string(),
  span_kind: z.string().nullable(),
  start_time: dateTime,
  end_time: dateTime,
  duration_ms: z.number().int(),
  status_code: z.number().int(),
  status_message: z.string().nullable(),
  attributes: z.array(attribute),
  events: z.array(
    z.object({
      timestamp: dateTime,
      name: z.string(),
      attributes: z.array(attribute),
      dropped_attributes_count: z.number().int(),
    }),
  ),
  links: z.array(
    z.object({
      trace_id: z.string(),
      span_id: z.string(),
      trace_state: z.string(),
      attributes: z.array(attribute),
      dropped_attributes_count: z.number().int(),
    }),
  ),
  depth: z.number().int(),
  path: z.array(z.string()),
  root_span_id: z.string(),
  service_name: z.string(),
  span_order: z.number().int(),
  input: jsonValue,
  output: jsonValue,
});
type TraceSpan = z.output<typeof traceSpan>;

export const spanList = z.object({ spans: z.array(traceSpan) });

/**
 * A page with its cursors. `next` runs from new to old, `previous` from old to new and is not turned round: the cursor
 * onward is always the last item's, the cursor back the first item's.
 */
export function tracePageJson(query: TraceQuery, list: TraceList): TracePage {
  const items = list.items.map(traceListItemJson);
  const onward = list.hasMore ? cursorAt(list.items.at(-1)) : null;
  const back = cursorAt(list.items[0]);
  const hasCursor = query.cursor !== undefined;
  return query.direction === "next"
    ? {
        items,
        has_next: list.hasMore,
        next_cursor: onward,
        has_previous: hasCursor,
        previous_cursor: back,
      }
    : {
        items,
        has_next: hasCursor,
        next_cursor: back,
        has_previous: list.hasMore,
        previous_cursor: onward,
      };
}

function cursorAt(trace: TraceSummary | undefined) {
  if (trace === undefined) return null;
  return { start_time: rfc3339OfNanos(trace.startTimeUnixNano), trace_id: trace.traceId };
}

function traceListItemJson(trace: TraceSummary): TraceListItem {
  return {
    trace_id: trace.traceId,
    service_name: trace.serviceName,
    scope_name: trace.scopeName,
    scope_version: trace.scopeVersion ?? "",
    root_operation: trace.rootOperation,
    start_time: rfc3339OfNanos(trace.startTimeUnixNano),
    end_time: rfc3339OfNanos(trace.endTimeUnixNano),
    duration_ms: msBetween(trace.startTimeUnixNano, trace.endTimeUnixNano),
    status_code: trace.statusCode,
    status_message: trace.statusMessage,
    span_count: trace.spanCount,
    error_count: trace.errorCount,
    has_errors: trace.errorCount > 0,
    resource_attributes: attributesJson(trace.resourceAttributes),
    entity_ids: [...trace.entityIds],
    queue_ids: [...trace.queueIds],
  };
}

/** Ids in the paths of one reply together: those of a deep chain would be quadratic. */
const MAX_PATH_IDS = 1_000_000;

/**
 * The spans in tree order, each with its place in the tree.
 *
 * @throws `SERVER_TRACE_TOO_LARGE` when their paths together would be
 */
export function traceSpansJson(spans: readonly SpanRow[]): TraceSpan[] {
  const nodes = buildTraceTree(spans);
  const pathIds = nodes.reduce((sum, { depth }) => sum + depth + 1, 0);
  if (pathIds > MAX_PATH_IDS) {
    const traceId = spans[0]?.traceId ?? "";
    const what = "ids in the paths of its spans";
    throw errors.SERVER_TRACE_TOO_LARGE({ traceId, limit: MAX_PATH_IDS, what });
  }
  return nodes.map(traceSpanJson);
}

function traceSpanJson(node: TreeNode<SpanRow>): TraceSpan {
  const { span } = node;
  return {
    trace_id: span.traceId,
    span_id: span.spanId,
    parent_span_id: span.parentSpanId,
    span_name: span.name,
    span_kind: span.kind,
    start_time: rfc3339OfNanos(span.startTimeUnixNano),
    end_time: rfc3339OfNanos(span.endTimeUnixNano),
    duration_ms: msBetween(span.startTimeUnixNano, span.endTimeUnixNano),
    status_code: span.statusCode,
    status_message: span.statusMessage === "" ? null : span.statusMessage,
    attributes: attributesJson(span.attributes),
    events: span.events.map((event) => ({
      timestamp: rfc3339OfNanos(event.timeUnixNano),
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
    depth: node.depth,
    path: [...node.path],
    root_span_id: node.rootSpanId,
    service_name: span.serviceName,
    span_order: node.spanOrder,
    input: payloadJson(span.input),
    output: payloadJson(span.output),
  };
}

function attributesJson(attributes: ReadonlyMap<string, string>) {
  return Array.from(attributes, ([key, text]) => ({ key, value: plainJsonOf(text) }));
}

function payloadJson(text: string | null): Json {
  return text === null ? null : (JSON.parse(text) as Json);
}
