import { sql, type RawBuilder } from "kysely";
import { interval } from "../session/interval.ts";
import type { Executor } from "../session/session.ts";
import type { AmissProfile } from "./built-in-alert-repository.ts";

const MOST_PROFILES = 1000;

/**
 * Active profiles that a rule finds something of.
 *
 * @param found selects `profile_id`, `count` and `error`, one row a profile
 */
export async function amissProfiles(
  found: RawBuilder<unknown>,
  db: Executor,
): Promise<readonly AmissProfile[]> {
  const { rows } = await sql<AmissProfile>`
    select p.uid, p.space, p.name, p.version, p.drift_type as "driftType", f.count, f.error
    from (${found}) f join scouter.profile p on p.id = f.profile_id
    where p.active order by f.count desc, p.id limit ${MOST_PROFILES}`.execute(db);
  return rows;
}

export function windowsThat(status: "failed" | "skipped", withinMs: number): RawBuilder<unknown> {
  return sql`
    select w.profile_id, sum(greatest(w.skipped_windows, 1))::bigint as count,
      (array_agg(w.last_error order by w.ended_at desc))[1] as error
    from scouter.drift_window w
    where w.status in ('failed', 'skipped') and w.status = ${status}
      and w.ended_at > now() - ${interval(withinMs)}
    group by w.profile_id`;
}

/** Our own messages are left out: that one cannot be delivered is no reason to send another. */
export function undelivered(withinMs: number): RawBuilder<unknown> {
  return sql`
    select o.profile_id, count(*) as count,
      (array_agg(o.last_error order by o.id desc))[1] as error
    from scouter.alert_outbox o
    where o.status = 'failed' and o.ended_at > now() - ${interval(withinMs)}
      and o.message ->> 'built_in' is null
    group by o.profile_id`;
}

/** An index holds dead letters alone, so a database without any answers at once. */
export const DEAD_RECORDS = sql`
  select dead.profile_id, dead.count, (
      select r.last_error from scouter.eval_record r
      where r.profile_id = dead.profile_id and r.status = 'Failed' and r.discarded_at is null
      order by r.id desc limit 1) as error
  from (
    select profile_id, count(*) as count from scouter.eval_record
    where status = 'Failed' and discarded_at is null group by profile_id
  ) dead`;

export const UNREADABLE_SCHEDULES = sql`
  select s.profile_id, 1 as count, s.error from scouter.drift_schedule s where s.error is not null`;

/** Of each profile the newest done windows are looked at, by the index of profile and end. */
export function silentFor(windows: number): RawBuilder<unknown> {
  return sql`
    select p.id as profile_id, ${windows}::integer as count, null::text as error
    from scouter.profile p cross join lateral (
      select count(*) as windows, max(w.observed) as observed from (
        select coalesce(w.observed, 0) as observed from scouter.drift_window w
        where w.profile_id = p.id and w.status = 'done'
        order by w.window_end desc limit ${windows}
      ) w
    ) newest
    where p.active and newest.windows = ${windows} and newest.observed = 0 and exists (
      select from scouter.drift_window w
      where w.profile_id = p.id and w.status = 'done' and w.observed > 0)`;
}
