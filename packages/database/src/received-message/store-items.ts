import { isScouterError } from "@scouter/contracts";
import { sql } from "kysely";
import { isContention, translateError } from "../driver/translate-error.ts";
import type { EvalRecordToStore } from "../eval-record/eval-record-repository.ts";
import { recordBatchText, storeOutcomes, storeRecords } from "../eval-record/store-records.ts";
import type { Observation } from "../observation/observation-repository.ts";
import {
  insertObservations,
  observationBatchText,
  observationOutcomes,
} from "../observation/store-observations.ts";
import type { Executor } from "../session/session.ts";
import type { ItemOutcome, ReceivedItem, UnstorableItem } from "./message-repository.ts";

/** Stores items of both kinds, at most one statement each; observations last, as their time is that of the statement. */
export async function storeItems(
  items: readonly ReceivedItem[],
  db: Executor,
): Promise<readonly ItemOutcome[]> {
  const records: { readonly position: number; readonly item: EvalRecordToStore }[] = [];
  const observations: { readonly position: number; readonly item: Observation }[] = [];
  items.forEach((received, position) => {
    if (received.kind === "eval-record") records.push({ position, item: received.item });
    else observations.push({ position, item: received.item });
  });
  const outcomes: ItemOutcome[] = Array.from({ length: items.length });
  if (records.length > 0) {
    const rows = await storeRecords(recordBatchText(records.map(({ item }) => item)), db);
    const stored = storeOutcomes(records.length, rows);
    records.forEach(({ position }, i) => (outcomes[position] = stored[i] as ItemOutcome));
  }
  if (observations.length > 0) {
    const text = observationBatchText(observations.map(({ item }) => item));
    const stored = observationOutcomes(observations.length, await insertObservations(text, db));
    observations.forEach(({ position }, i) => (outcomes[position] = stored[i] as ItemOutcome));
  }
  return outcomes;
}

/**
 * Stores what can be stored: on an error the items are tried in halves, each under a savepoint of the transaction, until
 * the guilty ones stand alone. Throws what is not the items' fault.
 */
export async function storeItemsApart(
  items: readonly ReceivedItem[],
  db: Executor,
): Promise<readonly ItemOutcome[]> {
  if (items.length === 0) return [];
  await sql`savepoint items`.execute(db);
  try {
    const outcomes = await storeItems(items, db);
    await sql`release savepoint items`.execute(db);
    return outcomes;
  } catch (error) {
    const known = translateError(error);
    if (isContention(error) || known.retryable) throw error;
    await sql`rollback to savepoint items`.execute(db);
    if (items.length === 1) return [unstorable(known)];
    const middle = Math.ceil(items.length / 2);
    const left = await storeItemsApart(items.slice(0, middle), db);
    return [...left, ...(await storeItemsApart(items.slice(middle), db))];
  }
}

function unstorable(error: unknown): UnstorableItem {
  if (!isScouterError(error)) throw error;
  const { code, message, remedy } = error;
  return { code, message, ...(remedy === undefined ? {} : { remedy }) };
}
