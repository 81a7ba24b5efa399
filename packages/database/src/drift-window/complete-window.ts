import { sql } from "kysely";
import { ALERT_OUTBOX_CHANNEL } from "../alert/alert-outbox-repository.ts";
import type { Executor } from "../session/session.ts";
import { storableJsonText } from "../storable/storable-text.ts";
import type {
  AlertChange,
  AlertMessageToSend,
  WindowClaim,
  WindowCompletion,
  WindowOutcome,
} from "./drift-window-repository.ts";

interface HeldRow {
  readonly profileId: number;
  readonly windowEnd: string;
  readonly status: string;
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
  // A repeat after a lost reply is done, not stale.
  if (held?.status === "done") return "done";
  if (held?.status !== "running") return "stale";
  await storeAlerts(held, completion.alerts, db);
  await storeMessages(held, completion.messages, db);
  const measured = completion.result.features.some(
    ({ status }) => status === "ok" || status === "alert",
  );
  const alerting = completion.result.features.some(({ status }) => status === "alert");
  await sql`
    update scouter.drift_window set status = 'done', due_at = null, claimed_by = null,
      measured = ${measured}::boolean, alerting = ${alerting}::boolean,
      observed = ${completion.observed}::bigint, late = 0,
      last_error = null, ended_at = now(), result = ${storableJsonText(completion.result)}::json
    where id = ${claim.windowId}`.execute(db);
  await sql`
    update scouter.drift_schedule
    set computed_through = greatest(computed_through, ${held.windowEnd}::timestamptz)
    where profile_id = ${held.profileId}`.execute(db);
  return "done";
}

/** All parts of the statement see the states as they were before it, so the rows that are open are still known. */
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
      select t.*, s.alert_id
      from json_to_recordset(${text}::json) as t (
        position integer, key text, entity_name text, state json, action text, alert json)
      left join scouter.alert_state s on s.profile_id = ${profileId} and s.key = t.key
    ), opened as (
      insert into scouter.alert (profile_id, key, entity_name, alert, window_end, last_window_end)
      select ${profileId}, key, entity_name, alert, ${windowEnd}::timestamptz,
        ${windowEnd}::timestamptz
      from input where action = 'opened' order by position
      returning id, key
    ), ongoing as (
      update scouter.alert a set windows = a.windows + 1, updated_at = now(),
        last_window_end = ${windowEnd}::timestamptz
      from input where input.action = 'ongoing' and a.id = input.alert_id
    ), resolved as (
      update scouter.alert a set active = false, resolved_at = now(), updated_at = now()
      from input where input.action = 'resolved' and a.id = input.alert_id
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

async function storeMessages(
  { profileId }: HeldRow,
  messages: readonly AlertMessageToSend[],
  db: Executor,
): Promise<void> {
  if (messages.length === 0) return;
  const text = storableJsonText(
    messages.map(({ dedupKey, message }) => ({ dedup_key: dedupKey, message })),
  );
  await sql`
    with inserted as (
      insert into scouter.alert_outbox (profile_id, dedup_key, message)
      select ${profileId}, dedup_key, message
      from json_to_recordset(${text}::json) as t (dedup_key text, message json)
      on conflict (dedup_key) do nothing
      returning 1
    )
    select pg_notify(${ALERT_OUTBOX_CHANNEL}, '') where exists (select from inserted)`.execute(db);
}
