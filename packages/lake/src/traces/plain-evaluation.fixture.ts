import type { Json } from "@scouter/contracts";
import {
  contentKeys,
  contentPrefixes,
  contentPreview,
  layoutTrace,
  mapGenAiSpan,
  plainJsonOf,
  type SpanRow,
} from "@scouter/telemetry";
import type { LightSpan } from "./light-spans.ts";
import { traceDigest } from "./trace-digest.ts";
import type {
  AttributePredicate,
  FacetCount,
  SpanFilter,
  TimeRange,
  TraceBucket,
  TraceDigest,
  TraceFacetCounts,
  TraceFilter,
} from "./trace-queries.ts";

/** A trace with its spans, repeats removed. */
export interface PlainTrace {
  readonly digest: TraceDigest;
  readonly spans: readonly SpanRow[];
}

/** What the queries answer, said again without an engine. */
export function plainTraces(spans: readonly SpanRow[]): readonly PlainTrace[] {
  const once = [...new Map(spans.map((span) => [span.traceId + span.spanId, span])).values()];
  return Array.from(Map.groupBy(once, (span) => span.traceId).values(), (trace) => {
    const light = trace.map(lightOf);
    return { spans: trace, digest: traceDigest(light, layoutTrace(light)) };
  });
}

export function lightOf(span: SpanRow): LightSpan {
  const genAi = mapGenAiSpan(span.attributes);
  const preview = contentPreview(span);
  const none = { input: null, output: null, cacheRead: null, cacheWrite: null, reasoning: null };
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    name: span.name,
    kind: span.kind,
    service: span.serviceName,
    startTimeUnixNano: span.startTimeUnixNano,
    durationNano: span.endTimeUnixNano - span.startTimeUnixNano,
    statusCode: span.statusCode,
    genAiKind: genAi?.kind ?? null,
    tokens: genAi?.tokens ?? none,
    model: genAi?.responseModel ?? genAi?.requestModel ?? null,
    conversationId: genAi?.conversationId ?? null,
    inputPreview: preview.input,
    outputPreview: preview.output,
  };
}

export function plainSearch(
  traces: readonly PlainTrace[],
  range: TimeRange,
  filter: TraceFilter,
): readonly PlainTrace[] {
  return traces
    .filter(({ digest }) => isIn(digest.startTimeUnixNano, range))
    .filter((trace) => traceMatches(trace, filter))
    .toSorted((left, right) => newestFirst(left.digest, right.digest));
}

function isIn(nano: bigint, range: TimeRange): boolean {
  return nano >= range.fromNano && nano < range.toNano;
}

function newestFirst(left: TraceDigest, right: TraceDigest): number {
  if (left.startTimeUnixNano !== right.startTimeUnixNano) {
    return left.startTimeUnixNano < right.startTimeUnixNano ? 1 : -1;
  }
  return left.traceId < right.traceId ? 1 : -1;
}

function traceMatches({ digest, spans }: PlainTrace, filter: TraceFilter): boolean {
  const status = digest.errorCount > 0 ? "error" : "ok";
  return (
    (filter.status === undefined || filter.status === status) &&
    isAnyOf(filter.rootNames, [digest.rootName]) &&
    digest.durationNano >= (filter.minDurationNano ?? 0n) &&
    digest.durationNano <= (filter.maxDurationNano ?? 2n ** 63n) &&
    spans.some((span) => spanMatches(span, filter.spans))
  );
}

function spanMatches(span: SpanRow, filter: SpanFilter): boolean {
  const genAi = mapGenAiSpan(span.attributes);
  return (
    isAnyOf(filter.services, [span.serviceName]) &&
    isAnyOf(filter.names, [span.name]) &&
    isAnyOf(filter.kinds, [genAi?.kind]) &&
    isAnyOf(filter.models, [genAi?.requestModel, genAi?.responseModel]) &&
    filter.attributes.every((predicate) => attributeMatches(span, predicate)) &&
    (filter.text === undefined || textOccurs(span, filter.text.toLowerCase()))
  );
}

