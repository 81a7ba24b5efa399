import { sql } from "kysely";
import { timeText } from "../session/time.ts";

/** Sums of a workflow's counts as `TaskCounts`; gates are in `skipped` only. */
export const SUMMED_TASKS = sql`json_build_object(
  'passed', coalesce(sum(w.passed_tasks), 0),
  'failed', coalesce(sum(w.failed_tasks - w.errored_tasks), 0),
  'errored', coalesce(sum(w.errored_tasks), 0),
  'skipped', coalesce(sum(w.skipped_tasks), 0))`;

/** Outcomes of a task `t` as `TaskCounts`. */
export const COUNTED_OUTCOMES = sql`json_build_object(
  'passed', count(*) filter (where t.outcome = 'passed'),
  'failed', count(*) filter (where t.outcome = 'failed'),
  'errored', count(*) filter (where t.outcome = 'errored'),
  'skipped', count(*) filter (where t.outcome = 'skipped'))`;

/** `EvaluationRecord` without its tasks, of a record `r`, its profile `p` and its workflow `w`, which may be missing. */
export const EVALUATION_RECORD = sql`
  r.uid, r.id, r.record_id, p.uid as profile_uid, r.session_id, r.trace_id,
  ${timeText("r.created_at")} as created_at, ${timeText("r.received_at")} as received_at,
  ${timeText("w.stored_at")} as evaluated_at, r.status, r.retry_count as attempts, r.last_error,
  case when w.total_tasks > 0 then w.pass_rate end as pass_rate,
  json_build_object(
    'passed', coalesce(w.passed_tasks, 0),
    'failed', coalesce(w.failed_tasks - w.errored_tasks, 0),
    'errored', coalesce(w.errored_tasks, 0),
    'skipped', coalesce(w.skipped_tasks, 0)) as task_counts`;
