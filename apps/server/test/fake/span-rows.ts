import type { EvaluatedSpan } from "@scouter/evaluate";
import type { SpanRow } from "@scouter/telemetry";

/** A span as the lake has it. */
export function spanRow(span: EvaluatedSpan): SpanRow {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId ?? null,
    traceState: "",
    flags: 0,
    name: span.name,
    kind: "INTERNAL",
    startTimeUnixNano: BigInt(span.startTimeMs) * 1_000_000n,
    endTimeUnixNano: BigInt(span.endTimeMs) * 1_000_000n,
    statusCode: { Unset: 0, Ok: 1, Error: 2 }[span.status],
    statusMessage: span.statusMessage ?? null,
    serviceName: span.serviceName,
    scopeName: "",
    scopeVersion: null,
    attributes: new Map(
      Object.entries(span.attributes).map(([key, value]) => [key, JSON.stringify(value)]),
    ),
    resourceAttributes: new Map(),
    events: [],
    links: [],
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
    input: null,
    output: null,
    entityIds: [],
    queueIds: [],
  };
}
