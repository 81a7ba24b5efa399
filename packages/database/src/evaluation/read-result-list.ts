import { sql, type RawBuilder } from "kysely";
import { checkedLimit } from "../session/limit.ts";
import { readTimeCursor, timeCursor } from "../session/opaque-cursor.ts";
import { within } from "../session/period.ts";
import { PROFILE_REFERENCE_JSON } from "../session/profile-columns.ts";
import type { Executor } from "../session/session.ts";
import { inSpaces } from "../session/space-scope.ts";
import { timeText } from "../session/time.ts";
import type { ListedResult, ResultList, ResultListRequest } from "./evaluation-repository.ts";

/** More than a record may have tasks: a row's place is its record's id and its position in one number. */
const PLACES = 100_000;

/** Newest first by the time of storing, then record, then the order of declaration. */
export async function resultList(request: ResultListRequest, db: Executor): Promise<ResultList> {
  const limit = checkedLimit(request.limit);
  const conditions = [
    within("w.stored_at", request),
    inSpaces("p.space", request.spaces),
    ...filters(request),
  ];
  const place = sql`(t.eval_record_id * ${PLACES}::bigint + (${PLACES - 1} - t.position))`;
  if (request.cursor !== undefined) {
    const { time, id } = readTimeCursor(request.cursor);
    conditions.push(sql`(w.stored_at, ${place}) < (${time}::timestamptz, ${id}::bigint)`);
  }
  const { rows } = await sql<ListedResult & { readonly place: number }>`
    select ${timeText("w.stored_at")} as "evaluatedAt", ${PROFILE_REFERENCE_JSON} as profile,
      r.uid as "recordUid", r.record_id as "recordId", r.trace_id as "traceId",
      r.revision, t.task_id as "taskId", t.task_type as "taskType", t.outcome, t.condition,
      t.skipped_by as "skippedBy", t.error_code as "errorCode", t.operator, t.expected, t.actual,
      t.message, t.judge, ${place} as place
    from scouter.profile p join scouter.eval_workflow w on w.profile_id = p.id
      join scouter.eval_record r on r.id = w.eval_record_id
      join scouter.eval_task t on t.eval_record_id = w.eval_record_id
    where ${sql.join(conditions, sql` and `)}
    order by w.stored_at desc, place desc limit ${limit + 1}`.execute(db);
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return {
    items: shown.map(({ place: _place, ...row }) => row),
    nextCursor: last === undefined ? null : timeCursor({ time: last.evaluatedAt, id: last.place }),
  };
}

function filters(request: ResultListRequest): readonly RawBuilder<unknown>[] {
  const columns = [
    ["p.uid", request.profileUid?.toLowerCase()],
    ["p.name", request.name],
    ["p.version", request.version],
    ["t.task_id", request.task],
    ["t.outcome", request.outcome],
    ["r.trace_id", request.traceId?.toLowerCase()],
  ] as const;
  return columns.flatMap(([column, value]) =>
    value === undefined ? [] : [sql`${sql.ref(column)} = ${value}`],
  );
}
