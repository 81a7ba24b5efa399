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
 * after its profile could receive anything.
 */
export async function profilesToPlan(
  nowMs: number,
  limit: number,
  db: Executor,
): Promise<readonly ProfileToPlan[]> {
  const { rows } = await sql<ToPlanRow>`
    select p.uid as "profileUid", p.active,
      p.profile #>> '{config,alert_config,schedule}' as schedule,
      p.profile #>> '{config,alert_config,time_zone}' as "timeZone",
      p.profile #>> '{config,alert_config,catch_up}' as "catchUp",
      floor(extract(epoch from case
        when s.profile_id is null then p.created_at
        when s.paused then greatest(s.planned_through, p.updated_at)
        else s.planned_through end) * 1000)::bigint as "lastWindowEndMs",
      ${timeText("s.planned_through")} as "plannedThrough",
      ${timeText("p.updated_at")} as "seenAt"
    from scouter.profile p left join scouter.drift_schedule s on s.profile_id = p.id
    where s.profile_id is null or s.seen_at <> p.updated_at
      or (not s.paused and s.next_plan_at <= ${timeOf(nowMs)}::timestamptz)
    order by s.next_plan_at nulls first, p.id limit ${limit}`.execute(db);
  return rows.map(({ plannedThrough, seenAt, ...profile }) => ({
    ...profile,
    basis: { plannedThrough, seenAt },
  }));
}

/** In a transaction: moves the schedule on unless somebody else did since `toPlan`, then inserts the windows. */
export async function planWindows(plan: SchedulePlan, db: Executor): Promise<number> {
  const profileId = await moveSchedule(plan, db);
  if (profileId === undefined) return 0;
  const { skipped, windows } = plan;
  if (skipped !== undefined) {
    await sql`
      insert into scouter.drift_window
        (profile_id, window_start, window_end, status, due_at, skipped_windows, last_error, ended_at)
      values (${profileId}, ${timeOf(skipped.startMs)}, ${timeOf(skipped.endMs)}, 'skipped', null,
        ${skipped.count}, ${storableText(skipped.reason, MAX_ERROR_LENGTH)}, now())
      on conflict (profile_id, window_end) do nothing`.execute(db);
  }
  if (windows.length === 0) return 0;
  const text = JSON.stringify(
    windows.map(({ startMs, endMs }) => ({ from: timeOf(startMs), to: timeOf(endMs) })),
  );
  const { rows } = await sql<{ inserted: number }>`
    with inserted as (
      insert into scouter.drift_window (profile_id, window_start, window_end)
      select ${profileId}, "from", "to"
      from json_to_recordset(${text}::json) as t ("from" timestamptz, "to" timestamptz)
      order by "to"
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

/** Resolves with the profile's id, or nothing when the plan's basis is not what is stored (any more). */
async function moveSchedule(plan: SchedulePlan, db: Executor): Promise<number | undefined> {
  const { basis, paused } = plan;
  const planned = timeOf(plan.plannedThroughMs);
  const next = plan.nextPlanAtMs === undefined ? null : timeOf(plan.nextPlanAtMs);
  const error = plan.error === undefined ? null : storableText(plan.error, MAX_ERROR_LENGTH);
  const { rows } =
    basis.plannedThrough === null
      ? await sql<{ profile_id: number }>`
          insert into scouter.drift_schedule
            (profile_id, planned_through, next_plan_at, seen_at, paused, error)
          select id, ${planned}::timestamptz, ${next}::timestamptz, ${basis.seenAt}::timestamptz,
            ${paused}::boolean, ${error}::text
          from scouter.profile where uid = ${plan.profileUid}
          on conflict (profile_id) do nothing
          returning profile_id`.execute(db)
      : await sql<{ profile_id: number }>`
          update scouter.drift_schedule s set
            planned_through = ${planned}::timestamptz, next_plan_at = ${next}::timestamptz,
            seen_at = ${basis.seenAt}::timestamptz, paused = ${paused}::boolean,
            error = ${error}::text, updated_at = now()
          from scouter.profile p
          where p.uid = ${plan.profileUid} and s.profile_id = p.id
            and s.planned_through = ${basis.plannedThrough}::timestamptz
          returning s.profile_id`.execute(db);
  return rows[0]?.profile_id;
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
