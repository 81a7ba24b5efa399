import {
  type ContentPreview,
  contentPreview,
  type GenAiSpan,
  mapGenAiSpan,
  type SpanRow,
} from "@scouter/telemetry";
import { partitionDay } from "../table/partition-day.ts";
import { stagedColumns } from "../table/trace-spans.ts";
import {
  isOneValue,
  packColumn,
  type StagedColumn,
  type StagedType,
  valueAt,
} from "./staged-column.ts";

/** A span as its columns are made of it. */
interface StagedSpan {
  readonly span: SpanRow;
  readonly receivedAtMs: number;
  /** What its attributes say in any GenAI convention; null when they follow none. */
  readonly genAi: GenAiSpan | null;
  readonly preview: ContentPreview;
}

/** What is kept of the spans of an entry until a flush: the values of a staging table, column by column. */
export interface StagedRows {
  readonly count: number;
  /** In the order of `stagedColumns`. */
  readonly columns: readonly StagedColumn[];
}

type ColumnValue = string | number | bigint | null;

const stagedValues: Readonly<Record<string, (row: StagedSpan) => ColumnValue>> = {
  trace_id: ({ span }) => span.traceId,
  span_id: ({ span }) => span.spanId,
  parent_span_id: ({ span }) => span.parentSpanId,
  trace_state: ({ span }) => span.traceState,
  flags: ({ span }) => span.flags,
  span_name: ({ span }) => span.name,
  span_kind: ({ span }) => span.kind,
  service_name: ({ span }) => span.serviceName,
  scope_name: ({ span }) => span.scopeName,
  scope_version: ({ span }) => span.scopeVersion,
  start_time_unix_nano: ({ span }) => span.startTimeUnixNano,
  duration_nano: ({ span }) => span.endTimeUnixNano - span.startTimeUnixNano,
  status_code: ({ span }) => span.statusCode,
  status_message: ({ span }) => span.statusMessage,
  attributes: ({ span }) => mapJson(span.attributes),
  resource_attributes: ({ span }) => sharedMapJson(span.resourceAttributes),
  events: ({ span }) => listJson(span.events, eventJson),
  links: ({ span }) => listJson(span.links, linkJson),
  dropped_attributes_count: ({ span }) => span.droppedAttributesCount,
  dropped_events_count: ({ span }) => span.droppedEventsCount,
  dropped_links_count: ({ span }) => span.droppedLinksCount,
  input: ({ span }) => span.input,
  output: ({ span }) => span.output,
  entity_ids: ({ span }) => idsJson(span.entityIds),
  queue_ids: ({ span }) => idsJson(span.queueIds),
  gen_ai_kind: ({ genAi }) => genAi?.kind ?? null,
  gen_ai_operation: ({ genAi }) => genAi?.operation ?? null,
  gen_ai_provider: ({ genAi }) => genAi?.provider ?? null,
  gen_ai_request_model: ({ genAi }) => genAi?.requestModel ?? null,
  gen_ai_response_model: ({ genAi }) => genAi?.responseModel ?? null,
  gen_ai_input_tokens: ({ genAi }) => genAi?.tokens.input ?? null,
  gen_ai_output_tokens: ({ genAi }) => genAi?.tokens.output ?? null,
  gen_ai_cache_read_tokens: ({ genAi }) => genAi?.tokens.cacheRead ?? null,
  gen_ai_cache_write_tokens: ({ genAi }) => genAi?.tokens.cacheWrite ?? null,
  gen_ai_reasoning_tokens: ({ genAi }) => genAi?.tokens.reasoning ?? null,
  gen_ai_tool_name: ({ genAi }) => genAi?.toolName ?? null,
  gen_ai_tool_call_id: ({ genAi }) => genAi?.toolCallId ?? null,
  gen_ai_conversation_id: ({ genAi }) => genAi?.conversationId ?? null,
  gen_ai_agent_name: ({ genAi }) => genAi?.agentName ?? null,
  input_preview: ({ preview }) => preview.input,
  output_preview: ({ preview }) => preview.output,
  error_type: ({ span }) => plainText(span.attributes, "error.type"),
  gen_ai_agent_id: ({ span, genAi }) => genAi && plainText(span.attributes, "gen_ai.agent.id"),
  gen_ai_tool_type: ({ span, genAi }) => genAi && plainText(span.attributes, "gen_ai.tool.type"),
  partition_day: ({ span, receivedAtMs }) => partitionDay(span.startTimeUnixNano, receivedAtMs),
};

const columnMakers = stagedColumns.map(({ name, type }) => {
  const value = stagedValues[name];
  if (value === undefined) throw new Error(`no value for the staged column ${name}`);
  return { value, type: type as StagedType };
});

/**
 * The rows of an entry's spans. Made as soon as they are decoded: as objects they would live until enough of them wait for
 * a chunk, and moving them about in memory cost more than all that is done with them.
 *
 * Maps and lists become JSON text here; the engine turns them into their types when it copies or reads the table.
 */
