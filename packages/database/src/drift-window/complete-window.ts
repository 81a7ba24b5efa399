import { sql } from "kysely";
import { ALERT_OUTBOX_CHANNEL } from "../alert/alert-outbox-repository.ts";
import type { Executor } from "../session/session.ts";
import { storableJsonText } from "../storable/storable-text.ts";
import type {
  AlertChange,
  AlertMessageToSend,
  WindowOutcome,
  WindowToComplete,
} from "./drift-window-repository.ts";

interface HeldRow {
  readonly position: number;
  readonly profileId: number;
  readonly windowEnd: string;
  readonly status: string;
}

/** Windows that change no alert, as most do not: one statement, whatever their number. */
export async function completeQuietWindows(
  windows: readonly WindowToComplete[],
  db: Executor,
): Promise<readonly WindowOutcome[]> {
  const { rows } = await sql<Pick<HeldRow, "position" | "status">>`
    with input as materialized (
      select * from json_to_recordset(${completionText(windows)}::json) as t (
        position integer, window_id bigint, fencing bigint, measured boolean, alerting boolean,
        observed bigint, settled boolean, result json)
    ), held as materialized (
      select w.id, w.status, i.* from input i
        join scouter.drift_window w on w.id = i.window_id and w.fencing = i.fencing
      order by w.id for update of w
    ), done as (
      update scouter.drift_window w set status = 'done', due_at = null, claimed_by = null,
        last_error = null, ended_at = now(), measured = held.measured, alerting = held.alerting,
        observed = held.observed, late = 0, result = held.result,
        unsettled = not held.settled or w.window_end >= now()
      from held where w.id = held.id and held.status = 'running'
      returning w.profile_id, w.window_end
    ), moved as (
      update scouter.drift_schedule s
      set computed_through = greatest(s.computed_through, done.window_end)
      from done where s.profile_id = done.profile_id
    )
    select position, status from held`.execute(db);
  const statuses = new Map(rows.map(({ position, status }) => [position, status]));
  return windows.map((_, position) => {
    const status = statuses.get(position);
    // A repeat after a lost reply is done, not stale.
    return status === "running" || status === "done" ? "done" : "stale";
  });
}

/** In a transaction: the locks on the windows' rows keep every other claim away until all of it is stored. */
export async function completeWindows(
  windows: readonly WindowToComplete[],
  db: Executor,
): Promise<readonly WindowOutcome[]> {
  const { rows } = await sql<HeldRow>`
    select i.position, w.profile_id as "profileId", w.window_end::text as "windowEnd", w.status
    from json_to_recordset(${claimText(windows)}::json) as i (
      position integer, window_id bigint, fencing bigint)
    join scouter.drift_window w on w.id = i.window_id and w.fencing = i.fencing
    order by w.id for update of w`.execute(db);
  const held = rows.filter(({ status }) => status === "running");
  const heldWith = <Item>(itemsOf: (window: WindowToComplete) => readonly Item[]) =>
    held.flatMap((row) =>
      itemsOf(windows[row.position] as WindowToComplete).map((item) => ({ row, item })),
    );
  await storeAlerts(
    heldWith(({ completion }) => completion.alerts),
    db,
  );
  await storeMessages(
    heldWith(({ completion }) => completion.messages),
    db,
  );
  return completeQuietWindows(windows, db);
}

function claimText(windows: readonly WindowToComplete[]): string {
  return JSON.stringify(
    windows.map(({ claim }, position) => ({
      position,
      window_id: claim.windowId,
      fencing: claim.fencing,
    })),
  );
}

function completionText(windows: readonly WindowToComplete[]): string {
  return storableJsonText(
    windows.map(({ claim, completion: { result, observed, settled } }, position) => ({
      position,
      window_id: claim.windowId,
      fencing: claim.fencing,
      measured: result.features.some(({ status }) => status === "ok" || status === "alert"),
      alerting: result.features.some(({ status }) => status === "alert"),
      observed,
      settled,
      result,
    })),
  );
}

interface Of<Item> {
  readonly row: HeldRow;
  readonly item: Item;
}

/**
 * All parts of the statement see the states as they were before it, so the rows that are open are still known. What is
 * looked up is looked up by key, row by row: joined, the planner may read all alerts of all profiles for each window.
 */
async function storeAlerts(changes: readonly Of<AlertChange>[], db: Executor): Promise<void> {
  if (changes.length === 0) return;
  const text = storableJsonText(
    changes.map(({ row, item: { key, entityName, state, action, alert } }, position) => ({
      position,
      profile_id: row.profileId,
      window_end: row.windowEnd,
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
        where s.profile_id = t.profile_id and s.key = t.key) as alert_id
      from json_to_recordset(${text}::json) as t (
        position integer, profile_id bigint, window_end timestamptz, key text, entity_name text,
        state json, action text, alert json)
    ), opened as (
      insert into scouter.alert (profile_id, key, entity_name, alert, window_end, last_window_end)
      select profile_id, key, entity_name, alert, window_end, window_end
      from input where action = 'opened' order by position
      returning id, profile_id, key
    ), ongoing as (
      update scouter.alert a set windows = a.windows + 1, updated_at = now(),
        last_window_end = i.window_end
      from input i where i.action = 'ongoing' and a.id = i.alert_id
    ), resolved as (
      update scouter.alert a set active = false, resolved_at = now(), updated_at = now()
      where a.id = any (array(select alert_id from input where action = 'resolved'))
    )
    insert into scouter.alert_state as s (profile_id, key, entity_name, state, alert_id)
    select input.profile_id, input.key, input.entity_name, input.state,
      case input.action when 'opened' then opened.id when 'resolved' then null
        else input.alert_id end
    from input left join opened
      on opened.profile_id = input.profile_id and opened.key = input.key
    order by input.profile_id, input.key
    on conflict (profile_id, key) do update set
      entity_name = excluded.entity_name, state = excluded.state, alert_id = excluded.alert_id
  `.execute(db);
}

async function storeMessages(
  messages: readonly Of<AlertMessageToSend>[],
  db: Executor,
): Promise<void> {
  if (messages.length === 0) return;
  const text = storableJsonText(
    messages.map(({ row, item: { dedupKey, message } }) => ({
      profile_id: row.profileId,
      dedup_key: dedupKey,
      message,
    })),
  );
  await sql`
    with inserted as (
      insert into scouter.alert_outbox (profile_id, dedup_key, message)
      select profile_id, dedup_key, message
      from json_to_recordset(${text}::json) as t (
        profile_id bigint, dedup_key text, message json)
      on conflict (dedup_key) do nothing
      returning 1
    )
    select pg_notify(${ALERT_OUTBOX_CHANNEL}, '') where exists (select from inserted)`.execute(db);
}
