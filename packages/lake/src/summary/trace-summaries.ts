import { arrayOf, type DataType, mapOf, nullable, required, structOf } from "@scouter/delta";
import { PARTITION_COLUMN, type ReadColumn, engineType } from "../table/trace-spans.ts";

/** Name of the table and of its folder in the lake. */
export const SUMMARY_TABLE = "trace_summaries";

/**
 * A column of `trace_summaries`, whose rows are fragments: what one flush knew of one trace.
 *
 * `ofSpan` says what a single span contributes, over a staging table: a span is a fragment of one. `merged` joins
 * fragments of a trace, over the columns themselves; `whole` is over what the joining gave, `root` and `first_error`
 * among it. Joining is associative, minds no order, and a fragment joined twice changes nothing: what is counted is
 * counted by ids.
 */
interface SummaryColumn {
  readonly name: string;
  readonly delta: DataType;
  readonly nullable?: true;
  readonly ofSpan: string;
  readonly merged?: string;
  readonly whole?: string;
}

const HAS_ROOT = "parent_span_id IS NULL";
const END = "start_time_unix_nano + duration_nano";
/** What a trace assertion, a list and a chart take for an error. */
const FAILED = "status_code >= 2";
const timestampOf = (nanos: string) => `make_timestamp((${nanos}) // 1000) AT TIME ZONE 'UTC'`;
const textsOf = (column: string) => `from_json(${column}, '["VARCHAR"]')`;
/** All elements of the lists of a group, sorted, each once. */
const union = (list: string) =>
  `list_sort(list_distinct(flatten(coalesce(list(${list}) FILTER (len(${list}) > 0), []))))`;
const oneOrNone = (value: string, condition: string) =>
  `CASE WHEN ${condition} THEN [${value}] ELSE []::VARCHAR[] END`;

const ERROR_FIELDS = [
  { name: "below_root", type: "integer" },
  { name: "start_time_unix_nano", type: "long" },
  { name: "duration_nano", type: "long" },
  { name: "span_id", type: "string" },
  { name: "message", type: "string" },
] as const;

const rootPart = (field: string) => ({ whole: `root.${field}` });
const list = (name: string, ofSpan: string): SummaryColumn => ({
  name,
  delta: arrayOf("string"),
  ofSpan,
  merged: union(name),
});

export const summaryColumns: readonly SummaryColumn[] = [
  { name: "trace_id", delta: "string", ofSpan: "trace_id", merged: "trace_id" },
  {
    name: "start_time",
    delta: "timestamp",
    ofSpan: timestampOf("start_time_unix_nano"),
    whole: timestampOf("start_time_unix_nano"),
  },
  {
    name: "end_time",
    delta: "timestamp",
    ofSpan: timestampOf(END),
    whole: timestampOf("end_time_unix_nano"),
  },
  {
    name: "start_time_unix_nano",
    delta: "long",
    ofSpan: "start_time_unix_nano",
    merged: "min(start_time_unix_nano)",
  },
  {
    name: "end_time_unix_nano",
    delta: "long",
    ofSpan: END,
    merged: "max(end_time_unix_nano)",
  },
  { name: "has_root", delta: "boolean", ofSpan: HAS_ROOT, merged: "bool_or(has_root)" },
  { name: "root_span_id", delta: "string", ofSpan: "span_id", ...rootPart("root_span_id") },
  { name: "root_operation", delta: "string", ofSpan: "span_name", ...rootPart("root_operation") },
  {
    name: "root_start_time_unix_nano",
    delta: "long",
    ofSpan: "start_time_unix_nano",
    ...rootPart("root_start_time_unix_nano"),
  },
  {
    name: "root_duration_nano",
    delta: "long",
    ofSpan: "duration_nano",
    ...rootPart("root_duration_nano"),
  },
  { name: "service_name", delta: "string", ofSpan: "service_name", ...rootPart("service_name") },
  { name: "scope_name", delta: "string", ofSpan: "scope_name", ...rootPart("scope_name") },
  {
    name: "scope_version",
    delta: "string",
    nullable: true,
    ofSpan: "scope_version",
    ...rootPart("scope_version"),
  },
  {
    name: "resource_attributes",
    delta: mapOf("string", "string"),
    ofSpan: `from_json(resource_attributes, '"MAP(VARCHAR,VARCHAR)"')`,
    ...rootPart("resource_attributes"),
  },
  { name: "status_code", delta: "integer", ofSpan: "status_code", merged: "max(status_code)" },
  {
    name: "first_error",
    delta: structOf(ERROR_FIELDS.map(({ name, type }) => nullable(name, type))),
    nullable: true,
    ofSpan: `CASE WHEN ${FAILED} THEN {'below_root': CASE WHEN ${HAS_ROOT} THEN 0 ELSE 1 END::INTEGER,
      'start_time_unix_nano': start_time_unix_nano, 'duration_nano': duration_nano,
      'span_id': span_id, 'message': coalesce(status_message, '')} END`,
    merged: "min(first_error) FILTER (first_error IS NOT NULL)",
  },
  list("span_ids", "[span_id]"),
  list("error_span_ids", oneOrNone("span_id", FAILED)),
  list("services", "[service_name]"),
  list("gen_ai_kinds", oneOrNone("gen_ai_kind", "gen_ai_kind IS NOT NULL")),
  list(
    "models",
    oneOrNone(
      "coalesce(gen_ai_response_model, gen_ai_request_model)",
      "coalesce(gen_ai_response_model, gen_ai_request_model) IS NOT NULL",
    ),
  ),
  list("entity_ids", textsOf("entity_ids")),
  list("queue_ids", textsOf("queue_ids")),
];

