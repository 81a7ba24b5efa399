import { z } from "zod";
import { dateTime } from "../record/scalar.ts";

/** What a span does, whatever convention its attributes follow. `other` when no convention says anything. */
export const genAiKind = z.enum([
  "agent",
  "llm",
  "tool",
  "retriever",
  "embedding",
  "reranker",
  "guardrail",
  "evaluator",
  "chain",
  "other",
]);
export type GenAiKind = z.output<typeof genAiKind>;

/** `error` when at least one span failed. */
export const traceStatus = z.enum(["ok", "error"]);
export type TraceStatus = z.output<typeof traceStatus>;

/**
 * Tokens; `input` includes what was read from and written to a cache, `output` includes reasoning. Of a call that a
 * wrapper span and the provider's span both report, the inner one counts. 0 when nothing was reported.
 */
export const tokenTotals = z.object({
  input: z.number().int(),
  output: z.number().int(),
  cache_read: z.number().int(),
  cache_write: z.number().int(),
  reasoning: z.number().int(),
});
export type TokenTotals = z.output<typeof tokenTotals>;

/** One row of `GET /scouter/v2/traces`. */
export const traceOverview = z.object({
  /** 32 lower-case hexadecimal digits. */
  trace_id: z.string(),
  /** Of the root span, else of the earliest span. */
  name: z.string(),
  /** Of the root span, else of the earliest span. */
  service: z.string(),
  /** Every service of the trace, sorted. */
  services: z.array(z.string()),
  /** Kind of the root span, else of the earliest span. */
  genai_kind: genAiKind.nullable(),
  /** Start of the earliest span. */
  start: dateTime,
  /** The same in nanoseconds since the epoch, decimal text. */
  start_unix_nano: z.string(),
  /** From the earliest start to the latest end, nanoseconds; exact up to 104 days. */
  duration_ns: z.number().int(),
  span_count: z.number().int(),
  /** Failed spans. */
  error_count: z.number().int(),
  status: traceStatus,
  tokens: tokenTotals,
  /** Models that answered (else were asked), sorted. */
  models: z.array(z.string()),
  conversation_id: z.string().nullable(),
  /** At most 200 characters; null when no span captured any. */
  input_preview: z.string().nullable(),
  output_preview: z.string().nullable(),
});
export type TraceOverview = z.output<typeof traceOverview>;

/** Newest first by (start, trace id). */
export const traceOverviewPage = z.object({
  items: z.array(traceOverview),
  /** Give it back as `cursor` for the rows after these; null at the end of the range. */
  next_cursor: z.string().nullable(),
  /** The range that was searched, defaults filled in: start <= trace start < end. */
  start: dateTime,
  end: dateTime,
});
export type TraceOverviewPage = z.output<typeof traceOverviewPage>;

export const traceHistogramBucket = z.object({
  /** start <= trace start < end. */
  start: dateTime,
  end: dateTime,
  /** Traces without and with a failed span. */
  ok: z.number().int(),
  error: z.number().int(),
  /** Exact, of the trace durations in the bucket (linear between neighbours); null in an empty bucket. */
  p50_duration_ns: z.number().nullable(),
  p95_duration_ns: z.number().nullable(),
});
export type TraceHistogramBucket = z.output<typeof traceHistogramBucket>;

/** `GET /scouter/v2/traces/histogram`: every bucket of the range, empty ones too, oldest first. */
export const traceHistogram = z.object({
  start: dateTime,
  end: dateTime,
  /** Width of each bucket but perhaps the last, milliseconds. */
  bucket_ms: z.number().int(),
  buckets: z.array(traceHistogramBucket),
});
export type TraceHistogram = z.output<typeof traceHistogram>;

export const traceFacetValue = z.object({
  value: z.string(),
  /** Matching traces that have the value. */
  count: z.number().int(),
});
export type TraceFacetValue = z.output<typeof traceFacetValue>;

const facet = z.array(traceFacetValue);

/** `GET /scouter/v2/traces/facets`: per field at most 20 values, most frequent first. */
export const traceFacets = z.object({
  start: dateTime,
  end: dateTime,
  /** Matching traces. */
  total: z.number().int(),
  facets: z.object({
    service: facet,
    status: facet,
    /** Names of root spans; each finds its traces as the filter `root_name`. */
    root_name: facet,
    /** Values of `genAiKind`; each finds its traces as the filter `kind`. */
    kind: facet,
    model: facet,
  }),
});
export type TraceFacets = z.output<typeof traceFacets>;

export const traceService = z.object({
  name: z.string(),
  /** Traces with a span of the service. */
  trace_count: z.number().int(),
  /** Of these: where a span of the service failed. */
  error_count: z.number().int(),
});
export type TraceService = z.output<typeof traceService>;

/** `GET /scouter/v2/traces/services`, most traces first. */
export const traceServiceList = z.object({
  start: dateTime,
  end: dateTime,
  services: z.array(traceService),
});
export type TraceServiceList = z.output<typeof traceServiceList>;