export function stageSpans(spans: readonly SpanRow[], receivedAtMs: number): StagedRows {
  const rows = spans.map((span): StagedSpan => {
    const genAi = mapGenAiSpan(span.attributes);
    return { span, receivedAtMs, genAi, preview: contentPreview(span) };
  });
  const columns = columnMakers.map(({ value, type }) => packColumn(type, rows.map(value)));
  return { count: rows.length, columns };
}

const traceIdColumn = stagedColumns.findIndex(({ name }) => name === "trace_id");
const dayColumn = stagedColumns.findIndex(({ name }) => name === "partition_day");
const parentColumn = stagedColumns.findIndex(({ name }) => name === "parent_span_id");

/** The trace of a row. */
export function traceIdAt({ columns }: StagedRows, row: number): string {
  return valueAt(columns[traceIdColumn] as StagedColumn, row) as string;
}

/** How often a row is of another trace than the one before it, the first included. */
export function traceRuns({ count, columns }: StagedRows): number {
  const column = columns[traceIdColumn] as StagedColumn;
  if (isOneValue(column)) return 1;
  let runs = 1;
  for (let row = 1; row < count; row += 1) if (column[row] !== column[row - 1]) runs += 1;
  return runs;
}

/** Adds the days of the partitions that the rows go to. */
export function addDays({ columns }: StagedRows, days: Set<number>): void {
  const column = columns[dayColumn] as StagedColumn;
  if (isOneValue(column)) days.add(column as number);
  else for (const day of column) days.add(Number(day));
}

export function parentSpanIdAt({ columns }: StagedRows, row: number): string | null {
  return valueAt(columns[parentColumn] as StagedColumn, row) as string | null;
}

/** A text attribute that is not empty; null for others. */
function plainText(attributes: ReadonlyMap<string, string>, key: string): string | null {
  const json = attributes.get(key);
  if (json === undefined || json.length < 3 || !json.startsWith('"')) return null;
  return JSON.parse(json) as string;
}

function idsJson(ids: readonly string[]): string {
  return ids.length === 0 ? "[]" : JSON.stringify(ids);
}

function listJson<Item>(items: readonly Item[], itemJson: (item: Item) => string): string {
  return items.length === 0 ? "[]" : `[${items.map(itemJson).join(",")}]`;
}

/** JSON string of a text. A lone surrogate would be an escape that the engine's parser refuses, failing the batch. */
function jsonText(text: string): string {
  return JSON.stringify(text.toWellFormed());
}

/** Values are JSON themselves, texts of plain characters as a rule: their quotes are all there is to escape. */
const PLAIN_TEXT = /^"[ !#-[\]-~]*"$/;
const PLAIN_NUMBER = /^[-+.\dA-Za-z]*$/;

function jsonOfJson(json: string): string {
  if (PLAIN_TEXT.test(json)) return `"\\${json.slice(0, -1)}\\""`;
  return PLAIN_NUMBER.test(json) ? `"${json}"` : jsonText(json);
}

/** Programs use few names for their attributes, over and over. */
const keyJson = new Map<string, string>();
const KNOWN_KEYS = 10_000;

function jsonOfKey(key: string): string {
  let json = keyJson.get(key);
  if (json === undefined) {
    if (keyJson.size >= KNOWN_KEYS) keyJson.clear();
    json = `${jsonText(key)}:`;
    keyJson.set(key, json);
  }
  return json;
}

function mapJson(map: ReadonlyMap<string, string>): string {
  let json = "";
  for (const [key, value] of map) {
    json += `${json === "" ? "{" : ","}${jsonOfKey(key)}${jsonOfJson(value)}`;
  }
  return json === "" ? "{}" : whole(`${json}}`);
}

/**
 * The text in one piece. V8 keeps what a text was added up from until somebody looks into it: forty pieces for each span,
 * which would wait for a chunk too.
 */
function whole(text: string): string {
  return Number.isNaN(text.charCodeAt(0)) ? "" : text;
}

/** Resource attributes are one map shared by all spans of a resource: serialise each once. */
const sharedJson = new WeakMap<ReadonlyMap<string, string>, string>();
function sharedMapJson(map: ReadonlyMap<string, string>): string {
  let json = sharedJson.get(map);
  if (json === undefined) {
    json = mapJson(map);
    sharedJson.set(map, json);
  }
  return json;
}

function eventJson(event: SpanRow["events"][number]): string {
  return `{"name":${jsonText(event.name)},"time_unix_nano":${event.timeUnixNano},"attributes":${mapJson(
    event.attributes,
  )},"dropped_attributes_count":${event.droppedAttributesCount}}`;
}

function linkJson(link: SpanRow["links"][number]): string {
  return `{"trace_id":"${link.traceId}","span_id":"${link.spanId}","trace_state":${jsonText(link.traceState)},"attributes":${mapJson(link.attributes)},"dropped_attributes_count":${link.droppedAttributesCount}}`;
}
