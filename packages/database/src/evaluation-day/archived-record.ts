import { sql } from "kysely";

/** Of a record `r`: whether it has ended. The text of the index's predicate. */
export const HAS_ENDED = sql<boolean>`(r.status = 'Processed' or r.discarded_at is not null)`;
export const ENDED_AT = sql<string>`greatest(r.processing_ended_at, r.discarded_at)`;

/** JSON of users stays text, as it was sent, and on one line. */
const TASK = sql`json_build_object(
  'task_id', t.task_id, 'created_at', t.created_at, 'start_time', t.start_time,
  'end_time', t.end_time, 'task_type', t.task_type, 'passed', t.passed, 'value', t.value,
  'assertion', t.assertion::text, 'operator', t.operator, 'expected', t.expected::text,
  'actual', t.actual::text, 'message', t.message, 'condition', t.condition, 'stage', t.stage,
  'outcome', t.outcome, 'skipped_by', t.skipped_by, 'error_code', t.error_code,
  'judge', t.judge::text)`;

/** `ArchivedEvaluation` of a record `r`, its profile `p` and its workflow `w`, which may be missing: one line. */
export const ARCHIVED_RECORD = sql<string>`json_build_object(
  'profile_uid', p.uid, 'space', p.space, 'uid', r.uid, 'record_id', r.record_id,
  'session_id', r.session_id, 'trace_id', r.trace_id, 'created_at', r.created_at,
  'received_at', r.received_at, 'ended_at', ${ENDED_AT}, 'status', r.status,
  'attempts', r.retry_count, 'revision', r.revision, 'last_error', r.last_error,
  'record_source', r.record_source, 'entity_type', r.entity_type, 'tags', r.tags::text,
  'context', r.context::text, 'evaluated_at', w.stored_at, 'result_created_at', w.created_at,
  'total_tasks', w.total_tasks, 'passed_tasks', w.passed_tasks, 'failed_tasks', w.failed_tasks,
  'errored_tasks', w.errored_tasks, 'skipped_tasks', w.skipped_tasks, 'pass_rate', w.pass_rate,
  'duration_ms', w.duration_ms, 'execution_plan', w.execution_plan::text,
  'tasks', ('[' || coalesce((
    select string_agg(${TASK}::text, ',' order by t.position)
    from scouter.eval_task t where t.eval_record_id = r.id), '') || ']')::json)::text`;
