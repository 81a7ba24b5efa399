import { sql } from "kysely";
import { checkedLimit } from "../session/limit.ts";
import { instant, within, type Period } from "../session/period.ts";
import { PROFILE_REFERENCE_JSON } from "../session/profile-columns.ts";
import type { Executor } from "../session/session.ts";
import { inSpaces, type SpaceScope } from "../session/space-scope.ts";
import { timeText } from "../session/time.ts";
import type { Trouble } from "./overview-repository.ts";

type Request = { readonly spaces: SpaceScope; readonly limit: number } & Period;

export async function troubles(request: Request, db: Executor): Promise<readonly Trouble[]> {
  const limit = checkedLimit(request.limit);
  const { rows } = await sql<Trouble>`
    with given_up as (
      (select 'dead-records' as kind, r.profile_id, count(*) as count,
        min(r.processing_ended_at) as since,
        (array_agg(r.last_error order by r.id desc))[1] as error,
        (array_agg(r.uid order by r.id desc))[1] as "recordUid", null::bigint as "windowId"
      from scouter.eval_record r
      where r.status = 'Failed' and r.discarded_at is null and ${within("r.processing_ended_at", request)}
      group by r.profile_id)
      union all
      (select 'failed-windows', d.profile_id, count(*), min(d.window_end),
        (array_agg(d.last_error order by d.window_end desc))[1], null,
        (array_agg(d.id order by d.window_end desc))[1]
      from scouter.drift_window d
      where d.status = 'failed' and ${within("d.window_end", request)}
      group by d.profile_id)
      union all
      (select 'undelivered-alerts', o.profile_id, count(*), min(o.ended_at),
        (array_agg(o.last_error order by o.id desc))[1], null, null
      from scouter.alert_outbox o
      where o.status = 'failed' and ${within("o.ended_at", request)}
      group by o.profile_id)
      union all
      (select 'schedule-error', s.profile_id, 1, s.updated_at, s.error, null, null
      from scouter.drift_schedule s where s.error is not null)
    ), ranked as (
      select p.id, ${PROFILE_REFERENCE_JSON} as profile, g.*,
        row_number() over (partition by g.kind order by g.since desc, p.id) as rank
      from given_up g join scouter.profile p on p.id = g.profile_id
      where ${inSpaces("p.space", request.spaces)}
    )
    select kind, profile, count, ${timeText("since")} as since, error, "recordUid", "windowId"
    from ranked where rank <= ${limit} order by kind, rank`.execute(db);
  return [...rows, ...(await silentProfiles(request, limit, db))];
}

/**
 * Active profiles for which nothing came in the period. Agents: neither a record of that time nor one evaluated then;
 * the sender's clock alone may be wrong. Which times archived records are of is not known here: a profile that has some of
 * after the period's begin is not called silent.
 */
async function silentProfiles(
  { spaces, ...period }: Request,
  limit: number,
  db: Executor,
): Promise<readonly Trouble[]> {
  const came = (table: string, column: string) => sql`
    exists (select from ${sql.table(`scouter.${table}`)} o
      where o.profile_id = p.id and ${within(`o.${column}`, period)})`;
  const last = (table: string) => sql`
    (select max(o.received_at) from ${sql.table(`scouter.${table}`)} o
      where o.profile_id = p.id and o.received_at < ${instant(period.startMs)})`;
  const { rows } = await sql<Trouble>`
    with silent as (
      select p.* from scouter.profile p
      where p.active and p.created_at < ${instant(period.endMs)} and ${inSpaces("p.space", spaces)}
        and not case p.drift_type
          when 'Agent' then ${came("eval_record", "created_at")}
            or ${came("eval_workflow", "stored_at")}
            or exists (select from scouter.archived_evaluation_total a where a.profile_id = p.id
              and greatest(a.last_created_at, a.last_stored_at) >= ${instant(period.startMs)})
          when 'Spc' then ${came("spc_observation", "received_at")}
          when 'Psi' then ${came("psi_observation", "received_at")}
          else ${came("custom_observation", "received_at")} end
      order by p.id desc limit ${limit}
    ), known as (
      select p.*, case p.drift_type
          when 'Agent' then greatest(
            (select max(o.created_at) from scouter.eval_record o
              where o.profile_id = p.id and o.created_at < ${instant(period.startMs)}),
            (select a.last_created_at from scouter.archived_evaluation_total a
              where a.profile_id = p.id))
          when 'Spc' then ${last("spc_observation")}
          when 'Psi' then ${last("psi_observation")}
          else ${last("custom_observation")} end as since
      from silent p
    )
    select 'no-data' as kind, ${PROFILE_REFERENCE_JSON} as profile, 1 as count,
      ${timeText("p.since")} as since, null as error, null as "recordUid", null as "windowId"
    from known p order by p.since desc nulls last, p.id desc`.execute(db);
  return rows;
}
