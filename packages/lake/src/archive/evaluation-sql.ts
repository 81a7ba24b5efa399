import { sqlText } from "../reader/sql-text.ts";
import { bucket, micros, parquet } from "./archive-sql.ts";
import type {
  EvaluationChartQuery,
  EvaluationCountsQuery,
  EvaluationPeriodQuery,
  ProfileCountsQuery,
} from "./evaluation-archive.ts";

type Paths = readonly string[];

/** Sums of the counts of results; gates are in `skipped` only, and errors count as failed there. */
const SUMMED = `count(*), sum(passed_tasks)::BIGINT, sum(failed_tasks - errored_tasks)::BIGINT,
  sum(errored_tasks)::BIGINT, sum(skipped_tasks)::BIGINT`;
/** Of unnested tasks `t`. */
const OUTCOMES = ["passed", "failed", "errored", "skipped"]
  .map((outcome) => `count(*) FILTER (WHERE t.outcome = '${outcome}')`)
  .join(", ");

/** Rows: series, bucket (milliseconds), count, average, sample standard deviation. */
export function taskChartSql(query: EvaluationChartQuery, paths: Paths): string {
  return `SELECT t.task_id AS series, bucket, count(*), avg(t.value), coalesce(stddev_samp(t.value), 0)
    FROM (SELECT ${bucket(query, "result_created_at")} AS bucket, unnest(tasks) AS t
      FROM ${parquet(paths)} WHERE ${isOf([query.profileUid])} AND ${within("result_created_at", query)})
    WHERE t.outcome <> 'skipped' GROUP BY series, bucket ORDER BY series, bucket`;
}

/** The same rows. */
export function workflowChartSql(query: EvaluationChartQuery, paths: Paths): string {
  return `SELECT 'workflow' AS series, ${bucket(query, "result_created_at")} AS bucket, count(*),
      avg(pass_rate), coalesce(stddev_samp(pass_rate), 0)
    FROM ${parquet(paths)}
    WHERE ${isOf([query.profileUid])} AND total_tasks > 0 AND ${within("result_created_at", query)}
    GROUP BY bucket ORDER BY bucket`;
}

/** Rows: number of the bucket, records, passed, failed, errored, skipped. */
export function countsSql(query: EvaluationCountsQuery, paths: Paths): string {
  const { beginMs, endMs, buckets, task, of } = query;
  const since = `(epoch_us(evaluated_at) - ${micros(beginMs)})::DOUBLE / 1e6`;
  const width = (endMs - beginMs) / buckets / 1000;
  const number = `least(${buckets - 1}, floor(${since} / ${width}::DOUBLE)::BIGINT)`;
  const rows = `FROM ${parquet(paths)} WHERE ${chosen(of)} AND ${within("evaluated_at", query)}`;
  if (task === undefined) {
    return `SELECT ${number} AS bucket, ${SUMMED} ${rows} GROUP BY bucket ORDER BY bucket`;
  }
  return `SELECT bucket, count(*), ${OUTCOMES}
    FROM (SELECT ${number} AS bucket, unnest(tasks) AS t ${rows})
    WHERE t.task_id = ${sqlText(task)} GROUP BY bucket ORDER BY bucket`;
}

/** Rows: profile, records, passed, failed, errored, skipped. */
export function profileCountsSql(query: ProfileCountsQuery, paths: Paths): string {
  return `SELECT profile_uid, ${SUMMED} FROM ${parquet(paths)}
    WHERE ${isOf(query.profileUids)} AND ${within("evaluated_at", query)}
    GROUP BY profile_uid ORDER BY profile_uid`;
}

/** Rows: task, what it was skipped for, passed, failed, errored, skipped. */
export function talliesSql(query: EvaluationPeriodQuery, paths: Paths): string {
  return `SELECT t.task_id AS task, t.skipped_by AS reason, ${OUTCOMES}
    FROM (${tasksIn(query, paths)}) GROUP BY task, reason ORDER BY task, reason NULLS FIRST`;
}

/** One row: sum and number of pass rates, tasks that passed, tasks. */
export function passRatesSql(query: EvaluationPeriodQuery, paths: Paths): string {
  return `SELECT coalesce(sum(pass_rate), 0), count(*), coalesce(sum(passed_tasks), 0)::BIGINT,
      coalesce(sum(total_tasks), 0)::BIGINT
    FROM ${parquet(paths)}
    WHERE ${isOf([query.profileUid])} AND total_tasks > 0 AND ${within("evaluated_at", query)}`;
}

/** Rows: task, provider, model, judged, skipped, calls, cached, saved, input, output, cost, calls without price. */
export function judgeCostsSql(query: EvaluationPeriodQuery, paths: Paths): string {
  const text = (name: string) => `json_extract_string(t.judge, '$.${name}')`;
  const count = (name: string) => `coalesce(sum(TRY_CAST(${text(name)} AS BIGINT)), 0)::BIGINT`;
  const cost = `TRY_CAST(${text("cost_usd")} AS DOUBLE)`;
  return `SELECT t.task_id AS task, ${text("provider")} AS provider, ${text("model")} AS model,
      count(*) FILTER (WHERE t.outcome <> 'skipped'), count(*) FILTER (WHERE t.outcome = 'skipped'),
      ${["calls", "cached_calls", "saved_calls", "input_tokens", "output_tokens"].map(count).join(", ")},
      sum(${cost}),
      coalesce(sum(TRY_CAST(${text("calls")} AS BIGINT)) FILTER (WHERE ${cost} IS NULL), 0)::BIGINT
    FROM (${tasksIn(query, paths)}) WHERE t.judge IS NOT NULL
    GROUP BY task, provider, model ORDER BY task, provider, model`;
}

function tasksIn(query: EvaluationPeriodQuery, paths: Paths): string {
  return `SELECT unnest(tasks) AS t FROM ${parquet(paths)}
    WHERE ${isOf([query.profileUid])} AND ${within("evaluated_at", query)}`;
}

function chosen(of: EvaluationCountsQuery["of"]): string {
  if ("profileUid" in of) return isOf([of.profileUid]);
  if (of.spaces === "all") return "true";
  return isAny("space", of.spaces);
}

function isOf(profileUids: readonly string[]): string {
  return isAny(
    "profile_uid",
    profileUids.map((uid) => uid.toLowerCase()),
  );
}

function isAny(column: string, values: readonly string[]): string {
  if (values.length === 0) return "false";
  return `${column} IN (${values.map((value) => sqlText(value)).join(", ")})`;
}

function within(column: string, query: { readonly beginMs: number; readonly endMs: number }) {
  return `${column} >= make_timestamptz(${micros(query.beginMs)})
    AND ${column} < make_timestamptz(${micros(query.endMs)})`;
}
