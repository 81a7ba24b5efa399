import type { DuckDBConnection, DuckDBValue } from "@duckdb/node-api";
import type { SpanKind, SpanRow } from "@scouter/telemetry";
import { readColumns } from "../table/trace-spans.ts";
import { type TableView, traceSourceSql } from "./read-view.ts";

const names = [
  "trace_id",
  "span_id",
  "parent_span_id",
  "trace_state",
  "flags",
  "span_name",
  "span_kind",
  "service_name",
  "scope_name",
  "scope_version",
  "start_time_unix_nano",
  "duration_nano",
  "status_code",
  "status_message",
  "attributes",
  "resource_attributes",
  "events",
  "links",
  "dropped_attributes_count",
  "dropped_events_count",
  "dropped_links_count",
  "input",
  "output",
  "entity_ids",
  "queue_ids",
] as const;

/** Nested columns leave the engine as JSON text; nanoseconds in it as text, since JSON numbers lose digits. */
const asText: Readonly<Record<string, string>> = {
  attributes: "to_json(attributes)::VARCHAR",
  resource_attributes: "to_json(resource_attributes)::VARCHAR",
  events: `to_json(list_transform(events, lambda e: {
    'name': e.name, 'time_unix_nano': e.time_unix_nano::VARCHAR, 'attributes': e.attributes,
    'dropped_attributes_count': e.dropped_attributes_count}))::VARCHAR`,
  links: "to_json(links)::VARCHAR",
  entity_ids: "to_json(entity_ids)::VARCHAR",
  queue_ids: "to_json(queue_ids)::VARCHAR",
};

const outerList = names
  .map((name) => (asText[name] === undefined ? name : `${asText[name]} AS ${name}`))
  .join(", ");

/** Spans of one trace, or one of them, each (trace_id, span_id) once, by start time, then span id. */
export async function spansOfTrace(
  connection: DuckDBConnection,
  view: TableView,
  wanted: {
    readonly traceId: string;
    readonly spanId?: string | undefined;
    readonly limit?: number | undefined;
  },
): Promise<readonly SpanRow[]> {
  const { traceId, spanId, limit } = wanted;
  const condition = spanId === undefined ? "" : " AND span_id = $span_id";
  const parameters = { trace_id: traceId, ...(spanId === undefined ? {} : { span_id: spanId }) };
  const where = { condition: `trace_id = $trace_id${condition}`, parameters, limit };
  return spansWhere(connection, view, [traceId], where);
}

/** Spans of some traces that meet a condition, which has to ask for these traces. Order as above. */
export async function spansWhere(
  connection: DuckDBConnection,
  view: TableView,
  traceIds: readonly string[],
  {
    condition,
    parameters,
    limit,
  }: {
    /** On columns that are the same in files and staging tables. */
    readonly condition: string;
    readonly parameters: Readonly<Record<string, DuckDBValue>>;
    readonly limit?: number | undefined;
  },
): Promise<readonly SpanRow[]> {
  const source = await traceSourceSql(view, readColumns(names), traceIds, condition);
  if (source === undefined) return [];
  const sql = `SELECT ${outerList} FROM (SELECT DISTINCT ON (trace_id, span_id) * FROM (${source}))
    ORDER BY start_time_unix_nano, span_id${limit === undefined ? "" : ` LIMIT ${limit}`}`;
  const reader = await connection.runAndReadAll(sql, parameters);
  return reader.getRowObjects().map((row) => spanOfRow(row as unknown as StoredSpan));
}

interface StoredSpan {
  readonly [column: string]: unknown;
  readonly start_time_unix_nano: bigint;
  readonly duration_nano: bigint;
  readonly dropped_attributes_count: bigint;
  readonly dropped_events_count: bigint;
  readonly dropped_links_count: bigint;
}

function spanOfRow(row: StoredSpan): SpanRow {
  return {
    traceId: row["trace_id"] as string,
    spanId: row["span_id"] as string,
    parentSpanId: row["parent_span_id"] as string | null,
    traceState: row["trace_state"] as string,
    flags: row["flags"] as number,
    name: row["span_name"] as string,
    kind: row["span_kind"] as SpanKind,
    startTimeUnixNano: row.start_time_unix_nano,
    endTimeUnixNano: row.start_time_unix_nano + row.duration_nano,
    statusCode: row["status_code"] as number,
    statusMessage: row["status_message"] as string | null,
    serviceName: row["service_name"] as string,
    scopeName: row["scope_name"] as string,
    scopeVersion: row["scope_version"] as string | null,
    attributes: textMap(row["attributes"]),
    resourceAttributes: textMap(row["resource_attributes"]),
    events: (JSON.parse(row["events"] as string) as StoredEvent[]).map((event) => ({
      timeUnixNano: BigInt(event.time_unix_nano),
      name: event.name,
      attributes: new Map(Object.entries(event.attributes ?? {})),
      droppedAttributesCount: event.dropped_attributes_count,
    })),
    links: (JSON.parse(row["links"] as string) as StoredLink[]).map((link) => ({
      traceId: link.trace_id,
      spanId: link.span_id,
      traceState: link.trace_state,
      attributes: new Map(Object.entries(link.attributes ?? {})),
      droppedAttributesCount: link.dropped_attributes_count,
    })),
    droppedAttributesCount: Number(row.dropped_attributes_count),
    droppedEventsCount: Number(row.dropped_events_count),
    droppedLinksCount: Number(row.dropped_links_count),
    input: row["input"] as string | null,
    output: row["output"] as string | null,
    entityIds: textList(row["entity_ids"]),
    queueIds: textList(row["queue_ids"]),
  };
}

interface StoredEvent {
  readonly name: string;
  readonly time_unix_nano: string;
  readonly attributes: Readonly<Record<string, string>> | null;
  readonly dropped_attributes_count: number;
}

interface StoredLink {
  readonly trace_id: string;
  readonly span_id: string;
  readonly trace_state: string;
  readonly attributes: Readonly<Record<string, string>> | null;
  readonly dropped_attributes_count: number;
}

/** Attribute map of its JSON object; a key such as `__proto__` is an ordinary entry of the parsed object. */
export function textMap(json: unknown): ReadonlyMap<string, string> {
  if (typeof json !== "string") return new Map();
  return new Map(Object.entries(JSON.parse(json) as Record<string, string>));
}

/** Elements of a JSON array of texts; none for SQL null. */
export function textList(json: unknown): readonly string[] {
  return typeof json === "string" ? (JSON.parse(json) as string[]) : [];
}
