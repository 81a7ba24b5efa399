import type {
  AgentEvalWorkflowResult,
  EvalRecordPaginationRequest,
  EvalTaskResult,
  Page,
} from "@scouter/contracts";
import { sql, type RawBuilder } from "kysely";
import type { Executor } from "../session/session.ts";
import { timeText } from "../session/time.ts";
import { cursorPage } from "../session/cursor-page.ts";
import type {
  EvalRecordCounts,
  ProfileEvalSummary,
  StoredEvalRecord,
} from "./eval-record-repository.ts";
import { RECORD_COLUMNS, type RecordRow } from "./record-columns.ts";

export async function recordPage(
  request: EvalRecordPaginationRequest,
  db: Executor,
): Promise<Page<StoredEvalRecord>> {
  const page = cursorPage(request, "r");
  const { status } = request;
  const ofStatus = status == null || status === "All" ? sql`` : sql`and r.status = ${status}`;
  const { rows } = await sql<RecordRow>`
    select ${RECORD_COLUMNS}
    from scouter.profile p join scouter.eval_record r on r.profile_id = p.id
    where p.uid = ${request.service_info.uid.toLowerCase()} ${ofStatus} ${page.conditions}
    ${page.order} limit ${page.fetchLimit}`.execute(db);
  return page.cut(rows);
}

export async function workflowPage(
  request: EvalRecordPaginationRequest,
  db: Executor,
): Promise<Page<AgentEvalWorkflowResult>> {
  const page = cursorPage(request, "w");
  const { rows } = await sql<AgentEvalWorkflowResult>`
    select ${timeText("w.created_at")} as created_at, r.uid as record_uid,
      w.profile_id as entity_id, w.total_tasks, w.passed_tasks, w.failed_tasks, w.pass_rate,
      w.duration_ms, p.uid as entity_uid, w.execution_plan, w.id, w.skipped_tasks, w.errored_tasks
    from scouter.profile p join scouter.eval_workflow w on w.profile_id = p.id
      join scouter.eval_record r on r.id = w.eval_record_id
    where p.uid = ${request.service_info.uid.toLowerCase()} ${page.conditions}
    ${page.order} limit ${page.fetchLimit}`.execute(db);
  return page.cut(rows);
}

interface TaskRow extends Omit<EvalTaskResult, "judge"> {
  readonly judge: NonNullable<EvalTaskResult["judge"]> | null;
}

export async function tasksOfRecord(
  recordUid: string,
  db: Executor,
): Promise<readonly EvalTaskResult[]> {
  const { rows } = await sql<TaskRow>`
    select ${timeText("t.created_at")} as created_at, ${timeText("t.start_time")} as start_time,
      ${timeText("t.end_time")} as end_time, r.uid as record_uid, r.profile_id as entity_id,
      p.uid as entity_uid, t.task_id, t.task_type, t.passed, t.value, t.assertion, t.operator,
      t.expected, t.actual, t.message, t.condition, t.stage, t.outcome, t.skipped_by, t.error_code,
      t.judge
    from scouter.eval_record r join scouter.profile p on p.id = r.profile_id
      join scouter.eval_task t on t.eval_record_id = r.id
    where r.uid = ${recordUid}
    order by t.stage, t.start_time, t.task_id, r.id, t.position`.execute(db);
  return rows.map(({ judge, ...row }) => (judge === null ? row : { ...row, judge }));
}

export async function recordsByUid(
  recordUid: string,
  db: Executor,
): Promise<readonly StoredEvalRecord[]> {
  const { rows } = await sql<RecordRow>`
    select ${RECORD_COLUMNS}
    from scouter.eval_record r join scouter.profile p on p.id = r.profile_id
    where r.uid = ${recordUid} order by r.id`.execute(db);
  return rows;
}

export async function recordCounts(
  profileUid: string | undefined,
  db: Executor,
): Promise<EvalRecordCounts> {
  const archived = (column: string) => sql`(
    select coalesce(sum(${sql.ref(`a.${column}`)}), 0)::bigint
    from scouter.archived_evaluation_total a ${ofProfile("a", profileUid)})`;
  const { rows } = await sql<EvalRecordCounts>`
    select
      count(*) filter (where r.status = 'Pending') as pending,
      count(*) filter (where r.status = 'Pending' and r.retry_count > 0) as retrying,
      count(*) filter (where r.status = 'Processing') as processing,
      count(*) filter (where r.status = 'Processed') + ${archived("processed")} as processed,
      count(*) filter (where r.status = 'Failed') + ${archived("failed")} as failed
    from scouter.eval_record r ${ofProfile("r", profileUid)}`.execute(db);
  return rows[0] as EvalRecordCounts;
}

/** Sums over the workflows, archived ones too, whose counts leave out gates and skipped tasks. */
export async function evalSummary(
  profileUid: string | undefined,
  db: Executor,
): Promise<readonly ProfileEvalSummary[]> {
  const { rows } = await sql<ProfileEvalSummary>`
    select p.uid as "profileUid", p.space, p.name, p.version,
      sum(w.records)::bigint as "recordsEvaluated",
      sum(w.passed_tasks)::bigint as "tasksPassed",
      sum(w.failed_tasks - w.errored_tasks)::bigint as "tasksFailed",
      sum(w.errored_tasks)::bigint as "tasksErrored",
      sum(w.skipped_tasks)::bigint as "tasksSkipped",
      sum(w.passed_tasks)::float8 / nullif(sum(w.total_tasks), 0)::float8 as "passRate"
    from (
      select profile_id, count(*) as records, sum(total_tasks) as total_tasks,
        sum(passed_tasks) as passed_tasks, sum(failed_tasks) as failed_tasks,
        sum(errored_tasks) as errored_tasks, sum(skipped_tasks) as skipped_tasks
      from scouter.eval_workflow v ${ofProfile("v", profileUid)} group by profile_id
      union all
      select profile_id, evaluated, total_tasks, passed_tasks, failed_tasks, errored_tasks,
        skipped_tasks
      from scouter.archived_evaluation_total where evaluated > 0
    ) w join scouter.profile p on p.id = w.profile_id
    ${profileUid === undefined ? sql`` : sql`where p.uid = ${profileUid.toLowerCase()}`}
    group by p.id order by p.id`.execute(db);
  return rows;
}

function ofProfile(table: string, uid: string | undefined): RawBuilder<unknown> {
  if (uid === undefined) return sql``;
  return sql`where ${sql.ref(`${table}.profile_id`)} =
    (select id from scouter.profile where uid = ${uid.toLowerCase()})`;
}
