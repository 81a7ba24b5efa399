import type { TableView } from "../reader/read-view.ts";
import { fragmentsSql } from "../summary/fragment-source.ts";
import { SUMMARY_ROOT_RANK } from "../summary/trace-summaries.ts";
import { reachOf, traceConditions } from "./merged-traces.ts";
import type { Parameters } from "./span-condition.ts";
import type { SpanFilter, TimeRange, TraceFilter } from "./trace-queries.ts";

/**
 * Whether fragments can tell which traces match: they know the services and kinds of a trace, and not which of its spans
 * have both.
 */
export function isOfTrace({ spans }: TraceFilter): boolean {
  const { services, kinds, names, models, attributes, text } = spans;
  return (
    names.length + models.length + attributes.length === 0 &&
    text === undefined &&
    (services.length === 0 || kinds.length === 0)
  );
}

export interface MergedFragmentsOptions {
  /** Only these traces: SQL of their ids. */
  readonly traceIds?: string;
  /** Further conditions on the merged trace. */
  readonly having?: readonly string[];
  readonly withRootName?: boolean;
  /** Adds the lists `services`, `gen_ai_kinds` and `models`. */
  readonly withLists?: boolean;
}

const LISTS = ["services", "gen_ai_kinds", "models"] as const;
const ROOT = [
  "has_root",
  "root_start_time_unix_nano",
  "root_duration_nano",
  "root_span_id",
  "root_operation",
] as const;

/** As `mergedTracesSql`, for filters that `isOfTrace`: a row for each flush of a trace is read, not one for each span. */
export async function mergedFragmentsSql(
  view: TableView,
  range: TimeRange,
  filter: TraceFilter,
  parameters: Parameters,
  options: MergedFragmentsOptions = {},
): Promise<string> {
  const withRootName = options.withRootName === true || filter.rootNames.length > 0;
  const lists = options.withLists === true ? LISTS : [];
  const matching = listCondition(filter.spans, parameters);
  const columns = [
    "trace_id",
    "start_time_unix_nano",
    "end_time_unix_nano",
    "status_code",
    ...(withRootName ? ROOT : []),
    ...lists,
    ...(matching === undefined ? [] : [matching.column]),
  ];
  const source = await fragmentsSql(view, reachOf(range), columns);
  const conditions = [
    `start_nano >= ${range.fromNano} AND start_nano < ${range.toNano}`,
    ...(matching === undefined ? [] : ["matches"]),
    ...traceConditions(filter, parameters),
    ...(options.having ?? []),
  ];
  return `SELECT trace_id, start_nano, end_nano - start_nano AS duration_nano, has_error
      ${withRootName ? ", root_name" : ""}${lists.map((name) => `, ${name}`).join("")}
    FROM (SELECT trace_id,
        min(start_time_unix_nano) AS start_nano,
        max(end_time_unix_nano) AS end_nano,
        max(status_code) >= 2 AS has_error
        ${withRootName ? `, min_by(root_operation, ${SUMMARY_ROOT_RANK}) AS root_name` : ""}
        ${lists.map((name) => `, list_distinct(flatten(list(${name}))) AS ${name}`).join("")}
        ${matching === undefined ? "" : `, bool_or(${matching.sql}) AS matches`}
      FROM (${source})
      ${options.traceIds === undefined ? "" : `WHERE trace_id IN (${options.traceIds})`}
      GROUP BY trace_id)
    WHERE ${conditions.join(" AND ")}`;
}

function listCondition({ services, kinds }: SpanFilter, parameters: Parameters) {
  const [column, values] = services.length > 0 ? ["services", services] : ["gen_ai_kinds", kinds];
  if (values.length === 0) return undefined;
  return { column, sql: `list_has_any(${column}, [${parameters.addAll(values)}]::VARCHAR[])` };
}
