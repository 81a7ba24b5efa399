import type {
  DictionaryColumn,
  TokenTotals,
  TraceDetail,
  TraceFacets,
  TraceHeader,
  TraceHistogram,
  TraceOverview,
} from "@scouter/contracts";
import type {
  FacetCount,
  TimeRange,
  TraceBucket,
  TraceDigest,
  TraceFacetCounts,
  TraceTree,
} from "@scouter/lake";
import { rfc3339OfNanos } from "../trace/wire-time.ts";

export function rangeJson({ fromNano, toNano }: TimeRange) {
  return { start: rfc3339OfNanos(fromNano), end: rfc3339OfNanos(toNano) };
}

export function traceOverviewJson(trace: TraceDigest): TraceOverview {
  return {
    trace_id: trace.traceId,
    name: trace.rootName,
    service: trace.rootService,
    services: [...trace.services],
    genai_kind: trace.rootGenAiKind,
    ...timesJson(trace),
    span_count: trace.spanCount,
    error_count: trace.errorCount,
    status: trace.errorCount > 0 ? "error" : "ok",
    tokens: tokensJson(trace),
    models: [...trace.models],
    conversation_id: trace.conversationId,
    input_preview: trace.inputPreview,
    output_preview: trace.outputPreview,
  };
}

function timesJson(trace: TraceDigest) {
  return {
    start: rfc3339OfNanos(trace.startTimeUnixNano),
    start_unix_nano: trace.startTimeUnixNano.toString(),
    duration_ns: Number(trace.durationNano),
  };
}

function tokensJson({ tokens }: TraceDigest): TokenTotals {
  const { input, output, cacheRead, cacheWrite, reasoning } = tokens;
  return { input, output, cache_read: cacheRead, cache_write: cacheWrite, reasoning };
}

export function traceHistogramJson(
  range: TimeRange,
  bucketNano: bigint,
  buckets: readonly TraceBucket[],
): TraceHistogram {
  return {
    ...rangeJson(range),
    bucket_ms: Number(bucketNano / 1_000_000n),
    buckets: buckets.map(({ startNano, ok, error, p50DurationNano, p95DurationNano }) => {
      const endNano = startNano + bucketNano;
      return {
        start: rfc3339OfNanos(startNano),
        end: rfc3339OfNanos(endNano < range.toNano ? endNano : range.toNano),
        ok,
        error,
        p50_duration_ns: p50DurationNano,
        p95_duration_ns: p95DurationNano,
      };
    }),
  };
}

export function traceFacetsJson(range: TimeRange, counts: TraceFacetCounts): TraceFacets {
  const facet = (values: readonly FacetCount[]) => values.map((value) => ({ ...value }));
  return {
    ...rangeJson(range),
    total: counts.total,
    facets: {
      service: facet(counts.service),
      status: facet(counts.status),
      root_name: facet(counts.rootName),
      kind: facet(counts.kind),
      model: facet(counts.model),
    },
  };
}

export function traceDetailJson(tree: TraceTree, offset: number): TraceDetail {
  const { rows } = tree;
  const end = offset + rows.spanId.length;
  return {
    trace: headerJson(tree),
    offset,
    next_offset: end < tree.digest.spanCount ? end : null,
    spans: {
      span_id: [...rows.spanId],
      parent_id: [...rows.parentSpanId],
      depth: [...rows.depth],
      name: dictionaryOf(rows.name),
      service: dictionaryOf(rows.service),
      kind: dictionaryOf(rows.kind),
      genai_kind: dictionaryOf(rows.genAiKind),
      start_offset_ns: [...rows.startOffsetNano],
      duration_ns: [...rows.durationNano],
      status: [...rows.statusCode],
      errors_below: [...rows.errorsBelow],
      child_count: [...rows.childCount],
      descendant_count: [...rows.descendantCount],
      input_tokens: [...rows.inputTokens],
      output_tokens: [...rows.outputTokens],
      orphans: rows.isOrphan.flatMap((isOrphan, row) => (isOrphan ? row : [])),
    },
  };
}

function headerJson({ digest, levels }: TraceTree): TraceHeader {
  return {
    trace_id: digest.traceId,
    root_name: digest.rootName,
    root_span_id: digest.rootSpanId,
    services: [...digest.services],
    ...timesJson(digest),
    span_count: digest.spanCount,
    error_count: digest.errorCount,
    depth: levels,
    status: digest.errorCount > 0 ? "error" : "ok",
    tokens: tokensJson(digest),
    models: [...digest.models],
    conversation_id: digest.conversationId,
  };
}

/** Values in order of appearance; -1 for null. */
function dictionaryOf(column: readonly (string | null)[]): DictionaryColumn {
  const places = new Map<string, number>();
  const rows = column.map((value) => {
    if (value === null) return -1;
    const place = places.get(value) ?? places.size;
    places.set(value, place);
    return place;
  });
  return { values: [...places.keys()], rows };
}
