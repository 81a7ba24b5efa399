import type { DuckDBConnection, DuckDBValue } from "@duckdb/node-api";
import { fragmentsSql } from "../summary/fragment-source.ts";
import {
  mergeFragmentsSql,
  summaryReadColumns,
  SUMMARY_ROOT_RANK,
} from "../summary/trace-summaries.ts";
import { matchingTracesSql } from "../traces/attribute-match.ts";
import { reachOf } from "../traces/merged-traces.ts";
import { searchWindows } from "../traces/search-windows.ts";
import { Parameters } from "../traces/span-condition.ts";
import type { TimeRange } from "../traces/trace-queries.ts";
import type { TraceList, TraceQuery, TraceSummary } from "../trace-lake.ts";
import { sourceSql, type ReadView, type TableView } from "./read-view.ts";
import { textList, textMap } from "./spans-of-trace.ts";

const ALL_TIME: TimeRange = { fromNano: 0n, toNano: 2n ** 63n - 1n };

/** Columns that deciding on a page needs; the others are read for the traces of the page alone. */
const narrow = [
  "trace_id",
  "start_time_unix_nano",
  "status_code",
  "has_root",
  "root_start_time_unix_nano",
  "root_duration_nano",
  "root_span_id",
  "service_name",
  "entity_ids",
  "queue_ids",
] as const;

/** What of a merged trace the list tells. */
const listed = [
  "trace_id",
  "service_name",
  "scope_name",
  "scope_version",
  "root_operation",
  "has_root",
  "start_time_unix_nano",
  "end_time_unix_nano",
  "status_code",
  "first_error",
  "span_ids",
  "error_span_ids",
  "resource_attributes",
  "entity_ids",
  "queue_ids",
] as const;
const listedColumns = [
  ...listed,
  "root_start_time_unix_nano",
  "root_duration_nano",
  "root_span_id",
];

interface FoundTrace {
  readonly traceId: string;
  readonly startNano: bigint;
}

/** One page of traces; see `TraceQuery` for order and bounds. Windows of time are looked at until the page is full. */
export async function listTraces(
  connection: DuckDBConnection,
  view: ReadView,
  query: TraceQuery,
): Promise<TraceList> {
  const { summaries } = view;
  const found = new Map<string, FoundTrace>();
  for (const window of windowsOf(summaries, query)) {
    for (const trace of await findIn(connection, view, query, window)) {
      // A trace that lasts longer than the reach may look like one in each of two windows.
      if (!found.has(trace.traceId)) found.set(trace.traceId, trace);
    }
    if (found.size > query.limit) break;
  }
  const page = [...found.values()].slice(0, query.limit);
  const items = await readSummaries(connection, summaries, page);
  return { items, hasMore: found.size > query.limit };
}

function windowsOf(view: TableView, query: TraceQuery): readonly TimeRange[] {
  const range = { ...rangeOf(query) };
  if (query.traceIds !== undefined) return query.traceIds.length === 0 ? [] : [range];
  const { cursor, direction } = query;
  if (cursor !== undefined && direction === "next") {
    const end = cursor.startTimeUnixNano + 1n;
    if (end < range.toNano) range.toNano = end;
  } else if (cursor !== undefined && cursor.startTimeUnixNano > range.fromNano) {
    range.fromNano = cursor.startTimeUnixNano;
  }
  const windows = searchWindows(view.files, range);
  return direction === "next" ? windows : windows.toReversed();
}

function rangeOf({ startTimeFrom, startTimeTo }: TraceQuery): TimeRange {
  return {
    fromNano: startTimeFrom === undefined ? ALL_TIME.fromNano : nanosOfMs(startTimeFrom),
    toNano: startTimeTo === undefined ? ALL_TIME.toNano : nanosOfMs(startTimeTo),
  };
}

/** Traces with a fragment in the window are merged from all of theirs; those that begin in it and match stay. */
async function findIn(
  connection: DuckDBConnection,
  view: ReadView,
  query: TraceQuery,
  window: TimeRange,
): Promise<readonly FoundTrace[]> {
  const parameters = new Parameters();
  const order = query.direction === "next" ? "DESC" : "ASC";
  const reach = reachOf(window);
  const source = await fragmentsSql(view.summaries, reach, narrow);
  const { attributes = [] } = query;
  const matching =
    attributes.length === 0
      ? ""
      : `AND trace_id IN (${await matchingTracesSql(view, reach, attributes, parameters)})`;
  const reader = await connection.runAndReadAll(
    `SELECT trace_id, min(start_time_unix_nano) AS start_nano FROM (${source})
      WHERE trace_id IN (${await candidates(view.summaries, query, window, parameters)}) ${matching}
      GROUP BY trace_id HAVING ${conditions(query, window, parameters).join(" AND ")}
      ORDER BY start_nano ${order}, trace_id ${order} LIMIT ${query.limit + 1}`,
    parameters.values,
  );
  return reader.getRows().map(([traceId, startNano]) => ({
    traceId: traceId as string,
    startNano: startNano as bigint,
  }));
}

