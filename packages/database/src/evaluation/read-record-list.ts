import type { EvaluationRecord } from "@scouter/contracts";
import { sql, type RawBuilder } from "kysely";
import { checkedLimit } from "../session/limit.ts";
import { readTimeCursor, timeCursor } from "../session/opaque-cursor.ts";
import { within } from "../session/period.ts";
import { profileId } from "../session/profile-id.ts";
import type { Executor } from "../session/session.ts";
import { timeText } from "../session/time.ts";
import { EVALUATION_RECORD } from "./evaluation-columns.ts";
import {
  MOST_RECORDS_SCANNED,
  type RecordList,
  type RecordListRequest,
} from "./evaluation-repository.ts";

interface ListRow extends EvaluationRecord {
  /** Null in the one row that stands for an empty page. */
  readonly id: number;
  /** The last record that was looked at, when there may be more behind it. */
  readonly scanned_time: string | null;
  readonly scanned_id: number | null;
}

/**
 * Looks at a bounded stretch of the profile's records and keeps what the filters let through. Where the stretch ends
 * before the page is full, the cursor is its last record: one statement, so that nothing comes between the two.
 */
export async function recordList(request: RecordListRequest, db: Executor): Promise<RecordList> {
  const limit = checkedLimit(request.limit);
  const filter = filters(request);
  const scan = filter === undefined ? limit + 1 : MOST_RECORDS_SCANNED;
  const { rows } = await sql<ListRow>`
    with stretch as materialized (
      select r.id, r.created_at from scouter.eval_record r
      where r.profile_id = ${profileId(request.profileUid)} and ${within("r.created_at", request)}
        ${before(request.cursor)}
      order by r.created_at desc, r.id desc limit ${scan}
    ), last as (
      select created_at, id from stretch order by created_at desc, id desc
      offset ${scan - 1} limit 1
    ), page as (
      select r.id from stretch s join scouter.eval_record r on r.id = s.id
        left join scouter.eval_workflow w on w.eval_record_id = r.id
      where ${filter ?? sql`true`}
      order by s.created_at desc, s.id desc limit ${limit + 1}
    )
    select ${EVALUATION_RECORD}, coalesce(chips.tasks, '[]') as tasks,
      ${timeText("last.created_at")} as scanned_time, last.id as scanned_id
    from (select 1) one left join last on true left join page on true
      left join scouter.eval_record r on r.id = page.id
      left join scouter.profile p on p.id = r.profile_id
      left join scouter.eval_workflow w on w.eval_record_id = r.id
      left join lateral (
        select json_agg(json_build_object('task_id', t.task_id, 'outcome', t.outcome,
          'gate', t.condition) order by t.stage, t.position) as tasks
        from scouter.eval_task t where t.eval_record_id = r.id
      ) chips on true
    order by r.created_at desc, r.id desc`.execute(db);
  return cut(rows, limit);
}

function cut(rows: readonly ListRow[], limit: number): RecordList {
  const [first] = rows;
  const found = first?.id === null ? [] : rows;
  const shown = found.slice(0, limit);
  const items = shown.map(({ scanned_time: _time, scanned_id: _id, ...item }) => item);
  const last = items.at(-1);
  if (found.length > limit && last !== undefined) {
    return { items, nextCursor: timeCursor({ time: last.created_at, id: last.id }) };
  }
  const time = first?.scanned_time ?? null;
  const id = first?.scanned_id ?? null;
  return { items, nextCursor: time === null || id === null ? null : timeCursor({ time, id }) };
}

function before(cursor: string | undefined): RawBuilder<unknown> {
  if (cursor === undefined) return sql``;
  const { time, id } = readTimeCursor(cursor);
  return sql`and (r.created_at, r.id) < (${time}::timestamptz, ${id}::bigint)`;
}

/** Undefined: every record is shown. */
function filters({ status, task, outcome }: RecordListRequest): RawBuilder<boolean> | undefined {
  const conditions: RawBuilder<unknown>[] = [];
  if (status !== undefined) conditions.push(sql`r.status = ${status}`);
  if (task !== undefined) {
    const ofOutcome = outcome === undefined ? sql`` : sql`and t.outcome = ${outcome}`;
    conditions.push(sql`exists (select from scouter.eval_task t
      where t.eval_record_id = r.id and t.task_id = ${task} ${ofOutcome})`);
  } else if (outcome !== undefined) {
    conditions.push(ofRecord[outcome]);
  }
  if (conditions.length === 0) return undefined;
  return sql<boolean>`${sql.join(conditions, sql` and `)}`;
}

const ofRecord = {
  passed: sql`w.total_tasks > 0 and w.passed_tasks = w.total_tasks`,
  failed: sql`w.failed_tasks > w.errored_tasks`,
  errored: sql`w.errored_tasks > 0`,
  skipped: sql`w.skipped_tasks > 0`,
};
