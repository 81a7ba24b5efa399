import type { SpanRow } from "../span/span-row.ts";

/** A span that was refused; its neighbours are kept. */
export interface RejectedSpan {
  /** Position of the span in the request, counted from 0 over all resources and scopes. */
  readonly index: number;
  /** Code of the error catalogue, e.g. `OTLP_SPAN_ID_INVALID`. */
  readonly code: string;
  readonly reason: string;
}

/** A tag found on a span (`scouter.tracing.tag.<key>`); entity type `trace`. */
export interface TraceTag {
  readonly traceId: string;
  readonly key: string;
  readonly value: string;
}

/** A baggage entry found on a span (`baggage.<key>`). */
export interface BaggageEntry {
  readonly traceId: string;
  readonly scope: string;
  readonly key: string;
  readonly value: string;
  readonly startTimeUnixNano: bigint;
}

/** What one ExportTraceServiceRequest holds, in request order. */
export interface DecodedExport {
  readonly spans: readonly SpanRow[];
  readonly rejected: readonly RejectedSpan[];
  /** Without repeats. */
  readonly tags: readonly TraceTag[];
  readonly baggage: readonly BaggageEntry[];
}
