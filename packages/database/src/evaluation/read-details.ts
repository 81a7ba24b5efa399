import type { EvaluationRecord } from "@scouter/contracts";
import { sql } from "kysely";
import { PROFILE_REFERENCE_JSON } from "../session/profile-columns.ts";
import type { Executor } from "../session/session.ts";
import { timeText } from "../session/time.ts";
import { EVALUATION_RECORD } from "./evaluation-columns.ts";
import type { RecordDetails, RecordTask } from "./evaluation-repository.ts";

/** A uid that many profiles use is read for the newest few of them. */
const MOST_OF_ONE_UID = 20;

type DetailRow = Omit<EvaluationRecord, "tasks"> & Omit<RecordDetails, "record" | "tasks">;

export async function recordDetails(
  {
    recordUid,
    profileUid,
  }: { readonly recordUid: string; readonly profileUid?: string | undefined },
  db: Executor,
): Promise<readonly RecordDetails[]> {
  const ofProfile = profileUid === undefined ? sql`` : sql`and p.uid = ${profileUid.toLowerCase()}`;
  const { rows } = await sql<DetailRow>`
    select ${EVALUATION_RECORD}, ${PROFILE_REFERENCE_JSON} as profile, r.context, r.tags,
      r.record_source as "recordSource",
      ${timeText("r.processing_started_at")} as "processingStartedAt",
      ${timeText("r.processing_ended_at")} as "processingEndedAt",
      w.duration_ms as "durationMs", w.execution_plan as plan
    from scouter.eval_record r join scouter.profile p on p.id = r.profile_id
      left join scouter.eval_workflow w on w.eval_record_id = r.id
    where r.uid = ${recordUid} ${ofProfile}
    order by r.id desc limit ${MOST_OF_ONE_UID}`.execute(db);
  const tasks = await tasksOf(
    rows.map(({ id }) => id),
    db,
  );
  return rows.map((row) => {
    const { profile, context, tags, recordSource, plan, durationMs, ...rest } = row;
    const { processingStartedAt, processingEndedAt, ...record } = rest;
    return {
      record,
      profile,
      context,
      tags,
      recordSource,
      processingStartedAt,
      processingEndedAt,
      durationMs,
      plan,
      tasks: tasks.get(record.id) ?? [],
    };
  });
}

async function tasksOf(
  recordIds: readonly number[],
  db: Executor,
): Promise<ReadonlyMap<number, readonly RecordTask[]>> {
  if (recordIds.length === 0) return new Map();
  const { rows } = await sql<RecordTask & { readonly eval_record_id: number }>`
    select t.eval_record_id, t.task_id, t.task_type, t.condition, t.stage, t.outcome,
      t.skipped_by, t.error_code, t.message, t.operator, t.expected, t.actual, t.assertion,
      ${timeText("t.start_time")} as start_time, ${timeText("t.end_time")} as end_time
    from scouter.eval_task t where t.eval_record_id in (${sql.join(recordIds)})
    order by t.eval_record_id, t.stage, t.position`.execute(db);
  const byRecord = new Map<number, RecordTask[]>();
  for (const { eval_record_id: id, ...task } of rows) {
    const tasks = byRecord.get(id) ?? [];
    byRecord.set(id, tasks);
    tasks.push(task);
  }
  return byRecord;
}