export const summarySchema = structOf([
  ...summaryColumns.map((column) =>
    (column.nullable === true ? nullable : required)(column.name, column.delta),
  ),
  required(PARTITION_COLUMN, "date"),
]);

/** The fields that go with the root, of fragments or of spans. */
const rootFields = summaryColumns.filter(({ whole }) => whole?.startsWith("root.") === true);

/** Rank of a fragment's root among those of its trace: the least is the trace's, as `layoutTrace` has it. */
export const SUMMARY_ROOT_RANK = `{'p': CASE WHEN has_root THEN 0 ELSE 1 END,
  's': root_start_time_unix_nano, 'd': root_duration_nano, 'i': root_span_id}`;

/** The named columns for a read over files of fragments and staged spans. */
export function summaryReadColumns(names: readonly string[]): readonly ReadColumn[] {
  return names.map((name) => {
    const column = summaryColumns.find((candidate) => candidate.name === name);
    if (column === undefined) throw new Error(`${SUMMARY_TABLE} has no column ${name}`);
    return { name, staged: column.ofSpan, type: engineType(column.delta), isAdded: false };
  });
}

export const allSummaryNames: readonly string[] = summaryColumns.map(({ name }) => name);

/**
 * SQL that joins the fragments of each trace of a source, giving `names`. The source has the columns that these need.
 */
export function mergeFragmentsSql(
  source: string,
  names: readonly string[] = allSummaryNames,
  having?: string,
): string {
  const wanted = summaryColumns.filter(({ name }) => names.includes(name));
  const root = rootFields.filter(({ name }) => names.includes(name));
  const inner = [
    "trace_id",
    ...summaryColumns.flatMap(({ name, merged }) =>
      merged === undefined || name === "trace_id" || !isNeeded(name, names)
        ? []
        : `${merged} AS ${name}`,
    ),
    ...(root.length === 0
      ? []
      : [
          `min_by({${root.map(({ name }) => `'${name}': ${name}`).join(", ")}}, ${SUMMARY_ROOT_RANK}) AS root`,
        ]),
  ];
  const outer = wanted.map(({ name, whole }) =>
    whole === undefined ? name : `${whole} AS ${name}`,
  );
  return `SELECT ${outer.join(", ")} FROM (
    SELECT ${inner.join(", ")} FROM (${source}) GROUP BY trace_id${having === undefined ? "" : ` HAVING ${having}`})`;
}

/** The timestamps are made from the nanoseconds. */
function isNeeded(name: string, names: readonly string[]): boolean {
  if (names.includes(name)) return true;
  if (name === "start_time_unix_nano") return names.includes("start_time");
  return name === "end_time_unix_nano" && names.includes("end_time");
}
