import { type TraceLayout, traceTokens } from "@scouter/telemetry";
import type { LightSpan } from "./light-spans.ts";
import type { TraceDigest } from "./trace-queries.ts";

/** The digest of a trace from its spans, of which there is at least one, and their layout. */
export function traceDigest(spans: readonly LightSpan[], layout: TraceLayout): TraceDigest {
  const rows = Array.from(layout.spanIndex, (index) => spans[index]).filter(
    (span) => span !== undefined,
  );
  const root = rows[layout.rootRow];
  const byStart = rows.toSorted((left, right) => compare(left, right));
  const start = layout.startTimeUnixNano;
  return {
    traceId: root?.traceId ?? "",
    rootName: root?.name ?? "",
    rootSpanId: root?.spanId ?? "",
    rootService: root?.service ?? "",
    rootGenAiKind: root?.genAiKind ?? null,
    services: distinct(rows.map((span) => span.service)),
    startTimeUnixNano: start,
    durationNano: latestEnd(rows, start) - start,
    spanCount: rows.length,
    errorCount: rows.filter((span) => span.statusCode >= 2).length,
    tokens: traceTokens(spans, layout),
    models: distinct(rows.flatMap((span) => span.model ?? [])),
    conversationId:
      root?.conversationId ??
      byStart.find((span) => span.conversationId !== null)?.conversationId ??
      null,
    inputPreview:
      root?.inputPreview ??
      byStart.find((span) => span.inputPreview !== null)?.inputPreview ??
      null,
    outputPreview:
      root?.outputPreview ??
      byStart.findLast((span) => span.outputPreview !== null)?.outputPreview ??
      null,
  };
}

function latestEnd(spans: readonly LightSpan[], start: bigint): bigint {
  let latest = start;
  for (const { startTimeUnixNano, durationNano } of spans) {
    const end = startTimeUnixNano + durationNano;
    if (end > latest) latest = end;
  }
  return latest;
}

function compare(left: LightSpan, right: LightSpan): number {
  if (left.startTimeUnixNano !== right.startTimeUnixNano) {
    return left.startTimeUnixNano < right.startTimeUnixNano ? -1 : 1;
  }
  return left.spanId < right.spanId ? -1 : left.spanId > right.spanId ? 1 : 0;
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort((left, right) => (left < right ? -1 : 1));
}
