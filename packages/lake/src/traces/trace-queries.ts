import type { GenAiSpanKind, SpanRow, TraceTokens } from "@scouter/telemetry";

/**
 * The questions that people ask about traces. Every one is bounded: a range of time, or a trace's id.
 *
 * A trace is all its spans, those outside the range included as far as they start within `TRACE_REACH_NANO` of it; it
 * lies in the range when its earliest span starts there. Repeats of a span count once. `signal` ends the engine's work;
 * the call then rejects with `LAKE_QUERY_CANCELLED`.
 */
export interface TraceQueries {
  /** Newest first by (start, trace id), strictly below the cursor. */
  searchTraces(search: TraceSearch, options?: QueryOptions): Promise<TraceSearchPage>;
  /** Every bucket of the range, oldest first, empty ones too. */
  traceHistogram(input: HistogramQuery, options?: QueryOptions): Promise<readonly TraceBucket[]>;
  traceFacets(input: FacetQuery, options?: QueryOptions): Promise<TraceFacetCounts>;
  /** Services of spans that start in the range, most traces first, then by name. */
  traceServices(range: TimeRange, options?: QueryOptions): Promise<readonly ServiceCount[]>;
  /** Undefined when no span of the trace is known. */
  traceTree(input: TraceTreeQuery, options?: QueryOptions): Promise<TraceTree | undefined>;
  /** Undefined when the trace or the span is unknown. */
  spanOf(input: SpanQuery, options?: QueryOptions): Promise<SpanRow | undefined>;
}

export interface QueryOptions {
  readonly signal?: AbortSignal;
}

/** Nanoseconds since the epoch: `from <= start < to`. */
export interface TimeRange {
  readonly fromNano: bigint;
  readonly toNano: bigint;
}

/**
 * All given parts must hold. Those on spans must hold for one span together; within a list any value will do. Empty
 * lists mean nothing is asked.
 */
export interface TraceFilter {
  readonly spans: SpanFilter;
  /** Whether any span failed. */
  readonly status?: "ok" | "error";
  /** Name of the root span, else of the earliest. */
  readonly rootNames: readonly string[];
  /** From the earliest start to the latest end, both bounds included. */
  readonly minDurationNano?: bigint;
  readonly maxDurationNano?: bigint;
}

export interface SpanFilter {
  readonly services: readonly string[];
  readonly names: readonly string[];
  readonly kinds: readonly GenAiSpanKind[];
  /** Equal to the model asked for or the one that answered. */
  readonly models: readonly string[];
  readonly attributes: readonly AttributePredicate[];
  /** Occurs, in any case, in the name, the status message, the input or the output. */
  readonly text?: string;
}

/**
 * On an attribute of the span, else of its resource. Types count: a number compares with integers and doubles alone, a
 * text with texts. `ne` wants the attribute present with another value. Texts are ordered by code point.
 */
export type AttributePredicate =
  | { readonly key: string; readonly op: "exists" }
  | { readonly key: string; readonly op: "eq" | "ne"; readonly value: string | number | boolean }
  | { readonly key: string; readonly op: "lt" | "gt"; readonly value: string | number };

export interface TraceSearch {
  readonly range: TimeRange;
  readonly filter: TraceFilter;
  /** 1 to 1000. */
  readonly limit: number;
  readonly cursor?: { readonly startTimeUnixNano: bigint; readonly traceId: string };
}

export interface TraceSearchPage {
  readonly items: readonly TraceDigest[];
  readonly hasMore: boolean;
}

/** What a trace is, in short. */
export interface TraceDigest {
  readonly traceId: string;
  /** Of the root span, else of the earliest. */
  readonly rootName: string;
  readonly rootSpanId: string;
  readonly rootService: string;
  readonly rootGenAiKind: GenAiSpanKind | null;
  /** Sorted. */
  readonly services: readonly string[];
  readonly startTimeUnixNano: bigint;
  readonly durationNano: bigint;
  readonly spanCount: number;
  readonly errorCount: number;
  readonly tokens: TraceTokens;
  /** Models that answered, else were asked; sorted. */
  readonly models: readonly string[];
  readonly conversationId: string | null;
  /** At most 200 characters each, of the root span, else of the earliest (input) and latest (output) that has any. */
  readonly inputPreview: string | null;
  readonly outputPreview: string | null;
}

export interface HistogramQuery {
  readonly range: TimeRange;
  readonly filter: TraceFilter;
  /** At least 1; the last bucket may reach beyond the range. */
  readonly bucketNano: bigint;
}

export interface TraceBucket {
  readonly startNano: bigint;
  readonly ok: number;
  readonly error: number;
  /** Nanoseconds, linear between neighbours; null in an empty bucket. */
  readonly p50DurationNano: number | null;
  readonly p95DurationNano: number | null;
}

export interface FacetQuery {
  readonly range: TimeRange;
  readonly filter: TraceFilter;
  /** Values per facet at most. */
  readonly limit: number;
}

export interface FacetCount {
  readonly value: string;
  /** Matching traces that have the value. */
  readonly count: number;
}

/** Most frequent first, then by value. */
export interface TraceFacetCounts {
  readonly total: number;
  readonly service: readonly FacetCount[];
  readonly status: readonly FacetCount[];
  readonly rootName: readonly FacetCount[];
  readonly kind: readonly FacetCount[];
  readonly model: readonly FacetCount[];
}

export interface ServiceCount {
  readonly name: string;
  readonly traceCount: number;
  /** Traces where a span of the service failed. */
  readonly errorCount: number;
}

export interface TraceTreeQuery {
  readonly traceId: string;
  /** Rows of the depth-first order to skip, and to give at most. */
  readonly offset: number;
  readonly limit: number;
}

/** A page of a trace's rows; arrays hold one element for each row of the page. */
export interface TraceTree {
  readonly digest: TraceDigest;
  /** Levels: 1 for a lone root. */
  readonly levels: number;
  readonly rows: TraceTreeRows;
}

export interface TraceTreeRows {
  readonly spanId: readonly string[];
  readonly parentSpanId: readonly (string | null)[];
  readonly depth: readonly number[];
  readonly name: readonly string[];
  readonly service: readonly string[];
  readonly kind: readonly string[];
  readonly genAiKind: readonly (string | null)[];
  readonly startOffsetNano: readonly number[];
  readonly durationNano: readonly number[];
  readonly statusCode: readonly number[];
  /** Failed spans below, the row itself not counted. */
  readonly errorsBelow: readonly number[];
  readonly childCount: readonly number[];
  readonly descendantCount: readonly number[];
  readonly inputTokens: readonly (number | null)[];
  readonly outputTokens: readonly (number | null)[];
  readonly isOrphan: readonly boolean[];
}

export interface SpanQuery {
  readonly traceId: string;
  readonly spanId: string;
}

/** How far outside a range the spans of a trace are looked for: 6 hours. */
export const TRACE_REACH_NANO = 21_600_000_000_000n;
