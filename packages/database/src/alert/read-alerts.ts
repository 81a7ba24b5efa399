import { sql, type RawBuilder } from "kysely";
import { FEATURE_FIGURES } from "../drift-board/feature-columns.ts";
import { checkedLimit } from "../session/limit.ts";
import { readTimeCursor, timeCursor } from "../session/opaque-cursor.ts";
import { instant } from "../session/period.ts";
import { PROFILE_REFERENCE_JSON } from "../session/profile-columns.ts";
import { profileId } from "../session/profile-id.ts";
import type { Executor } from "../session/session.ts";
import { ofProfilesIn } from "../session/space-scope.ts";
import { timeText } from "../session/time.ts";
import type { AlertEntry, AlertList, AlertListRequest, AlertMessage } from "./alert-list.ts";

export async function alertList(request: AlertListRequest, db: Executor): Promise<AlertList> {
  const limit = checkedLimit(request.limit);
  const { rows } = await entries(
    sql`select a.* from scouter.alert a where ${conditions(request)}
      order by a.created_at desc, a.id desc limit ${limit + 1}`,
  ).execute(db);
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return {
    items,
    nextCursor: last === undefined ? null : timeCursor({ time: last.openedAt, id: last.id }),
  };
}

export async function alertEntry(id: number, db: Executor): Promise<AlertEntry | undefined> {
  const { rows } = await entries(sql`select a.* from scouter.alert a where a.id = ${id}`).execute(
    db,
  );
  return rows[0];
}

/** The profiles' bodies may be long: what is needed of them is read once for each profile of a page. */
function entries(chosen: RawBuilder<unknown>): RawBuilder<AlertEntry> {
  return sql<AlertEntry>`
    with chosen as materialized (${chosen}), owner as materialized (
      select p.id, ${PROFILE_REFERENCE_JSON} as reference,
        p.profile -> 'config' -> 'alert_config' -> 'dispatch_config' as dispatch
      from scouter.profile p where p.id in (select profile_id from chosen)
    )
    select a.id, owner.reference as profile, a.entity_name as feature, a.alert,
      case when a.active then 'active' when a.resolved_at is null then 'acknowledged'
        else 'resolved' end as status,
      ${timeText("a.created_at")} as "openedAt", ${timeText("a.acknowledged_at")} as "acknowledgedAt",
      ${timeText("a.resolved_at")} as "resolvedAt", a.windows,
      ${timeText("a.window_end")} as "firstWindowEnd",
      ${timeText("a.last_window_end")} as "lastWindowEnd",
      first.id as "firstWindowId", last.id as "lastWindowId",
      case when last.status = 'done' then (
        select ${FEATURE_FIGURES} from json_array_elements(last.result -> 'features') f
        where f ->> 'name' = a.entity_name limit 1) end as "lastResult",
      owner.dispatch
    from chosen a join owner on owner.id = a.profile_id
      left join scouter.drift_window first
        on first.profile_id = a.profile_id and first.window_end = a.window_end
      left join scouter.drift_window last
        on last.profile_id = a.profile_id and last.window_end = a.last_window_end
    order by a.created_at desc, a.id desc`;
}

function conditions(request: AlertListRequest): RawBuilder<unknown> {
  const { spaces, status, kind, profileUid, cursor, startMs, endMs } = request;
  const all: RawBuilder<unknown>[] = [
    sql`a.created_at < ${instant(endMs)}`,
    sql`(a.active or a.resolved_at is null or a.resolved_at >= ${instant(startMs)})`,
    ofProfilesIn("a.profile_id", spaces),
  ];
  if (status !== undefined) all.push(ofStatus[status]);
  if (kind !== undefined) {
    all.push(sql`a.profile_id in (select id from scouter.profile where drift_type = ${kind})`);
  }
  if (profileUid !== undefined) all.push(sql`a.profile_id = ${profileId(profileUid)}`);
  if (cursor !== undefined) {
    const { time, id } = readTimeCursor(cursor);
    all.push(sql`(a.created_at, a.id) < (${time}::timestamptz, ${id}::bigint)`);
  }
  return sql.join(all, sql` and `);
}

/** Somebody may set a resolved alert active again. */
const ofStatus = {
  active: sql`a.active`,
  acknowledged: sql`not a.active and a.resolved_at is null`,
  resolved: sql`not a.active and a.resolved_at is not null`,
};

/** At most this many messages of one window and profile are looked through. */
const MOST_MESSAGES = 1000;

/**
 * Messages of the window in which the alert opened that name its feature. Their keys begin with profile and window, and
 * `0` follows `/`, so they are one stretch of the index.
 */
export async function alertMessages(
  {
    profileUid,
    windowEnd,
    feature,
  }: {
    readonly profileUid: string;
    readonly windowEnd: string;
    readonly feature: string;
  },
  db: Executor,
): Promise<readonly AlertMessage[]> {
  const key = `${profileUid}/${new Date(windowEnd).toISOString()}`;
  const { rows } = await sql<AlertMessage>`
    with sent as materialized (
      select o.* from scouter.alert_outbox o
      where o.dedup_key >= ${`${key}/`} and o.dedup_key < ${`${key}0`}
      order by o.dedup_key limit ${MOST_MESSAGES}
    )
    select o.status, ${timeText("o.created_at")} as "createdAt",
      ${timeText("o.ended_at")} as "endedAt", ${timeText("o.due_at")} as "dueAt",
      o.last_error as "lastError",
      (select coalesce(json_agg(json_build_object('at', ${timeText("d.at")},
          'channel', d.channel, 'outcome', d.outcome, 'detail', d.detail) order by d.id), '[]')
        from scouter.alert_delivery d where d.outbox_id = o.id) as deliveries
    from sent o where exists (
      select from json_array_elements(o.message -> 'alerts') m
      where m ->> 'entity_name' = ${feature})
    order by o.id`.execute(db);
  return rows;
}
