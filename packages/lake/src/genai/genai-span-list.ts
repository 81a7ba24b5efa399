import type { DuckDBConnection } from "@duckdb/node-api";
import type { SpanRow } from "@scouter/telemetry";
import { type ReadView, within } from "../reader/read-view.ts";
import { spansWhere } from "../reader/spans-of-trace.ts";
import { Parameters } from "../traces/span-condition.ts";
import type { GenAiSpanQuery } from "./genai-queries.ts";
import { genAiCondition, genAiSpansSql } from "./genai-spans.ts";

/** Which spans is decided on narrow columns; the others are read for those alone. */
export async function genAiSpanList(
  connection: DuckDBConnection,
  view: ReadView,
  { range, filter, order, limit }: GenAiSpanQuery,
): Promise<readonly SpanRow[]> {
  const parameters = new Parameters();
  const direction = order === "newest" ? "DESC" : "ASC";
  const reader = await connection.runAndReadAll(
    `SELECT trace_id, span_id, start_time_unix_nano FROM (${await genAiSpansSql(view, range)})
      WHERE ${genAiCondition(filter, parameters)}
      ORDER BY start_time_unix_nano ${direction}, span_id ${direction} LIMIT ${limit}`,
    parameters.values,
  );
  const found = reader.getRows().map(([traceId, spanId, start]) => ({
    key: `${traceId as string}/${spanId as string}`,
    traceId: traceId as string,
    spanId: spanId as string,
    start: start as bigint,
  }));
  if (found.length === 0) return [];
  const [first, last] = order === "newest" ? [found.at(-1), found[0]] : [found[0], found.at(-1)];
  const extent = { fromNano: first?.start ?? 0n, toNano: (last?.start ?? 0n) + 1n };
  const wanted = new Parameters();
  const traceIds = [...new Set(found.map(({ traceId }) => traceId))];
  const traces = wanted.addAll(traceIds);
  const spans = wanted.addAll([...new Set(found.map(({ spanId }) => spanId))]);
  const read = await spansWhere(connection, within(view, extent), traceIds, {
    condition: `trace_id IN (${traces}) AND span_id IN (${spans})`,
    parameters: wanted.values,
  });
  const byKey = new Map(read.map((span) => [`${span.traceId}/${span.spanId}`, span]));
  return found.flatMap(({ key }) => byKey.get(key) ?? []);
}
