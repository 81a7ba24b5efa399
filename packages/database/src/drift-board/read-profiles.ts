import { sql } from "kysely";
import { checkedLimit } from "../session/limit.ts";
import { idCursor, readIdCursor } from "../session/opaque-cursor.ts";
import { within } from "../session/period.ts";
import { PROFILE_REFERENCE_JSON } from "../session/profile-columns.ts";
import type { Executor } from "../session/session.ts";
import { inSpaces } from "../session/space-scope.ts";
import { timeText } from "../session/time.ts";
import type {
  DriftProfileList,
  DriftProfileRow,
  DriftProfilesRequest,
} from "./drift-board-repository.ts";

export async function driftProfiles(
  request: DriftProfilesRequest,
  db: Executor,
): Promise<DriftProfileList> {
  const limit = checkedLimit(request.limit);
  const { cursor, kind, spaces } = request;
  const before = cursor === undefined ? sql`` : sql`and p.id < ${readIdCursor(cursor)}`;
  const ofKind = kind === undefined ? sql`` : sql`and p.drift_type = ${kind}`;
  const { rows } = await sql<DriftProfileRow & { readonly id: number }>`
    select p.id, ${PROFILE_REFERENCE_JSON} as reference, p.active, p.profile,
      ${timeText("p.created_at")} as "createdAt", s.error as "scheduleError",
      ${timeText("s.planned_through")} as "plannedThrough", l.window as "lastWindow",
      o.alerts as "openAlerts", w.done as "windowsDone", w.alerting as "windowsAlerting",
      w.failed as "windowsFailed", m.window as "lastMeasured"
    from (
      select * from scouter.profile p
      where ${inSpaces("p.space", spaces)} ${ofKind} ${before}
      order by p.id desc limit ${limit + 1}
    ) p left join scouter.drift_schedule s on s.profile_id = p.id
    left join lateral (
      select json_build_object('id', d.id, 'windowEnd', ${timeText("d.window_end")},
        'status', d.status, 'features', case when d.status = 'done' then (
          select json_object_agg(n.status, n.features) from (
            select f ->> 'status' as status, count(*) as features
            from json_array_elements(d.result -> 'features') f group by 1) n) end) as window
      from scouter.drift_window d
      where d.profile_id = p.id and d.status in ('done', 'failed')
      order by d.window_end desc limit 1
    ) l on true
    left join lateral (
      select json_build_object('id', d.id, 'windowEnd', ${timeText("d.window_end")}) as window
      from scouter.drift_window d
      where d.profile_id = p.id and d.status = 'done' and d.observed > 0
        and ${within("d.window_end", request)}
      order by d.window_end desc limit 1
    ) m on true
    cross join lateral (
      select count(*) as alerts from scouter.alert a where a.profile_id = p.id and a.active
    ) o
    cross join lateral (
      select count(*) filter (where d.status = 'done') as done,
        count(*) filter (where d.status = 'done' and d.alerting) as alerting,
        count(*) filter (where d.status = 'failed') as failed
      from scouter.drift_window d
      where d.profile_id = p.id and ${within("d.window_end", request)}
    ) w
    order by p.id desc`.execute(db);
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return {
    items: shown.map(({ id: _id, ...row }) => row),
    nextCursor: last === undefined ? null : idCursor(last.id),
  };
}
