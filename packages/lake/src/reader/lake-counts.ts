import type { DuckDBConnection } from "@duckdb/node-api";
import { readColumns } from "../table/trace-spans.ts";
import type { LakeCounts } from "../trace-lake.ts";
import { sourceSql, type ReadView } from "./read-view.ts";

/** Counts over everything readable; a span that was sent twice counts once. */
export async function lakeCounts(
  connection: DuckDBConnection,
  view: ReadView,
): Promise<LakeCounts> {
  const source = await sourceSql(view, readColumns(["trace_id", "span_id", "status_code"]));
  const reader = await connection.runAndReadAll(`
    SELECT count(DISTINCT trace_id) AS traces, count(*) AS spans,
      count(*) FILTER (status_code = 2) AS error_spans
    FROM (SELECT trace_id, span_id, max(status_code) AS status_code FROM (${source})
      GROUP BY trace_id, span_id)`);
  const row = reader.getRowObjects()[0];
  return {
    traces: Number(row?.["traces"] ?? 0),
    spans: Number(row?.["spans"] ?? 0),
    errorSpans: Number(row?.["error_spans"] ?? 0),
  };
}
