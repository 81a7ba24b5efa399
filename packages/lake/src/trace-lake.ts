import type { BaggageEntry, RejectedSpan, SpanRow, TraceTag } from "@scouter/telemetry";
import type { TraceSighting } from "./activity/trace-sighting.ts";
import type { BucketWidth, GenAiQueries } from "./genai/genai-queries.ts";
import type { PayloadFormat } from "./ingest-log/ingest-log.ts";
import type { ServiceMapQueries } from "./service-map/service-map-queries.ts";
import type { QueryOptions, TimeRange, TraceQueries } from "./traces/trace-queries.ts";

/**
 * The span tables as the server uses them: durable ingest and reads over the Delta snapshot together with this
 * process's unflushed segments. CPU work happens in a worker thread.
 */
export interface TraceLake extends TraceQueries, GenAiQueries, ServiceMapQueries {
  /**
   * Decodes, logs and admits one export request. Resolves when its accepted spans are durable and readable here.
   * Rejects with `invalid` when the whole body cannot be decoded, `too-large` when it inflates past the limit,
   * `busy` when the backlog of unflushed bytes is full, `unavailable` when the log cannot be written.
   */
  ingest(request: IngestRequest): Promise<IngestReply>;
  /** Newest first; see `TraceQuery`. */
  listTraces(query: TraceQuery): Promise<TraceList>;
  /** Traces by the time at which they begin, oldest bucket first; empty buckets are left out. */
  traceSeries(query: TraceSeriesQuery, options?: QueryOptions): Promise<readonly TracePoint[]>;
  /** Spans of one trace by start time, then span id; empty when unknown. Each (trace_id, span_id) once. */
  spansOf(
    traceId: string,
    options?: {
      readonly signal?: AbortSignal;
      /** Give no more than so many, for a caller that cannot do with more. All by default. */
      readonly limit?: number;
    },
  ): Promise<readonly SpanRow[]>;
  counts(): Promise<LakeCounts>;
  /**
   * Spans of these traces are flushed within a second from now on, and `onSpansSeen` tells of them. Traces whose spans
   * name an entity or a queued record are awaited anyway.
   */
  awaitTraces(traceIds: readonly string[]): void;
  /** What is readable of these traces, as if received just now; unknown ones are left out. */
  sightingsOf(traceIds: readonly string[]): Promise<readonly TraceSighting[]>;
  /** Reads what other processes committed: to be called when one says that it did. */
  refresh(): Promise<void>;
  /** Commits everything admitted so far to Delta; resolves when it is published. */
  flush(): Promise<void>;
  statistics(): LakeStatistics;
  /** Flushes, ends the worker, closes the log. */
  close(): Promise<void>;
}

export interface IngestRequest {
  /** The body as received. Ownership passes to the lake: its ArrayBuffer is transferred. */
  readonly body: Uint8Array;
  readonly format: PayloadFormat;
  readonly contentEncoding: "identity" | "gzip" | "deflate" | "zstd";
  /**
   * Awaited after decoding and before the request is logged: what must be stored beside the spans is stored first,
   * since a request that is logged will not be looked into again. When it rejects, nothing is stored and `ingest`
   * rejects with its error. A repeat calls it again: what it does must bear that.
   */
  readonly beforeLog?: (found: SpanFindings) => Promise<void>;
}

/** What was found on the accepted spans of a request. */
export interface SpanFindings {
  readonly tags: readonly TraceTag[];
  readonly baggage: readonly BaggageEntry[];
}

export interface IngestReply {
  readonly accepted: number;
  readonly rejected: readonly RejectedSpan[];
  /** True when the same body was stored before; nothing was stored now. */
  readonly duplicate: boolean;
}

export interface TraceQuery {
  readonly serviceName?: string;
  readonly hasErrors?: boolean;
  readonly statusCode?: number;
  /** `startTimeFrom <= start < startTimeTo`, milliseconds since the epoch. */
  readonly startTimeFrom?: number;
  readonly startTimeTo?: number;
  readonly traceIds?: readonly string[];
  readonly entityId?: string;
  readonly queueId?: string;
  /** Traces with a span that any of these fits; none asks nothing. */
  readonly attributes?: readonly AttributeMatch[];
  readonly limit: number;
  /**
   * `next`: newest first, strictly below the cursor. `previous`: oldest first, strictly above the cursor (the wire's
   * order, not reversed).
   */
  readonly direction: "next" | "previous";
  readonly cursor?: TraceCursor;
}

/**
 * An attribute of a span, else of its resource, that shows as this value, whatever its type; or a text that occurs in the
 * name, service, scope or status message of a span.
 */
export type AttributeMatch =
  | { readonly key: string; readonly value: string }
  | { readonly text: string };

export interface TraceSeriesQuery {
  readonly range: TimeRange;
  readonly bucket: BucketWidth;
  /** Service of the root span, else of the earliest. */
  readonly rootService?: string;
  readonly entityId?: string;
  readonly attributes?: readonly AttributeMatch[];
}

/** A bucket that holds traces. Durations in milliseconds, percentiles exact, linear between neighbours. */
export interface TracePoint {
  readonly startNano: bigint;
  readonly traceCount: number;
  /** Traces with a failed span. */
  readonly errorCount: number;
  readonly averageDurationMs: number;
  readonly p50DurationMs: number;
  readonly p95DurationMs: number;
  readonly p99DurationMs: number;
}

export interface TraceCursor {
  readonly startTimeUnixNano: bigint;
  readonly traceId: string;
}

export interface TraceList {
  readonly items: readonly TraceSummary[];
  /** Whether there are more in the asked direction. */
  readonly hasMore: boolean;
}

export interface TraceSummary {
  readonly traceId: string;
  /** Service, scope and operation of the root span, else of the earliest span (operation then ""). */
  readonly serviceName: string;
  readonly scopeName: string;
  readonly scopeVersion: string | null;
  readonly rootOperation: string;
  readonly startTimeUnixNano: bigint;
  readonly endTimeUnixNano: bigint;
  /** Highest status code of its spans. */
  readonly statusCode: number;
  readonly statusMessage: string | null;
  readonly spanCount: number;
  readonly errorCount: number;
  /** Of the root, else earliest span; values are JSON text. */
  readonly resourceAttributes: ReadonlyMap<string, string>;
  readonly entityIds: readonly string[];
  readonly queueIds: readonly string[];
}

export interface LakeCounts {
  readonly traces: number;
  readonly spans: number;
  readonly errorSpans: number;
}

export interface LakeStatistics {
  readonly unflushedSpans: number;
  readonly unflushedBytes: number;
  readonly flushes: number;
  readonly flushFailures: number;
  readonly deltaVersion: number;
}
