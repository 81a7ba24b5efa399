import { sql } from "kysely";
import { checkedLimit } from "../session/limit.ts";
import { idCursor, readIdCursor } from "../session/opaque-cursor.ts";
import { bucketNumber, within, type Period } from "../session/period.ts";
import { PROFILE_REFERENCE } from "../session/profile-columns.ts";
import { profileId } from "../session/profile-id.ts";
import type { Executor } from "../session/session.ts";
import { inSpaces } from "../session/space-scope.ts";
import { timeText } from "../session/time.ts";
import { COUNTED_OUTCOMES, SUMMED_TASKS } from "./evaluation-columns.ts";
import type {
  EvaluationCounts,
  EvaluationCountsRequest,
  EvaluationProfileList,
  EvaluationProfileRow,
  EvaluationProfilesRequest,
  TaskTallies,
  TaskTally,
} from "./evaluation-repository.ts";

export async function evaluationProfiles(
  request: EvaluationProfilesRequest,
  db: Executor,
): Promise<EvaluationProfileList> {
  const limit = checkedLimit(request.limit);
  const { cursor } = request;
  const before = cursor === undefined ? sql`` : sql`and p.id < ${readIdCursor(cursor)}`;
  const { rows } = await sql<EvaluationProfileRow & { readonly id: number }>`
    select p.id, ${PROFILE_REFERENCE}, p.active, ${timeText("p.created_at")} as "createdAt",
      e.records, e.tasks, ${timeText("l.created_at")} as "lastRecordAt"
    from (
      select * from scouter.profile p
      where p.drift_type = 'Agent' and ${inSpaces("p.space", request.spaces)} ${before}
      order by p.id desc limit ${limit + 1}
    ) p cross join lateral (
      select count(*) as records, ${SUMMED_TASKS} as tasks from scouter.eval_workflow w
      where w.profile_id = p.id and ${within("w.stored_at", request)}
    ) e cross join lateral (
      select greatest(
        (select r.created_at from scouter.eval_record r where r.profile_id = p.id
          order by r.created_at desc limit 1),
        (select a.last_created_at from scouter.archived_evaluation_total a
          where a.profile_id = p.id)) as created_at
    ) l
    order by p.id desc`.execute(db);
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return {
    items: shown.map(({ id: _id, ...row }) => row),
    nextCursor: last === undefined ? null : idCursor(last.id),
  };
}

export async function evaluationCounts(
  request: EvaluationCountsRequest,
  db: Executor,
): Promise<readonly EvaluationCounts[]> {
  const { task } = request;
  const ofTask = sql`join scouter.eval_task t
    on t.eval_record_id = w.eval_record_id and t.task_id = ${task}`;
  const { rows } = await sql<EvaluationCounts>`
    select ${bucketNumber("w.stored_at", request)} as bucket, count(*) as records,
      ${task === undefined ? SUMMED_TASKS : COUNTED_OUTCOMES} as tasks
    from scouter.eval_workflow w ${task === undefined ? sql`` : ofTask}
    where w.profile_id = ${profileId(request.profileUid)} and ${within("w.stored_at", request)}
    group by 1 order by 1`.execute(db);
  return rows;
}

export async function taskTallies(
  request: { readonly profileUid: string } & Period,
  db: Executor,
): Promise<TaskTallies> {
  const evaluated = sql`w.profile_id = ${profileId(request.profileUid)}
    and ${within("w.stored_at", request)}`;
  const all = await sql<{ records: number }>`
    select count(*) as records from scouter.eval_workflow w where ${evaluated}`.execute(db);
  const { rows } = await sql<TaskTally>`
    select t.task_id as "taskId", t.skipped_by as "skippedBy", ${COUNTED_OUTCOMES} as counts
    from scouter.eval_workflow w join scouter.eval_task t on t.eval_record_id = w.eval_record_id
    where ${evaluated}
    group by t.task_id, t.skipped_by order by t.task_id, t.skipped_by nulls first`.execute(db);
  return { records: all.rows[0]?.records ?? 0, tasks: rows };
}