function isAnyOf(wanted: readonly string[], values: readonly (string | null | undefined)[]) {
  return wanted.length === 0 || values.some((value) => wanted.some((want) => want === value));
}

function attributeMatches(span: SpanRow, predicate: AttributePredicate): boolean {
  const text = span.attributes.get(predicate.key) ?? span.resourceAttributes.get(predicate.key);
  if (text === undefined) return false;
  if (predicate.op === "exists") return true;
  const isText = text.startsWith('"');
  const isNumber = /^[-\d]/.test(text) || text.startsWith('{"intValue"');
  const value = isText || !isNumber ? plainJsonOf(text) : Number(plainJsonOf(text));
  const isEqual = value === predicate.value;
  if (predicate.op === "eq") return isEqual;
  if (predicate.op === "ne") return !isEqual;
  if (typeof value !== typeof predicate.value) return false;
  const order =
    typeof value === "string"
      ? Buffer.compare(Buffer.from(value), Buffer.from(String(predicate.value)))
      : Number(value) - Number(predicate.value);
  return predicate.op === "lt" ? order < 0 : order > 0;
}

function textOccurs(span: SpanRow, text: string): boolean {
  const content = [...span.attributes].flatMap(([key, value]) =>
    contentKeys.includes(key) || contentPrefixes.some((prefix) => key.startsWith(prefix))
      ? textsIn(plainJsonOf(value))
      : [],
  );
  return [
    span.name,
    span.statusMessage ?? "",
    span.input ?? "",
    span.output ?? "",
    ...content,
  ].some((value) => value.toLowerCase().includes(text));
}

/** The text, and every text within it when it is JSON. */
function textsIn(text: Json): readonly string[] {
  if (typeof text !== "string") return [JSON.stringify(text)];
  const leaves: string[] = [];
  try {
    JSON.parse(text, (_key, value: unknown) => {
      if (typeof value === "string") leaves.push(value);
      return value;
    });
  } catch {
    return [text]; // plain text
  }
  return [text, ...leaves];
}

export function plainHistogram(
  traces: readonly PlainTrace[],
  range: TimeRange,
  bucketNano: bigint,
): readonly TraceBucket[] {
  const buckets: TraceBucket[] = [];
  for (let startNano = range.fromNano; startNano < range.toNano; startNano += bucketNano) {
    const bucket = { fromNano: startNano, toNano: startNano + bucketNano };
    const inside = traces
      .map(({ digest }) => digest)
      .filter((digest) => isIn(digest.startTimeUnixNano, bucket));
    const durations = inside.map((digest) => Number(digest.durationNano)).sort((a, b) => a - b);
    const error = inside.filter((digest) => digest.errorCount > 0).length;
    buckets.push({
      startNano,
      ok: inside.length - error,
      error,
      p50DurationNano: quantile(durations, 0.5),
      p95DurationNano: quantile(durations, 0.95),
    });
  }
  return buckets;
}

/** Linear between neighbours (type 7 of Hyndman and Fan). */
function quantile(sorted: readonly number[], share: number): number | null {
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) return null;
  return below + (above - below) * (position - Math.floor(position));
}

export function plainFacets(traces: readonly PlainTrace[], limit: number): TraceFacetCounts {
  const count = (valuesOf: (trace: PlainTrace) => Iterable<string | null | undefined>) => {
    const counts = new Map<string, number>();
    for (const trace of traces) {
      for (const value of new Set(valuesOf(trace))) {
        if (value != null) counts.set(value, (counts.get(value) ?? 0) + 1);
      }
    }
    return Array.from(counts, ([value, traceCount]): FacetCount => ({ value, count: traceCount }))
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
      .slice(0, limit);
  };
  return {
    total: traces.length,
    service: count(({ digest }) => digest.services),
    status: count(({ digest }) => [digest.errorCount > 0 ? "error" : "ok"]),
    rootName: count(({ digest }) => [digest.rootName]),
    kind: count(({ spans }) => spans.map((span) => mapGenAiSpan(span.attributes)?.kind)),
    model: count(({ digest }) => digest.models),
  };
}
