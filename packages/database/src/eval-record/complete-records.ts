import { sql } from "kysely";
import type { Executor } from "../session/session.ts";
import { storableJsonText } from "../storable/storable-text.ts";
import type {
  ClaimOutcome,
  EvalClaim,
  EvalCompletion,
  PreparedCompletion,
} from "./eval-record-repository.ts";
import { rememberedTimes, taskInput, workflowInput } from "./result-texts.ts";

interface CompletionRow {
  readonly position: number;
  readonly is_done: boolean;
}

/** Workflows and tasks of a batch as two JSON texts, each one parameter. */
export interface CompletionTexts {
  readonly workflows: string;
  readonly tasks: string;
}

export function completionTexts(completions: readonly EvalCompletion[]): CompletionTexts {
  const time = rememberedTimes();
  return {
    workflows: storableJsonText(
      completions.map(({ claim, workflow, tasks, spansSeen = null }, position) => ({
        position,
        spans_seen: spansSeen,
        task_rows: tasks.length,
        record_id: claim.recordId,
        fencing: claim.fencing,
        ...workflowInput(workflow, time),
      })),
    ),
    tasks: storableJsonText(
      completions.flatMap(({ tasks }, completion) =>
        tasks.map((task, position) => ({ completion, position, ...taskInput(task, time) })),
      ),
    ),
  };
}

/** The same from texts that were made elsewhere: only what the claim knows is added. */
export function preparedTexts({ claim, prepared, spansSeen }: PreparedCompletion): CompletionTexts {
  const known = JSON.stringify({
    position: 0,
    spans_seen: spansSeen ?? null,
    task_rows: prepared.taskRows,
    record_id: claim.recordId,
    fencing: claim.fencing,
  });
  return {
    workflows: `[${known.slice(0, -1)},${prepared.workflow.slice(1)}]`,
    tasks: prepared.tasks,
  };
}

/**
 * One statement: locks the records that are still held under these claims, stores their results and ends them. Results of
 * an earlier revision are replaced row by row, and what the new one does not have is removed. `held` decides; the final select also counts what an earlier, identical call has ended.
 */
export async function completeRecords(
  texts: CompletionTexts,
  db: Executor,
): Promise<readonly ClaimOutcome[]> {
  const { rows } = await sql<CompletionRow>`
    with input as (
      select * from json_to_recordset(${texts.workflows}::json) as t (
        position integer, record_id bigint, fencing bigint, created_at timestamptz,
        total_tasks integer, passed_tasks integer, failed_tasks integer, errored_tasks integer,
        skipped_tasks integer, pass_rate float8, duration_ms bigint, duration_int integer,
        execution_plan json, task_rows integer, spans_seen integer)
    ), task as (
      select * from json_to_recordset(${texts.tasks}::json) as t (
        completion integer, position integer, task_id text, created_at timestamptz,
        start_time timestamptz, end_time timestamptz, task_type text, passed boolean,
        value float8, assertion json, operator text, expected json, actual json, message text,
        condition boolean, stage integer, outcome text, skipped_by text, error_code text,
        judge json)
    ), held as (
      select r.id, r.profile_id, r.revision, input.position as completion, input.task_rows
      from scouter.eval_record r
      join input on r.id = input.record_id and r.fencing = input.fencing
      where r.status = 'Processing' order by r.id for update of r
    ), workflow as (
      insert into scouter.eval_workflow (eval_record_id, profile_id, created_at, total_tasks,
        passed_tasks, failed_tasks, errored_tasks, skipped_tasks, pass_rate, duration_ms,
        execution_plan)
      select held.id, held.profile_id, created_at, total_tasks, passed_tasks, failed_tasks,
        errored_tasks, skipped_tasks, pass_rate, duration_ms, execution_plan
      from input join held on held.completion = input.position order by input.position
      on conflict (eval_record_id) do update set created_at = excluded.created_at,
        stored_at = default, total_tasks = excluded.total_tasks,
        passed_tasks = excluded.passed_tasks, failed_tasks = excluded.failed_tasks,
        errored_tasks = excluded.errored_tasks, skipped_tasks = excluded.skipped_tasks,
        pass_rate = excluded.pass_rate, duration_ms = excluded.duration_ms,
        execution_plan = excluded.execution_plan
    ), surplus as (
      delete from scouter.eval_task t using held
      where held.revision > 0 and t.eval_record_id = held.id and t.position >= held.task_rows
    ), tasks as (
      insert into scouter.eval_task (eval_record_id, position, task_id, created_at, start_time,
        end_time, task_type, passed, value, assertion, operator, expected, actual, message,
        condition, stage, outcome, skipped_by, error_code, judge)
      select held.id, position, task_id, created_at, start_time, end_time, task_type, passed,
        value, coalesce(assertion, 'null'), operator, coalesce(expected, 'null'),
        coalesce(actual, 'null'), message, condition, stage, outcome, skipped_by, error_code,
        judge
      from task join held using (completion)
      on conflict (eval_record_id, position) do update set task_id = excluded.task_id,
        created_at = excluded.created_at, start_time = excluded.start_time,
        end_time = excluded.end_time, task_type = excluded.task_type, passed = excluded.passed,
        value = excluded.value, assertion = excluded.assertion, operator = excluded.operator,
        expected = excluded.expected, actual = excluded.actual, message = excluded.message,
        condition = excluded.condition, stage = excluded.stage, outcome = excluded.outcome,
        skipped_by = excluded.skipped_by, error_code = excluded.error_code, judge = excluded.judge
    ), ended as (
      update scouter.eval_record r set
        status = 'Processed', due_at = null, claimed_by = null, last_error = null,
        processing_ended_at = now(), updated_at = now(), processing_duration = input.duration_int,
        spans_seen = input.spans_seen
      from input join held on held.completion = input.position
      where r.id = held.id
      returning held.completion
    )
    select input.position, ended.completion is not null as is_done
    from input left join ended on ended.completion = input.position
    order by input.position`.execute(db);
  return rows.map((row) => (row.is_done ? "done" : "stale"));
}

export function claimKey({ recordId, fencing }: EvalClaim): string {
  return `${recordId}/${fencing}`;
}

/** Which of these claims (as `claimKey`) ended their record earlier: a repeat after a lost reply is done, not stale. */
export async function endedEarlier(
  completions: readonly { readonly claim: EvalClaim }[],
  db: Executor,
): Promise<ReadonlySet<string>> {
  const claims = JSON.stringify(completions.map(({ claim }) => claim));
  const { rows } = await sql<EvalClaim>`
    select r.id as "recordId", r.fencing from scouter.eval_record r
    join json_to_recordset(${claims}::json) as c ("recordId" bigint, fencing bigint)
      on r.id = c."recordId" and r.fencing = c.fencing
    where r.status = 'Processed'`.execute(db);
  return new Set(rows.map(claimKey));
}
