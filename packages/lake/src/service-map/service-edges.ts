import type { DuckDBConnection } from "@duckdb/node-api";
import type { ReadView } from "../reader/read-view.ts";
import { reachOf, spansSql } from "../traces/merged-traces.ts";
import { Parameters } from "../traces/span-condition.ts";
import type { ServiceEdge, ServiceEdgeQuery } from "./service-map-queries.ts";

const columns = [
  "trace_id",
  "span_id",
  "parent_span_id",
  "span_name",
  "span_kind",
  "service_name",
  "start_time_unix_nano",
  "duration_nano",
  "status_code",
] as const;

/**
 * A call is a SERVER or CONSUMER span whose parent is a CLIENT or PRODUCER span. The side that is called says what was
 * called, when and for how long; it failed when either side says so.
 */
export async function serviceEdges(
  connection: DuckDBConnection,
  view: ReadView,
  { range, destination, source, limit }: ServiceEdgeQuery,
): Promise<readonly ServiceEdge[]> {
  const parameters = new Parameters();
  const conditions = [
    `called.start_time_unix_nano >= ${range.fromNano}`,
    `called.start_time_unix_nano < ${range.toNano}`,
    ...(destination === undefined ? [] : [`called.service_name = ${parameters.add(destination)}`]),
    ...(source === undefined ? [] : [`calling.service_name = ${parameters.add(source)}`]),
  ];
  const spans = await spansSql(view, reachOf(range), columns);
  const reader = await connection.runAndReadAll(
    `WITH spans AS MATERIALIZED (
      SELECT DISTINCT ON (trace_id, span_id) * FROM (${spans})
      WHERE span_kind IN ('CLIENT', 'PRODUCER', 'SERVER', 'CONSUMER'))
    SELECT calling.service_name AS source, called.service_name AS destination,
      called.span_name AS endpoint, count(*) AS calls,
      count(*) FILTER (called.status_code >= 2 OR calling.status_code >= 2) AS errors,
      min(called.start_time_unix_nano) AS first_seen, max(called.start_time_unix_nano) AS last_seen,
      avg(called.duration_nano / 1e6) AS latency
    FROM spans AS called JOIN spans AS calling
      ON calling.trace_id = called.trace_id AND calling.span_id = called.parent_span_id
    WHERE called.span_kind IN ('SERVER', 'CONSUMER') AND calling.span_kind IN ('CLIENT', 'PRODUCER')
      AND ${conditions.join(" AND ")}
    GROUP BY ALL ORDER BY calls DESC, source, destination, endpoint LIMIT ${limit}`,
    parameters.values,
  );
  return reader.getRowObjects().map((row) => ({
    source: row["source"] as string,
    destination: row["destination"] as string,
    endpoint: row["endpoint"] as string,
    calls: Number(row["calls"]),
    errors: Number(row["errors"]),
    firstSeenNano: row["first_seen"] as bigint,
    lastSeenNano: row["last_seen"] as bigint,
    averageLatencyMs: row["latency"] as number,
  }));
}
