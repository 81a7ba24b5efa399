import type { DuckDBConnection } from "@duckdb/node-api";
import type { ReadView } from "../reader/read-view.ts";
import { fragmentsSql } from "../summary/fragment-source.ts";
import { SUMMARY_ROOT_RANK } from "../summary/trace-summaries.ts";
import type { TracePoint, TraceSeriesQuery } from "../trace-lake.ts";
import { matchingTracesSql } from "./attribute-match.ts";
import { reachOf } from "./merged-traces.ts";
import { Parameters } from "./span-condition.ts";
import { bucketSql } from "./time-bucket.ts";

/** Traces that begin in the range, measured whole, by bucket. */
export async function traceSeries(
  connection: DuckDBConnection,
  view: ReadView,
  { range, bucket, rootService, entityId, attributes = [] }: TraceSeriesQuery,
): Promise<readonly TracePoint[]> {
  const parameters = new Parameters();
  const reach = reachOf(range);
  const fragments = await fragmentsSql(view.summaries, reach, [
    "trace_id",
    "start_time_unix_nano",
    "end_time_unix_nano",
    "status_code",
    ...(rootService === undefined
      ? []
      : [
          "has_root",
          "root_start_time_unix_nano",
          "root_duration_nano",
          "root_span_id",
          "service_name",
        ]),
    ...(entityId === undefined ? [] : ["entity_ids"]),
  ]);
  const start = "min(start_time_unix_nano)";
  const conditions = [`${start} >= ${range.fromNano} AND ${start} < ${range.toNano}`];
  if (rootService !== undefined) {
    const wanted = parameters.add(rootService);
    conditions.push(`min_by(service_name, ${SUMMARY_ROOT_RANK}) = ${wanted}`);
  }
  if (entityId !== undefined) {
    conditions.push(`bool_or(list_contains(entity_ids, ${parameters.add(entityId)}))`);
  }
  const matching =
    attributes.length === 0
      ? ""
      : `WHERE trace_id IN (${await matchingTracesSql(view, reach, attributes, parameters)})`;
  const duration = "(end_nano - start_nano) / 1e6";
  const reader = await connection.runAndReadAll(
    `SELECT ${bucketSql("start_nano", bucket)} AS bucket, count(*) AS traces,
      count(*) FILTER (has_error) AS errors, avg(${duration}) AS average,
      quantile_cont(${duration}, [0.5, 0.95, 0.99]) AS quantiles
    FROM (SELECT ${start} AS start_nano, max(end_time_unix_nano) AS end_nano,
        max(status_code) >= 2 AS has_error
      FROM (${fragments}) ${matching}
      GROUP BY trace_id HAVING ${conditions.join(" AND ")})
    GROUP BY bucket ORDER BY bucket`,
    parameters.values,
  );
  return reader.getRowObjects().map((row) => {
    const [p50, p95, p99] = (row["quantiles"] as { readonly items: readonly number[] }).items;
    return {
      startNano: row["bucket"] as bigint,
      traceCount: Number(row["traces"]),
      errorCount: Number(row["errors"]),
      averageDurationMs: row["average"] as number,
      p50DurationMs: p50 ?? 0,
      p95DurationMs: p95 ?? 0,
      p99DurationMs: p99 ?? 0,
    };
  });
}
