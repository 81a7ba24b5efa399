import { sql } from "kysely";
import type { Executor } from "../session/session.ts";
import { storableTime } from "../session/time.ts";
import { storableJsonText } from "../storable/storable-text.ts";
import {
  EVAL_RECORDS_CHANNEL,
  type EvalRecordToStore,
  type StoreOutcome,
} from "./eval-record-repository.ts";
import { recordInput } from "./record-columns.ts";

/** One row per record with a known profile, and one without position per record that was inserted. */
interface StoreRow {
  readonly position: number | null;
  readonly profile_id: number;
  readonly uid: string;
}

/** The rows of a batch as one JSON text: one parameter whatever the size, so one statement text for all batches. */
export function recordBatchText(batch: readonly EvalRecordToStore[]): string {
  const rows = batch.map(({ record, source }, position) =>
    recordInput(record, { position, source, time: storableTime }),
  );
  return storableJsonText(rows);
}

/**
 * One statement, hence one transaction and one round trip: finds the profiles, inserts what is new, and notifies once.
 * Rows are inserted in the order of their key, so that two batches that share uids wait instead of deadlocking.
 */
export async function storeRecords(text: string, db: Executor): Promise<readonly StoreRow[]> {
  const { rows } = await sql<StoreRow>`
    with input as (
      select * from json_to_recordset(${text}::json) as t (
        position integer, profile_uid text, uid text, record_id text, session_id text,
        created_at timestamptz, context json, entity_type text, trace_id text,
        record_source text, tags json)
    ), known as (
      select input.*, p.id as profile_id
      from input join scouter.profile p
        on p.uid = input.profile_uid and p.drift_type = 'Agent'
      order by input.position
    ), inserted as (
      insert into scouter.eval_record (profile_id, uid, record_id, session_id, created_at, context,
        entity_type, trace_id, record_source, tags)
      select distinct on (profile_id, uid) profile_id, uid, record_id, session_id, created_at,
        coalesce(context, 'null'), entity_type, trace_id, record_source, tags
      from known order by profile_id, uid, position
      on conflict (profile_id, uid) do nothing
      returning profile_id, uid
    ), notified as (
      select pg_notify(${EVAL_RECORDS_CHANNEL}, '') as sent where exists (select from inserted)
    )
    select position, profile_id, uid from known
    union all select null, profile_id, uid from inserted
    union all select null, 0, sent::text from notified`.execute(db);
  return rows;
}

/**
 * Of the records with one key the first is the stored one, if any was; the others repeat it. Matched here, because the
 * database would compare every known row with every inserted one (it knows no sizes).
 */
export function storeOutcomes(size: number, rows: readonly StoreRow[]): readonly StoreOutcome[] {
  const outcomes: StoreOutcome[] = Array.from({ length: size }, () => "unknown-profile");
  const inserted = new Set(rows.filter((row) => row.position === null).map(keyOf));
  for (const row of rows) {
    if (row.position === null) continue;
    outcomes[row.position] = inserted.delete(keyOf(row)) ? "stored" : "duplicate";
  }
  return outcomes;
}

function keyOf(row: StoreRow): string {
  return `${row.profile_id}/${row.uid}`;
}
