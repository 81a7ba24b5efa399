import { sql } from "kysely";
import { ALERT_OUTBOX_CHANNEL } from "../alert/alert-outbox-repository.ts";
import type { Executor } from "../session/session.ts";
import { storableJsonText } from "../storable/storable-text.ts";
import type { BuiltInAlertChange } from "./built-in-alert-repository.ts";

/**
 * All of it or nothing: an alert that somebody else opened meanwhile violates the key, and the next look sees it open.
 */
export async function settleBuiltInAlerts(
  changes: readonly BuiltInAlertChange[],
  db: Executor,
): Promise<number> {
  const { rows } = await sql<{ changed: number }>`
    with input as materialized (
      select t.*, p.id as profile_id from json_to_recordset(${changesText(changes)}::json) as t (
        position integer, action text, rule text, uid text, opened timestamptz, alert json,
        dedup_key text, message json)
      join scouter.profile p on p.uid = t.uid
    ), opened as (
      insert into scouter.alert
        (profile_id, key, entity_name, alert, created_at, window_end, last_window_end)
      select profile_id, rule, rule, alert, opened, opened, opened
      from input where action = 'opened' order by position
      returning id, profile_id, key
    ), kept as (
      insert into scouter.built_in_alert (rule, profile_id, alert_id, opened_at)
      select i.rule, i.profile_id, o.id, i.opened from opened o
        join input i on i.profile_id = o.profile_id and i.rule = o.key and i.action = 'opened'
      returning rule, profile_id
    ), ended as (
      delete from scouter.built_in_alert b using input i
      where i.action = 'resolved' and b.rule = i.rule and b.profile_id = i.profile_id
        and b.opened_at = i.opened
      returning b.rule, b.profile_id, b.alert_id
    ), resolved as (
      update scouter.alert a set active = false, resolved_at = now(), updated_at = now()
      from ended where a.id = ended.alert_id
    ), told as (
      insert into scouter.alert_outbox (profile_id, dedup_key, message)
      select i.profile_id, i.dedup_key, i.message from input i
      where i.dedup_key is not null and (i.rule, i.profile_id) in (
        select rule, profile_id from kept union all select rule, profile_id from ended)
      order by i.position
      on conflict (dedup_key) do nothing
      returning 1
    ), notified as (
      select pg_notify(${ALERT_OUTBOX_CHANNEL}, '') where exists (select from told)
    )
    select (select count(*) from kept) + (select count(*) from ended) as changed,
      (select count(*) from notified)`.execute(db);
  return rows[0]?.changed ?? 0;
}

function changesText(changes: readonly BuiltInAlertChange[]): string {
  return storableJsonText(
    changes.map(({ action, rule, profileUid, openedAtMs, alert, message }, position) => ({
      position,
      action,
      rule,
      uid: profileUid.toLowerCase(),
      opened: new Date(openedAtMs).toISOString(),
      alert,
      dedup_key: message?.dedupKey ?? null,
      message: message?.message ?? null,
    })),
  );
}
