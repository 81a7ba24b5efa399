import type { DuckDBValue } from "@duckdb/node-api";
import { contentKeys, contentPrefixes } from "@scouter/telemetry";
import type { AttributePredicate, SpanFilter } from "./trace-queries.ts";

/** Values given by users, bound to the statement by name; they never become part of its text. */
export class Parameters {
  readonly values: Record<string, DuckDBValue> = {};
  #count = 0;

  /** The parameter's name as it stands in SQL. */
  add(value: DuckDBValue): string {
    const name = `p${this.#count++}`;
    this.values[name] = value;
    return `$${name}`;
  }

  addAll(values: readonly DuckDBValue[]): string {
    return values.map((value) => this.add(value)).join(", ");
  }
}

/** A condition on one span, and the columns it reads. */
export interface SpanCondition {
  /** Never null as a value: false where the span says nothing. */
  readonly sql: string;
  readonly columns: readonly string[];
}

/** Undefined when the filter asks nothing. */
export function spanCondition(
  filter: SpanFilter,
  parameters: Parameters,
): SpanCondition | undefined {
  const parts: SpanCondition[] = [];
  const isOneOf = (columns: readonly string[], values: readonly string[]) => {
    if (values.length === 0) return;
    const list = parameters.addAll(values);
    parts.push({ sql: columns.map((column) => `${column} IN (${list})`).join(" OR "), columns });
  };
  isOneOf(["service_name"], filter.services);
  isOneOf(["span_name"], filter.names);
  isOneOf(["gen_ai_kind"], filter.kinds);
  isOneOf(["gen_ai_request_model", "gen_ai_response_model"], filter.models);
  for (const predicate of filter.attributes) parts.push(attributeCondition(predicate, parameters));
  if (filter.text !== undefined) parts.push(textCondition(filter.text, parameters));
  if (parts.length === 0) return undefined;
  return {
    sql: parts.map(({ sql }) => `coalesce((${sql}), false)`).join(" AND "),
    columns: [...new Set(parts.flatMap(({ columns }) => columns))],
  };
}

function attributeCondition(predicate: AttributePredicate, parameters: Parameters): SpanCondition {
  const key = parameters.add(predicate.key);
  const text = `coalesce(attributes[${key}], resource_attributes[${key}])`;
  return {
    sql: comparison(text, predicate, parameters),
    columns: ["attributes", "resource_attributes"],
  };
}

/** `text` is the JSON text of the value by the rule of `attributeValueToJson`, null when there is none. */
function comparison(text: string, predicate: AttributePredicate, parameters: Parameters): string {
  if (predicate.op === "exists") return `${text} IS NOT NULL`;
  if (predicate.op === "eq" || predicate.op === "ne") {
    const { op, value } = predicate;
    const isEqual =
      typeof value === "number"
        ? `${numberOf(text)} = ${parameters.add(value)}::DOUBLE`
        : `${text} = ${parameters.add(jsonText(value))}`;
    return op === "eq" ? isEqual : `${text} IS NOT NULL AND NOT coalesce(${isEqual}, false)`;
  }
  const { op, value } = predicate;
  const operator = op === "lt" ? "<" : ">";
  if (typeof value !== "string") {
    return `${numberOf(text)} ${operator} ${parameters.add(value)}::DOUBLE`;
  }
  const stored = `CASE WHEN starts_with(${text}, '"') THEN json_extract_string(${text}, '$') END`;
  return `${stored} ${operator} ${parameters.add(value.toWellFormed())}`;
}

const BIG_INTEGER = '{"intValue":"';

/** The number behind the text, as a double; null for what is none. Texts begin with a quote and so are none. */
function numberOf(text: string): string {
  const digits = `substr(${text}, ${BIG_INTEGER.length + 1}, length(${text}) - ${BIG_INTEGER.length + 2})`;
  return `TRY_CAST(CASE WHEN starts_with(${text}, '${BIG_INTEGER}') THEN ${digits}
    WHEN regexp_matches(${text}, '^[-0-9]') THEN ${text} END AS DOUBLE)`;
}

const textColumns = ["span_name", "status_message", "input", "output", "attributes"] as const;

/** Looks at text columns and at the attributes that hold content, whose texts are escaped as JSON, once or twice. */
function textCondition(text: string, parameters: Parameters): SpanCondition {
  const plain = text.toWellFormed().toLowerCase();
  const escaped = jsonText(plain).slice(1, -1);
  const twice = jsonText(escaped).slice(1, -1);
  const needle = parameters.add(plain);
  const needles = [...new Set([escaped, twice])].map((value) => parameters.add(value));
  const occurs = (value: string, names: readonly string[]) =>
    names.map((name) => `contains(lower(${value}), ${name})`).join(" OR ");
  const exact = contentKeys.map((key) => `'${key}'`).join(", ");
  const isContent = [
    `e.key IN (${exact})`,
    ...contentPrefixes.map((prefix) => `starts_with(e.key, '${prefix}')`),
  ].join(" OR ");
  const conditions = [
    occurs("span_name", [needle]),
    occurs("status_message", [needle]),
    occurs("input", needles),
    occurs("output", needles),
    `len(list_filter(map_entries(attributes), lambda e: (${isContent}) AND (${occurs("e.value", needles)}))) > 0`,
  ];
  return {
    sql: conditions.map((condition) => `coalesce(${condition}, false)`).join(" OR "),
    columns: textColumns,
  };
}

function jsonText(value: string | boolean): string {
  return typeof value === "string" ? JSON.stringify(value.toWellFormed()) : String(value);
}
