import type { DuckDBConnection, DuckDBValue } from "@duckdb/node-api";
import { readColumns } from "../table/trace-spans.ts";
import type { TraceList, TraceQuery, TraceSummary } from "../trace-lake.ts";
import { sourceSql, type ReadView } from "./read-view.ts";
import { textList, textMap } from "./spans-of-trace.ts";

/** Columns that deciding on a page needs; the wide ones are read for the traces of the page alone. */
const narrow = [
  "trace_id",
  "span_id",
  "parent_span_id",
  "span_name",
  "service_name",
  "scope_name",
  "scope_version",
  "start_time_unix_nano",
  "duration_nano",
  "status_code",
  "status_message",
] as const;

const wide = [
  "trace_id",
  "parent_span_id",
  "start_time_unix_nano",
  "resource_attributes",
  "entity_ids",
  "queue_ids",
] as const;

/**
 * Rank of a span as the face of its trace: parentless spans first, then by start. A 128-bit number, because the
 * aggregate that picks by rank takes one ordering value.
 */
const RANK =
  "((CASE WHEN parent_span_id IS NULL THEN 0 ELSE 1 END)::HUGEINT * 9223372036854775808 + start_time_unix_nano)";

/** `min_by` skips NULLs, which would borrow the value of a lesser span: empty text stands in. */
const first = (column: string) => `min_by(coalesce(${column}, ''), ${RANK})`;

const summaryList = `
  trace_id,
  ${first("service_name")} AS service_name,
  ${first("scope_name")} AS scope_name,
  nullif(${first("scope_version")}, '') AS scope_version,
  min_by(CASE WHEN parent_span_id IS NULL THEN span_name ELSE '' END, ${RANK}) AS root_operation,
  min(start_time_unix_nano) AS start_time,
  max(start_time_unix_nano + duration_nano) AS end_time,
  max(status_code) AS status_code,
  nullif(min_by(coalesce(status_message, ''), ${RANK}) FILTER (status_code = 2), '') AS status_message,
  count(DISTINCT span_id) AS span_count,
  count(DISTINCT span_id) FILTER (status_code = 2) AS error_count`;

/** One page of traces; see `TraceQuery` for order and bounds. */
export async function listTraces(
  connection: DuckDBConnection,
  view: ReadView,
  query: TraceQuery,
): Promise<TraceList> {
  const { sql, parameters } = await traceListSql(view, query);
  const reader = await connection.runAndReadAll(sql, parameters);
  const rows = reader.getRowObjects().map((row) => summaryOfRow(row));
  return { items: rows.slice(0, query.limit), hasMore: rows.length > query.limit };
}

async function traceListSql(view: ReadView, query: TraceQuery) {
  const filter = traceFilter(query);
  const filtersLists = query.entityId !== undefined || query.queueId !== undefined;
  const columns = filtersLists ? [...narrow, "entity_ids", "queue_ids"] : narrow;
  const order = query.direction === "next" ? "DESC" : "ASC";
  const narrowSource = await sourceSql(view, readColumns(columns), filter.spanCondition);
  const wideSource = await sourceSql(view, readColumns(wide));
  const sql = `
    WITH page AS MATERIALIZED (
      SELECT ${summaryList} FROM (${narrowSource})
      GROUP BY trace_id
      ${filter.conditions.length === 0 ? "" : `HAVING ${filter.conditions.join(" AND ")}`}
      ORDER BY start_time ${order}, trace_id ${order}
      LIMIT ${query.limit + 1}
    ), wide AS (
      SELECT trace_id,
        to_json(min_by(resource_attributes, ${RANK}))::VARCHAR AS resource_attributes,
        to_json(list_sort(list_distinct(flatten(list(entity_ids)))))::VARCHAR AS entity_ids,
        to_json(list_sort(list_distinct(flatten(list(queue_ids)))))::VARCHAR AS queue_ids
      FROM (${wideSource})
      WHERE trace_id IN (SELECT trace_id FROM page)
      GROUP BY trace_id
    )
    SELECT page.*, wide.resource_attributes, wide.entity_ids, wide.queue_ids
    FROM page JOIN wide USING (trace_id)
    ORDER BY start_time ${order}, trace_id ${order}`;
  return { sql, parameters: filter.parameters };
}

interface TraceFilter {
  /** On spans, before grouping: only what keeps whole traces. */
  readonly spanCondition: string | undefined;
  /** On traces, after grouping. */
  readonly conditions: readonly string[];
  readonly parameters: Record<string, DuckDBValue>;
}

function traceFilter(query: TraceQuery): TraceFilter {
  const parameters: Record<string, DuckDBValue> = {};
  const conditions: string[] = [];
  const add = (condition: string, name: string, value: DuckDBValue) => {
    conditions.push(condition);
    parameters[name] = value;
  };
  if (query.serviceName !== undefined) {
    add(`${first("service_name")} = $service_name`, "service_name", query.serviceName);
  }
  if (query.hasErrors !== undefined) {
    conditions.push(`max(status_code) ${query.hasErrors ? "=" : "<"} 2`);
  }
  if (query.statusCode !== undefined) {
    add("max(status_code) = $status_code", "status_code", query.statusCode);
  }
  if (query.startTimeFrom !== undefined) {
    add("min(start_time_unix_nano) >= $from_nano", "from_nano", nanosOfMs(query.startTimeFrom));
  }
  if (query.startTimeTo !== undefined) {
    add("min(start_time_unix_nano) < $to_nano", "to_nano", nanosOfMs(query.startTimeTo));
  }
  if (query.entityId !== undefined) {
    add("bool_or(list_contains(entity_ids, $entity_id))", "entity_id", query.entityId);
  }
  if (query.queueId !== undefined) {
    add("bool_or(list_contains(queue_ids, $queue_id))", "queue_id", query.queueId);
  }
  if (query.cursor !== undefined) {
    const comparison = query.direction === "next" ? "<" : ">";
    conditions.push(
      `(min(start_time_unix_nano) ${comparison} $cursor_nano OR
        (min(start_time_unix_nano) = $cursor_nano AND trace_id ${comparison} $cursor_trace))`,
    );
    parameters["cursor_nano"] = query.cursor.startTimeUnixNano;
    parameters["cursor_trace"] = query.cursor.traceId;
  }
  let spanCondition: string | undefined;
  if (query.traceIds !== undefined) {
    const names = query.traceIds.map((traceId, index) => {
      parameters[`trace_${index}`] = traceId;
      return `$trace_${index}`;
    });
    spanCondition = names.length === 0 ? "false" : `trace_id IN (${names.join(", ")})`;
  }
  return { spanCondition, conditions, parameters };
}

function nanosOfMs(ms: number): bigint {
  return BigInt(Math.round(ms * 1000)) * 1000n;
}

function summaryOfRow(row: Readonly<Record<string, unknown>>): TraceSummary {
  return {
    traceId: row["trace_id"] as string,
    serviceName: row["service_name"] as string,
    scopeName: row["scope_name"] as string,
    scopeVersion: row["scope_version"] as string | null,
    rootOperation: row["root_operation"] as string,
    startTimeUnixNano: row["start_time"] as bigint,
    endTimeUnixNano: row["end_time"] as bigint,
    statusCode: row["status_code"] as number,
    statusMessage: row["status_message"] as string | null,
    spanCount: Number(row["span_count"]),
    errorCount: Number(row["error_count"]),
    resourceAttributes: textMap(row["resource_attributes"]),
    entityIds: textList(row["entity_ids"]),
    queueIds: textList(row["queue_ids"]),
  };
}
