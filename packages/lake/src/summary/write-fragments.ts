import { SUMMARY_ROOT_RANK, summaryColumns } from "./trace-summaries.ts";

/** Aggregates over staged spans for columns that would be lists for every span otherwise. */
const DIRECT: Readonly<Record<string, string>> = {
  span_ids: "list(DISTINCT span_id)",
  error_span_ids: listOf("span_id", "status_code >= 2"),
  services: "list_sort(list(DISTINCT service_name))",
  gen_ai_kinds: listOf("gen_ai_kind", "gen_ai_kind IS NOT NULL"),
  models: listOf(
    "coalesce(gen_ai_response_model, gen_ai_request_model)",
    "coalesce(gen_ai_response_model, gen_ai_request_model) IS NOT NULL",
  ),
  entity_ids: idsOf("entity_ids"),
  queue_ids: idsOf("queue_ids"),
};
/** Stays text until the root is known. */
const RESOURCE = "resource_attributes";

/**
 * SQL of the fragments of staged spans: one for each trace. The same as joining every span as a fragment of one, at a
 * third of the time; the order within `span_ids` is any.
 */
export function fragmentsOfSpansSql(source: string): string {
  const root = summaryColumns.filter(({ whole }) => whole?.startsWith("root.") === true);
  const spanOf = new Map(summaryColumns.map(({ name, ofSpan }) => [name, ofSpan]));
  const rank = SUMMARY_ROOT_RANK.replaceAll(/has_root|root_\w+/g, (name) => spanOf.get(name) ?? "");
  const parts = root.map(({ name, ofSpan }) => `'${name}': ${name === RESOURCE ? name : ofSpan}`);
  const inner = summaryColumns.flatMap(({ name, merged, ofSpan }) => {
    if (merged === undefined || name === "trace_id") return [];
    // What is merged of a column is merged of what a span contributes to it.
    return [`${DIRECT[name] ?? merged.replaceAll(name, `(${ofSpan})`)} AS ${name}`];
  });
  const outer = summaryColumns.map(({ name, whole }) => {
    const value = whole ?? name;
    return `${name === RESOURCE ? `from_json(${value}, '"MAP(VARCHAR,VARCHAR)"')` : value} AS ${name}`;
  });
  return `SELECT ${outer.join(", ")} FROM (
    SELECT trace_id, ${inner.join(", ")}, min_by({${parts.join(", ")}}, ${rank}) AS root
    FROM (${source}) GROUP BY trace_id)`;
}

function listOf(value: string, condition: string): string {
  return `coalesce(list_sort(list(DISTINCT ${value}) FILTER (${condition})), [])`;
}

/** Of most spans the text of an empty list, which is not looked at. */
function idsOf(column: string): string {
  const texts = `coalesce(list(DISTINCT ${column}) FILTER (${column} <> '[]'), [])`;
  return `list_sort(list_distinct(flatten(
    list_transform(${texts}, lambda text: from_json(text, '["VARCHAR"]')))))`;
}
