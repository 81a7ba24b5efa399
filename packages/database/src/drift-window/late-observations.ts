import { sql } from "kysely";
import { interval } from "../session/interval.ts";
import type { Executor } from "../session/session.ts";
import { timeText } from "../session/time.ts";
import {
  DRIFT_WINDOWS_CHANNEL,
  type LateObservations,
  type SettleWindowsRequest,
} from "./drift-window-repository.ts";

/**
 * When the oldest transaction of anybody else began; `infinity` when nobody is in one. What began after a window's end
 * cannot put a row into it. A session whose state we may not see counts as one that never ended.
 */
export const OLDEST_TRANSACTION = sql`
  select coalesce(min(coalesce(xact_start, '-infinity')), 'infinity') as begun
  from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid()
    and backend_type = 'client backend'
    and (xact_start is not null or state is null or state = 'disabled')`;

/** Marks the done windows that have not ended by the database's clock: it was set back, and they get rows again. */
export async function reopenWindows(db: Executor): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    update scouter.drift_window set unsettled = true
    where status = 'done' and not unsettled and window_end >= now()`.execute(db);
  return Number(numAffectedRows);
}

/**
 * Compares what unsettled windows hold with what their results counted, once nothing can appear in them any more, and makes
 * those due again that hold more. What is counted is what the checks read: rows of charts and metrics, the sum of counts
 * per bin, workflows that counted a task.
 */
export async function settleWindows(
  { limit, visibleWithinMs }: SettleWindowsRequest,
  db: Executor,
): Promise<readonly LateObservations[]> {
  const { rows } = await sql<LateObservations>`
    with oldest as materialized (${OLDEST_TRANSACTION}), before as materialized (
      select w.id, w.profile_id, w.window_start, w.window_end, w.observed, p.uid, p.drift_type
      from scouter.drift_window w join scouter.profile p on p.id = w.profile_id
      where w.unsettled and w.status = 'done'
        and w.window_end < least((select begun from oldest), now() - ${interval(visibleWithinMs)})
      order by w.window_end limit ${limit} for update of w skip locked
    ), held as (
      select before.*, coalesce(case drift_type
        when 'Spc' then (select count(*) from scouter.spc_observation o where ${RECEIVED})
        when 'Psi' then (select sum(bin_count) from scouter.psi_observation o where ${RECEIVED})
        when 'Custom' then (select count(*) from scouter.custom_observation o where ${RECEIVED})
        else (select count(*) from scouter.eval_workflow o
          where o.profile_id = before.profile_id and o.total_tasks > 0
            and o.stored_at > before.window_start and o.stored_at <= before.window_end)
        end::bigint, 0) - before.observed as missed
      from before
    ), settled as (
      update scouter.drift_window w set unsettled = false,
        late = greatest(held.missed, 0),
        status = case when held.missed > 0 then 'due' else 'done' end,
        due_at = case when held.missed > 0 then now() end,
        attempts = case when held.missed > 0 then 0 else w.attempts end,
        revised = w.revised + (held.missed > 0)::integer
      from held where w.id = held.id
      returning w.id, held.uid, w.revised, w.window_end, held.missed
    ), notified as (
      select pg_notify(${DRIFT_WINDOWS_CHANNEL}, '') where exists (select from settled where missed > 0)
    )
    select id as "windowId", uid as "profileUid", revised, missed as found,
      ${timeText("window_end")} as "windowEnd", (select count(*) from notified)
    from settled where missed > 0 order by window_end, id`.execute(db);
  return rows.map(({ windowId, profileUid, revised, found, windowEnd }) => ({
    windowId,
    profileUid,
    revised,
    found,
    windowEnd,
  }));
}

const RECEIVED = sql`o.profile_id = before.profile_id
  and o.received_at > before.window_start and o.received_at <= before.window_end`;

/** Whether observations or results of the window moved to the archive, where checks do not look. */
const IS_ARCHIVED = sql`exists (
  select from scouter.profile p join (
      select series_table, day from scouter.archived_day
      union all select 'agent_observation', day from scouter.archived_evaluation
    ) a on a.series_table = lower(p.drift_type) || '_observation'
  where p.id = profile_id and (a.day + 1)::timestamp at time zone 'UTC' > window_start
    and a.day::timestamp at time zone 'UTC' <= window_end)`;

export async function rerunWindow(windowId: number, db: Executor): Promise<boolean> {
  const { rows } = await sql`
    with again as (
      update scouter.drift_window set status = 'due', due_at = now(), attempts = 0,
        last_error = null, revised = revised + (status = 'done')::integer
      where id = ${windowId} and (status = 'failed' or (status = 'done' and late > 0))
        and not ${IS_ARCHIVED}
      returning 1
    )
    select pg_notify(${DRIFT_WINDOWS_CHANNEL}, '') from again`.execute(db);
  return rows.length > 0;
}
