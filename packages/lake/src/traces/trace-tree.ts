import type { DuckDBConnection } from "@duckdb/node-api";
import { layoutTrace, type TraceLayout } from "@scouter/telemetry";
import { type ReadView, traceSourceSql } from "../reader/read-view.ts";
import { readColumns } from "../table/trace-spans.ts";
import { lightColumns, readLightSpans, type LightSpan } from "./light-spans.ts";
import { traceDigest } from "./trace-digest.ts";
import type { TraceTree, TraceTreeQuery, TraceTreeRows } from "./trace-queries.ts";

export async function traceTree(
  connection: DuckDBConnection,
  view: ReadView,
  { traceId, offset, limit }: TraceTreeQuery,
): Promise<TraceTree | undefined> {
  const columns = readColumns(lightColumns);
  const source = await traceSourceSql(view, columns, [traceId], "trace_id = $trace_id");
  if (source === undefined) return undefined;
  const spans = await readLightSpans(connection, source, { trace_id: traceId });
  if (spans.length === 0) return undefined;
  const layout = layoutTrace(spans);
  return {
    digest: traceDigest(spans, layout),
    levels: layout.depth.reduce((deepest, depth) => Math.max(deepest, depth + 1), 0),
    rows: rowsOf(spans, layout, offset, offset + limit),
  };
}

function rowsOf(
  spans: readonly LightSpan[],
  layout: TraceLayout,
  from: number,
  to: number,
): TraceTreeRows {
  const page = Array.from(layout.spanIndex.subarray(from, to), (index) => spans[index]).filter(
    (span) => span !== undefined,
  );
  const part = (column: Int32Array) => Array.from(column.subarray(from, to));
  const errorsBelow = errorsBelowRows(spans, layout);
  return {
    spanId: page.map((span) => span.spanId),
    parentSpanId: page.map((span) => span.parentSpanId),
    depth: part(layout.depth),
    name: page.map((span) => span.name),
    service: page.map((span) => span.service),
    kind: page.map((span) => span.kind),
    genAiKind: page.map((span) => span.genAiKind),
    startOffsetNano: Array.from(
      layout.spanIndex.subarray(from, to),
      (index) => layout.startOffset[index] ?? 0,
    ),
    durationNano: page.map((span) => Number(span.durationNano)),
    statusCode: page.map((span) => span.statusCode),
    errorsBelow: part(errorsBelow),
    childCount: part(layout.childCount),
    descendantCount: part(layout.descendantCount),
    inputTokens: page.map((span) => span.tokens.input),
    outputTokens: page.map((span) => span.tokens.output),
    isOrphan: Array.from(layout.isOrphan.subarray(from, to), (orphan) => orphan === 1),
  };
}

/** Children stand after their parents: from the end, each row is done when it is handed up. */
function errorsBelowRows(spans: readonly LightSpan[], layout: TraceLayout): Int32Array {
  const below = new Int32Array(layout.spanIndex.length);
  for (let row = below.length - 1; row >= 0; row -= 1) {
    const parent = layout.parentRow[row] ?? -1;
    if (parent < 0) continue;
    const failed = (spans[layout.spanIndex[row] ?? -1]?.statusCode ?? 0) >= 2 ? 1 : 0;
    below[parent] = (below[parent] ?? 0) + (below[row] ?? 0) + failed;
  }
  return below;
}
