import { sql } from "kysely";
import type { Executor } from "../session/session.ts";
import { timeText } from "../session/time.ts";
import { storableText } from "../storable/storable-text.ts";
import {
  DRIFT_WINDOWS_CHANNEL,
  type ProfileToPlan,
  type SchedulePlan,
} from "./drift-window-repository.ts";

const MAX_ERROR_LENGTH = 8_000;

interface ToPlanRow extends Omit<ProfileToPlan, "basis"> {
  readonly plannedThrough: string | null;
  readonly seenAt: string;
}

/**
 * A profile that was switched on again begins at that time. Times are cut to milliseconds, so that a window never begins
 * after its profile could receive anything. Bodies of profiles are large: only those that are returned are read.
 */
export async function profilesToPlan(
  nowMs: number,
  limit: number,
  db: Executor,
): Promise<readonly ProfileToPlan[]> {
  const { rows } = await sql<ToPlanRow>`
    with waiting as materialized (
      select p.id, s.next_plan_at
      from scouter.profile p left join scouter.drift_schedule s on s.profile_id = p.id
      where s.profile_id is null or s.seen_at <> p.updated_at
        or (not s.paused and s.next_plan_at <= ${timeOf(nowMs)}::timestamptz)
      order by s.next_plan_at nulls first, p.id limit ${limit}
    )
    select p.uid as "profileUid", p.active,
      a.schedule, a.time_zone as "timeZone", a.catch_up as "catchUp",
      floor(extract(epoch from case
        when s.profile_id is null then p.created_at
        when s.paused then greatest(s.planned_through, p.updated_at)
        else s.planned_through end) * 1000)::bigint as "lastWindowEndMs",
      ${timeText("s.planned_through")} as "plannedThrough",
      ${timeText("p.updated_at")} as "seenAt"
    from waiting w join scouter.profile p on p.id = w.id
      left join scouter.drift_schedule s on s.profile_id = p.id
      left join lateral (
        select c ->> 'schedule' as schedule, c ->> 'time_zone' as time_zone,
          c ->> 'catch_up' as catch_up
        from (select p.profile #> '{config,alert_config}' as c offset 0) alert_config
      ) a on true
    order by w.next_plan_at nulls first, p.id`.execute(db);
  return rows.map(({ plannedThrough, seenAt, ...profile }) => ({
    ...profile,
    basis: { plannedThrough, seenAt },
  }));
}

/**
 * Moves each schedule on unless somebody else did since `toPlan`, and inserts the windows of those that moved: all of it
 * in one statement, whatever the number of profiles.
 */
export async function planWindows(plans: readonly SchedulePlan[], db: Executor): Promise<number> {
  if (plans.length === 0) return 0;
  const { rows } = await sql<{ inserted: number }>`
    with input as materialized (
      select p.id, t.* from json_to_recordset(${planText(plans)}::json) as t (
        uid text, basis timestamptz, planned timestamptz, next timestamptz, seen timestamptz,
        paused boolean, error text, windows json, skipped_from timestamptz,
        skipped_to timestamptz, skipped_count bigint, skipped_reason text)
      join scouter.profile p on p.uid = t.uid
    ), begun as (
      insert into scouter.drift_schedule
        (profile_id, planned_through, next_plan_at, seen_at, paused, error)
      select id, planned, next, seen, paused, error from input where basis is null order by id
      on conflict (profile_id) do nothing
      returning profile_id
    ), continued as (
      update scouter.drift_schedule s set planned_through = planned, next_plan_at = next,
        seen_at = seen, paused = i.paused, error = i.error, updated_at = now()
      from input i where s.profile_id = i.id and s.planned_through = i.basis
      returning s.profile_id
    ), moved as (
      select * from input
      where id in (select profile_id from begun union all select profile_id from continued)
    ), skipped as (
      insert into scouter.drift_window (profile_id, window_start, window_end, status, due_at,
        skipped_windows, last_error, ended_at)
      select id, skipped_from, skipped_to, 'skipped', null, skipped_count, skipped_reason, now()
      from moved where skipped_from is not null order by id
      on conflict (profile_id, window_end) do nothing
    ), inserted as (
      insert into scouter.drift_window (profile_id, window_start, window_end)
      select m.id, w."from", w."to" from moved m
        cross join lateral json_to_recordset(m.windows) as w ("from" timestamptz, "to" timestamptz)
      order by m.id, w."to"
      on conflict (profile_id, window_end) do nothing
      returning 1
    ), notified as (
      select pg_notify(${DRIFT_WINDOWS_CHANNEL}, '') where exists (select from inserted)
    )
    select (select count(*) from inserted) as inserted, (select count(*) from notified)`.execute(
    db,
  );
  return rows[0]?.inserted ?? 0;
}

function planText(plans: readonly SchedulePlan[]): string {
  return JSON.stringify(
    plans.map(({ skipped, ...plan }) => ({
      uid: plan.profileUid,
      basis: plan.basis.plannedThrough,
      seen: plan.basis.seenAt,
      planned: timeOf(plan.plannedThroughMs),
      next: plan.nextPlanAtMs === undefined ? null : timeOf(plan.nextPlanAtMs),
      paused: plan.paused,
      error: plan.error === undefined ? null : storableText(plan.error, MAX_ERROR_LENGTH),
      windows: plan.windows.map(({ startMs, endMs }) => ({
        from: timeOf(startMs),
        to: timeOf(endMs),
      })),
      ...(skipped !== undefined && {
        skipped_from: timeOf(skipped.startMs),
        skipped_to: timeOf(skipped.endMs),
        skipped_count: skipped.count,
        skipped_reason: storableText(skipped.reason, MAX_ERROR_LENGTH),
      }),
    })),
  );
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