async function candidates(
  view: TableView,
  { traceIds }: TraceQuery,
  window: TimeRange,
  parameters: Parameters,
): Promise<string> {
  if (traceIds !== undefined) return parameters.addAll(traceIds);
  const inWindow = await fragmentsSql(view, window, ["trace_id", "start_time_unix_nano"]);
  return `SELECT trace_id FROM (${inWindow})`;
}

/** On traces, after grouping. */
function conditions(
  query: TraceQuery,
  window: TimeRange,
  parameters: Parameters,
): readonly string[] {
  const start = "min(start_time_unix_nano)";
  const parts = [`${start} >= ${window.fromNano} AND ${start} < ${window.toNano}`];
  const add = (sql: (name: string) => string, value: DuckDBValue) =>
    parts.push(sql(parameters.add(value)));
  if (query.serviceName !== undefined) {
    add((name) => `min_by(service_name, ${SUMMARY_ROOT_RANK}) = ${name}`, query.serviceName);
  }
  if (query.hasErrors !== undefined) {
    parts.push(`max(status_code) ${query.hasErrors ? ">=" : "<"} 2`);
  }
  if (query.statusCode !== undefined) {
    add((name) => `max(status_code) = ${name}`, query.statusCode);
  }
  if (query.entityId !== undefined) {
    add((name) => `bool_or(list_contains(entity_ids, ${name}))`, query.entityId);
  }
  if (query.queueId !== undefined) {
    add((name) => `bool_or(list_contains(queue_ids, ${name}))`, query.queueId);
  }
  if (query.cursor !== undefined) {
    const comparison = query.direction === "next" ? "<" : ">";
    const { startTimeUnixNano, traceId } = query.cursor;
    const sameStart = `${start} = ${startTimeUnixNano}`;
    parts.push(
      `(${start} ${comparison} ${startTimeUnixNano} OR
        (${sameStart} AND trace_id ${comparison} ${parameters.add(traceId)}))`,
    );
  }
  return parts;
}

async function readSummaries(
  connection: DuckDBConnection,
  view: TableView,
  page: readonly FoundTrace[],
): Promise<readonly TraceSummary[]> {
  const extent = extentOf(page);
  if (extent === undefined) return [];
  const parameters = new Parameters();
  const ids = parameters.addAll(page.map(({ traceId }) => traceId));
  const range = reachOf(extent);
  const files = view.files.filter(
    ({ minStartNano, maxStartNano }) =>
      (minStartNano ?? range.fromNano) < range.toNano &&
      (maxStartNano ?? range.fromNano) >= range.fromNano,
  );
  const source = await sourceSql(
    { ...view, files },
    summaryReadColumns(listedColumns),
    `trace_id IN (${ids}) AND start_time_unix_nano >= ${range.fromNano}
      AND start_time_unix_nano < ${range.toNano}`,
  );
  const reader = await connection.runAndReadAll(
    `SELECT trace_id, service_name, scope_name, scope_version, start_time_unix_nano,
      end_time_unix_nano, status_code,
      CASE WHEN has_root THEN root_operation ELSE '' END AS root_operation,
      nullif(first_error.message, '') AS status_message,
      len(span_ids) AS span_count, len(error_span_ids) AS error_count,
      to_json(resource_attributes)::VARCHAR AS resource_attributes,
      to_json(entity_ids)::VARCHAR AS entity_ids, to_json(queue_ids)::VARCHAR AS queue_ids
    FROM (${mergeFragmentsSql(source, listed)})`,
    parameters.values,
  );
  const byId = new Map(
    reader.getRowObjects().map((row) => [row["trace_id"] as string, summaryOfRow(row)]),
  );
  return page.flatMap(({ traceId }) => byId.get(traceId) ?? []);
}

/** Starts of the page's traces. */
function extentOf(page: readonly FoundTrace[]): TimeRange | undefined {
  const starts = page.map(({ startNano }) => startNano);
  const [first] = starts;
  if (first === undefined) return undefined;
  let [fromNano, lastNano] = [first, first];
  for (const start of starts) {
    if (start < fromNano) fromNano = start;
    if (start > lastNano) lastNano = start;
  }
  return { fromNano, toNano: lastNano + 1n };
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
    startTimeUnixNano: row["start_time_unix_nano"] as bigint,
    endTimeUnixNano: row["end_time_unix_nano"] as bigint,
    statusCode: row["status_code"] as number,
    statusMessage: row["status_message"] as string | null,
    spanCount: Number(row["span_count"]),
    errorCount: Number(row["error_count"]),
    resourceAttributes: textMap(row["resource_attributes"]),
    entityIds: textList(row["entity_ids"]),
    queueIds: textList(row["queue_ids"]),
  };
}
