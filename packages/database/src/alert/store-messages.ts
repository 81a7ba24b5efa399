import { sql } from "kysely";
import type { AlertMessageToSend } from "../drift-window/drift-window-repository.ts";
import type { Executor } from "../session/session.ts";
import { storableJsonText } from "../storable/storable-text.ts";
import { ALERT_OUTBOX_CHANNEL } from "./alert-outbox-repository.ts";

/** Puts messages into the outbox; one that is there already, by its key, stays as it is. */
export async function storeMessages(
  profileId: number,
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
