import { sql } from "kysely";
import type { Executor } from "../session/session.ts";
import { timeText } from "../session/time.ts";
import { DRIFT_WINDOWS_CHANNEL, type LateObservations } from "./drift-window-repository.ts";

/**
 * Compares what the window before holds now with what its result counted. What is counted is what the checks read: rows
 * of charts and metrics, the sum of counts per bin, workflows that counted a task.
 */
export async function countLate(
  windowId: number,
  db: Executor,
): Promise<LateObservations | undefined> {
  const { rows } = await sql<LateObservations>`
    with before as (
      select b.id, b.profile_id, b.window_start, b.window_end, b.observed, b.late, p.uid, p.drift_type
      from scouter.drift_window w
        join scouter.drift_window b on b.profile_id = w.profile_id and b.window_end <= w.window_start
        join scouter.profile p on p.id = b.profile_id
      where w.id = ${windowId} and b.status <> 'skipped'
      order by b.window_end desc limit 1
    ), held as (
      select before.*, case drift_type
        when 'Spc' then (select count(*) from scouter.spc_observation o where ${RECEIVED})
        when 'Psi' then (select sum(bin_count) from scouter.psi_observation o where ${RECEIVED})
        when 'Custom' then (select count(*) from scouter.custom_observation o where ${RECEIVED})
        else (select count(*) from scouter.eval_workflow o
          where o.profile_id = before.profile_id and o.total_tasks > 0
            and o.stored_at > before.window_start and o.stored_at <= before.window_end)
        end::bigint - before.observed as missed
      from before
    )
    update scouter.drift_window w set late = held.missed from held
    where w.id = held.id and w.status = 'done' and w.observed = held.observed
      and held.missed > w.late
    returning w.id as "windowId", held.uid as "profileUid", w.revised,
      ${timeText("w.window_end")} as "windowEnd", held.missed - held.late as found`.execute(db);
  return rows[0];
}

const RECEIVED = sql`o.profile_id = before.profile_id
  and o.received_at > before.window_start and o.received_at <= before.window_end`;

export async function rerunWindow(windowId: number, db: Executor): Promise<boolean> {
  const { rows } = await sql`
    with again as (
      update scouter.drift_window set status = 'due', due_at = now(), attempts = 0,
        last_error = null, revised = revised + (status = 'done')::integer
      where id = ${windowId} and (status = 'failed' or (status = 'done' and late > 0))
      returning 1
    )
    select pg_notify(${DRIFT_WINDOWS_CHANNEL}, '') from again`.execute(db);
  return rows.length > 0;
}
