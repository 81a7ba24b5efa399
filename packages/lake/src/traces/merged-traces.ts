import { within, sourceSql, type TableView } from "../reader/read-view.ts";
import { readColumns } from "../table/trace-spans.ts";
import { spanCondition, type Parameters } from "./span-condition.ts";
import { TRACE_REACH_NANO, type TimeRange, type TraceFilter } from "./trace-queries.ts";

/** What a column of nanoseconds can hold. */
const LATEST = 2n ** 63n - 1n;

/** The range, and as far around it as a trace's spans are looked for. */
export function reachOf(range: TimeRange): TimeRange {
  const fromNano = range.fromNano - TRACE_REACH_NANO;
  const toNano = range.toNano + TRACE_REACH_NANO;
  return { fromNano: fromNano < 0n ? 0n : fromNano, toNano: toNano > LATEST ? LATEST : toNano };
}

/** SQL of the spans that start in the range, with these columns. Numbers are ours: only users' values are bound. */
export function spansSql(
  view: TableView,
  range: TimeRange,
  columns: readonly string[],
): Promise<string> {
  const condition = `start_time_unix_nano >= ${range.fromNano} AND start_time_unix_nano < ${range.toNano}`;
  return sourceSql(within(view, range), readColumns([...new Set(columns)]), condition);
}

/**
 * Rank of a span as its trace's root: without parent first, then by start, then end, then id. The least one is the root,
 * as `layoutTrace` has it.
 */
export const ROOT_RANK = `{'p': CASE WHEN parent_span_id IS NULL THEN 0 ELSE 1 END,
  's': start_time_unix_nano, 'd': duration_nano, 'i': span_id}`;

const rootColumns = ["parent_span_id", "span_id", "span_name"] as const;

export interface MergedOptions {
  /** Over the spans: `trace_id` and the columns asked for. Default: all spans within reach of the range. */
  readonly spans?: (columns: readonly string[]) => Promise<string>;
  /** Further conditions on the merged trace. */
  readonly having?: readonly string[];
  /** Adds `root_name`, which costs more than all the rest. */
  readonly withRootName?: boolean;
}

/**
 * SQL of the traces that lie in the range and match: `trace_id, start_nano, duration_nano, has_error`, and `root_name`
 * when asked for.
 *
 * Least, greatest and "any" do not mind repeated spans, so that nothing has to be compared with everything else.
 */
export async function mergedTracesSql(
  view: TableView,
  range: TimeRange,
  filter: TraceFilter,
  parameters: Parameters,
  options: MergedOptions = {},
): Promise<string> {
  const condition = spanCondition(filter.spans, parameters);
  const withRootName = options.withRootName === true || filter.rootNames.length > 0;
  const columns = [
    "trace_id",
    "start_time_unix_nano",
    "duration_nano",
    "status_code",
    ...(condition?.columns ?? []),
    ...(withRootName ? rootColumns : []),
  ];
  const spans = options.spans ?? ((names) => spansSql(view, reachOf(range), names));
  const source = await spans(columns);
  const conditions = [
    `start_nano >= ${range.fromNano} AND start_nano < ${range.toNano}`,
    ...(condition === undefined ? [] : ["matches"]),
    ...traceConditions(filter, parameters),
    ...(options.having ?? []),
  ];
  return `SELECT trace_id, start_nano, end_nano - start_nano AS duration_nano, has_error
      ${withRootName ? ", root_name" : ""}
    FROM (SELECT trace_id,
        min(start_time_unix_nano) AS start_nano,
        max(start_time_unix_nano + duration_nano) AS end_nano,
        max(status_code) >= 2 AS has_error
        ${withRootName ? `, min_by(span_name, ${ROOT_RANK}) AS root_name` : ""}
        ${condition === undefined ? "" : `, bool_or(${condition.sql}) AS matches`}
      FROM (${source}) GROUP BY trace_id)
    WHERE ${conditions.join(" AND ")}`;
}

/** On a merged trace. */
export function traceConditions(filter: TraceFilter, parameters: Parameters): readonly string[] {
  const conditions: string[] = [];
  if (filter.status !== undefined) {
    conditions.push(filter.status === "error" ? "has_error" : "NOT has_error");
  }
  if (filter.rootNames.length > 0) {
    conditions.push(`root_name IN (${parameters.addAll(filter.rootNames)})`);
  }
  if (filter.minDurationNano !== undefined) {
    conditions.push(`end_nano - start_nano >= ${filter.minDurationNano}`);
  }
  if (filter.maxDurationNano !== undefined) {
    conditions.push(`end_nano - start_nano <= ${filter.maxDurationNano}`);
  }
  return conditions;
}
