import { arrayOf, mapOf, nullable, required, structOf, type DataType } from "@scouter/delta";

/**
 * The published contract of the `trace_spans` table: columns are only ever added.
 *
 * Spans are staged in memory as text and numbers (`staged`), and written and read through `select`, which turns the
 * JSON text of a staged value into the column's type: building nested values in the engine is several times cheaper
 * than appending them one by one.
 */
export interface TraceSpanColumn {
  readonly name: string;
  readonly delta: DataType;
  readonly nullable: boolean;
  /** Added after the first version: older files do not have it, and it reads as null there. */
  readonly isAdded?: true;
  /** Type in the staging table; `undefined` for a column computed by `select`. */
  readonly staged: "VARCHAR" | "BIGINT" | "INTEGER" | undefined;
  /** Expression over the staging table that gives the column; defaults to the staged column itself. */
  readonly select?: string;
}

const textMap = mapOf("string", "string");

const textMapOf = (column: string) => `from_json(${column}, '"MAP(VARCHAR,VARCHAR)"')`;
const timestampOf = (nanos: string) => `make_timestamp((${nanos}) // 1000) AT TIME ZONE 'UTC'`;

const EVENT_JSON =
  '[{"name":"VARCHAR","time_unix_nano":"BIGINT","attributes":"MAP(VARCHAR,VARCHAR)","dropped_attributes_count":"BIGINT"}]';
const LINK_JSON =
  '[{"trace_id":"VARCHAR","span_id":"VARCHAR","trace_state":"VARCHAR","attributes":"MAP(VARCHAR,VARCHAR)","dropped_attributes_count":"BIGINT"}]';

const text = (name: string, nullable = false): TraceSpanColumn => ({
  name,
  delta: "string",
  nullable,
  staged: "VARCHAR",
});
const long = (name: string): TraceSpanColumn => ({
  name,
  delta: "long",
  nullable: false,
  staged: "BIGINT",
});

/** May be null, and absent from files that were written before the column was added. */
const addedText = (name: string): TraceSpanColumn => ({ ...text(name, true), isAdded: true });
const addedLong = (name: string): TraceSpanColumn => ({
  ...long(name),
  nullable: true,
  isAdded: true,
});

export const traceSpanColumns: readonly TraceSpanColumn[] = [
  text("trace_id"),
  text("span_id"),
  text("parent_span_id", true),
  text("trace_state"),
  { name: "flags", delta: "integer", nullable: false, staged: "INTEGER" },
  text("span_name"),
  text("span_kind"),
  text("service_name"),
  text("scope_name"),
  text("scope_version", true),
  {
    name: "start_time",
    delta: "timestamp",
    nullable: false,
    staged: undefined,
    select: timestampOf("start_time_unix_nano"),
  },
  {
    name: "end_time",
    delta: "timestamp",
    nullable: false,
    staged: undefined,
    select: timestampOf("start_time_unix_nano + duration_nano"),
  },
  long("start_time_unix_nano"),
  long("duration_nano"),
  { name: "status_code", delta: "integer", nullable: false, staged: "INTEGER" },
  text("status_message", true),
  { ...text("attributes"), delta: textMap, select: textMapOf("attributes") },
  { ...text("resource_attributes"), delta: textMap, select: textMapOf("resource_attributes") },
  {
    ...text("events"),
    delta: arrayOf(
      structOf([
        nullable("name", "string"),
        nullable("time_unix_nano", "long"),
        nullable("attributes", textMap),
        nullable("dropped_attributes_count", "long"),
      ]),
    ),
    select: `from_json(events, '${EVENT_JSON}')`,
  },
  {
    ...text("links"),
    delta: arrayOf(
      structOf([
        nullable("trace_id", "string"),
        nullable("span_id", "string"),
        nullable("trace_state", "string"),
        nullable("attributes", textMap),
        nullable("dropped_attributes_count", "long"),
      ]),
    ),
    select: `from_json(links, '${LINK_JSON}')`,
  },
  long("dropped_attributes_count"),
  long("dropped_events_count"),
  long("dropped_links_count"),
  text("input", true),
  text("output", true),
  {
    ...text("entity_ids"),
    delta: arrayOf("string"),
    select: `from_json(entity_ids, '["VARCHAR"]')`,
  },
  {
    ...text("queue_ids"),
    delta: arrayOf("string"),
    select: `from_json(queue_ids, '["VARCHAR"]')`,
  },
  addedText("gen_ai_kind"),
  addedText("gen_ai_operation"),
  addedText("gen_ai_provider"),
  addedText("gen_ai_request_model"),
  addedText("gen_ai_response_model"),
  addedLong("gen_ai_input_tokens"),
  addedLong("gen_ai_output_tokens"),
  addedLong("gen_ai_cache_read_tokens"),
  addedLong("gen_ai_cache_write_tokens"),
  addedLong("gen_ai_reasoning_tokens"),
  addedText("gen_ai_tool_name"),
  addedText("gen_ai_tool_call_id"),
  addedText("gen_ai_conversation_id"),
  addedText("gen_ai_agent_name"),
  addedText("input_preview"),
  addedText("output_preview"),
  addedText("error_type"),
  addedText("gen_ai_agent_id"),
  addedText("gen_ai_tool_type"),
];

/** Columns of a staging table in order; the last one says which day's partition a row goes to. */
export const stagedColumns: readonly { readonly name: string; readonly type: string }[] = [
  ...traceSpanColumns.flatMap((column) =>
    column.staged === undefined ? [] : [{ name: column.name, type: column.staged }],
  ),
  { name: "partition_day", type: "INTEGER" },
];

export const PARTITION_COLUMN = "partition_date";

/** Delta schema: the columns, then the partition column (not stored in the data files). */
export const traceSpanSchema = structOf([
  ...traceSpanColumns.map((column) =>
    (column.nullable ? nullable : required)(column.name, column.delta),
  ),
  required(PARTITION_COLUMN, "date"),
]);

/** Select list that turns a staging table into the columns of the lake. */
export const stagedSelectList = traceSpanColumns
  .map((column) =>
    column.select === undefined ? column.name : `${column.select} AS ${column.name}`,
  )
  .join(", ");

/** A column as a read asks for it. */
export interface ReadColumn {
  readonly name: string;
  /** Expression over a staging table. */
  readonly staged: string;
  /** Engine type, for a source without rows. */
  readonly type: string;
  /** Whether files may lack it. */
  readonly isAdded: boolean;
}

/** The named columns for a read; an unknown name is a mistake of ours and throws. */
export function readColumns(names: readonly string[]): readonly ReadColumn[] {
  return names.map((name) => {
    const column = traceSpanColumns.find((candidate) => candidate.name === name);
    if (column === undefined) throw new Error(`trace_spans has no column ${name}`);
    const type = engineType(column.delta);
    return { name, staged: column.select ?? name, type, isAdded: column.isAdded === true };
  });
}

/** The engine's name of a column type. */
export function engineType(type: DataType): string {
  if (typeof type === "string") return engineTypeOfPrimitive[type] ?? type.toUpperCase();
  switch (type.type) {
    case "map":
      return `MAP(${engineType(type.keyType)}, ${engineType(type.valueType)})`;
    case "array":
      return `${engineType(type.elementType)}[]`;
    case "struct":
      return `STRUCT(${type.fields.map((field) => `${field.name} ${engineType(field.type)}`).join(", ")})`;
  }
}

const engineTypeOfPrimitive: Readonly<Record<string, string>> = {
  string: "VARCHAR",
  long: "BIGINT",
  timestamp: "TIMESTAMPTZ",
};
