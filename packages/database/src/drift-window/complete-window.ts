import { sql, type RawBuilder } from "kysely";
import { storeMessages } from "../alert/store-messages.ts";
import type { Executor } from "../session/session.ts";
import { storableJsonText } from "../storable/storable-text.ts";
import type {
  AlertChange,
  WindowClaim,
  WindowCompletion,
  WindowOutcome,
} from "./drift-window-repository.ts";

interface HeldRow {
  readonly profileId: number;
  readonly windowEnd: string;
  readonly status: string;
}

/** Of a window that changes no alert, as most do not: one statement. */
export async function completeQuietWindow(
  claim: WindowClaim,
  completion: WindowCompletion,
  db: Executor,
): Promise<WindowOutcome> {
  const { rows } = await sql<Pick<HeldRow, "status">>`
    with held as materialized (
      select id, profile_id, window_end, status from scouter.drift_window
      where id = ${claim.windowId} and fencing = ${claim.fencing} for update
    ), done as (
      update scouter.drift_window w set ${endOf(completion)}
      from held where w.id = held.id and held.status = 'running'
      returning w.profile_id, w.window_end
    ), moved as (
      update scouter.drift_schedule s
      set computed_through = greatest(s.computed_through, done.window_end)
      from done where s.profile_id = done.profile_id
    )
    select status from held`.execute(db);
  const status = rows[0]?.status;
  // A repeat after a lost reply is done, not stale.
  return status === "running" || status === "done" ? "done" : "stale";
}

/** In a transaction: the lock on the window's row keeps every other claim away until all of it is stored. */
export async function completeWindow(
  claim: WindowClaim,
  completion: WindowCompletion,
  db: Executor,
): Promise<WindowOutcome> {
  const { rows } = await sql<HeldRow>`
    select profile_id as "profileId", window_end::text as "windowEnd", status
    from scouter.drift_window
    where id = ${claim.windowId} and fencing = ${claim.fencing} for update`.execute(db);
  const [held] = rows;
  if (held?.status === "running") {
    await storeAlerts(held, completion.alerts, db);
    await storeMessages(held.profileId, completion.messages, db);
  }
  return completeQuietWindow(claim, completion, db);
}

function endOf({ result, observed, settled }: WindowCompletion): RawBuilder<unknown> {
  const measured = result.features.some(({ status }) => status === "ok" || status === "alert");
  const alerting = result.features.some(({ status }) => status === "alert");
  return sql`status = 'done', due_at = null, claimed_by = null, last_error = null, ended_at = now(),
    measured = ${measured}::boolean, alerting = ${alerting}::boolean,
    observed = ${observed}::bigint, late = 0, result = ${storableJsonText(result)}::json,
    unsettled = not ${settled}::boolean or w.window_end >= now()`;
}

/**
 * All parts of the statement see the states as they were before it, so the rows that are open are still known. What is
 * looked up is looked up by key, row by row: joined, the planner may read all alerts of all profiles for each window.
 */
async function storeAlerts(
  { profileId, windowEnd }: HeldRow,
  changes: readonly AlertChange[],
  db: Executor,
): Promise<void> {
  if (changes.length === 0) return;
  const text = storableJsonText(
    changes.map(({ key, entityName, state, action, alert }, position) => ({
      position,
      key,
      entity_name: entityName,
      state,
      action,
      alert,
    })),
  );
  await sql`
    with input as (
      select t.*, (
        select s.alert_id from scouter.alert_state s
        where s.profile_id = ${profileId} and s.key = t.key) as alert_id
      from json_to_recordset(${text}::json) as t (
        position integer, key text, entity_name text, state json, action text, alert json)
    ), opened as (
      insert into scouter.alert (profile_id, key, entity_name, alert, window_end, last_window_end)
      select ${profileId}, key, entity_name, alert, ${windowEnd}::timestamptz,
        ${windowEnd}::timestamptz
      from input where action = 'opened' order by position
      returning id, key
    ), ongoing as (
      update scouter.alert a set windows = a.windows + 1, updated_at = now(),
        last_window_end = ${windowEnd}::timestamptz
      where a.id = any (array(select alert_id from input where action = 'ongoing'))
    ), resolved as (
      update scouter.alert a set active = false, resolved_at = now(), updated_at = now()
      where a.id = any (array(select alert_id from input where action = 'resolved'))
    )
    insert into scouter.alert_state as s (profile_id, key, entity_name, state, alert_id)
    select ${profileId}, input.key, input.entity_name, input.state,
      case input.action when 'opened' then opened.id when 'resolved' then null
        else input.alert_id end
    from input left join opened on opened.key = input.key order by input.key
    on conflict (profile_id, key) do update set
      entity_name = excluded.entity_name, state = excluded.state, alert_id = excluded.alert_id
  `.execute(db);
}
