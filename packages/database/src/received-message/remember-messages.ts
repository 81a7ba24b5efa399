import { sql } from "kysely";
import type { Executor } from "../session/session.ts";
import { storableJsonText, storableText } from "../storable/storable-text.ts";
import type { ItemOutcome, MessageIdentity, ReceivedMessage } from "./message-repository.ts";

export const MAX_PRODUCER_LENGTH = 200;

/** What a remembered message's items met: those that were not stored, by position. */
export type Refusals = readonly (readonly [position: number, outcome: ItemOutcome])[];

interface IdentityRow {
  readonly producer: string;
  readonly sequence: number;
  readonly repeats: number;
  readonly refusals: Refusals | null;
}

export function identityKey({ producer, sequence }: MessageIdentity): string {
  return `${sequence}/${storableText(producer, MAX_PRODUCER_LENGTH)}`;
}

/**
 * Remembers identities and tells those that were known: their refusals by `identityKey`. A message of which another
 * transaction is storing the first copy waits for that one's end. Inserted in the order of the key, against deadlocks.
 */
export async function rememberMessages(
  messages: readonly ReceivedMessage[],
  db: Executor,
): Promise<ReadonlyMap<string, Refusals>> {
  const input = messages.flatMap(({ identity, items }) =>
    identity === undefined
      ? []
      : [
          {
            sequence: identity.sequence,
            producer: storableText(identity.producer, MAX_PRODUCER_LENGTH),
            items: items.length,
          },
        ],
  );
  if (input.length === 0) return new Map();
  const { rows } = await sql<IdentityRow>`
    insert into scouter.received_message as m (producer, sequence, items)
    select distinct on (producer, sequence) producer, sequence, items
    from json_to_recordset(${storableJsonText(input)}::json)
      as t (producer text, sequence bigint, items integer)
    order by producer, sequence
    on conflict (producer, sequence) do update set repeats = m.repeats + 1
    returning m.producer, m.sequence, m.repeats, m.refusals`.execute(db);
  const known = rows.filter((row) => row.repeats > 0);
  return new Map(known.map((row) => [identityKey(row), row.refusals ?? []]));
}

export async function rememberRefusals(
  { identity, outcomes }: { identity: MessageIdentity; outcomes: readonly ItemOutcome[] },
  db: Executor,
): Promise<void> {
  const refusals = refusalsOf(outcomes);
  if (refusals.length === 0) return;
  await sql`
    update scouter.received_message set refusals = ${storableJsonText(refusals)}::json
    where producer = ${storableText(identity.producer, MAX_PRODUCER_LENGTH)}
      and sequence = ${identity.sequence}`.execute(db);
}

export function refusalsOf(outcomes: readonly ItemOutcome[]): Refusals {
  const isStored = (outcome: ItemOutcome) => outcome === "stored" || outcome === "duplicate";
  return [...outcomes.entries()].filter(([, outcome]) => !isStored(outcome));
}

/** What the items of a repeat are told: stored ones are repeats now. */
export function repeatedOutcomes(size: number, refusals: Refusals): readonly ItemOutcome[] {
  const outcomes: ItemOutcome[] = Array.from({ length: size }, () => "duplicate");
  for (const [position, outcome] of refusals) {
    if (position < size) outcomes[position] = outcome;
  }
  return outcomes;
}

export async function forgetMessages(olderThanMs: number, db: Executor): Promise<number> {
  const age = sql`now() - make_interval(secs => ${olderThanMs / 1000}::float8)`;
  const { rows } = await sql<{ forgotten: string | number | null }>`
    with gone as (
      delete from scouter.received_message where received_at < ${age} returning producer, sequence
    ), highest as (
      select producer, max(sequence) as sequence, count(*) as messages from gone group by producer
    ), marked as (
      update scouter.producer p
      set forgotten_through = greatest(p.forgotten_through, highest.sequence)
      from highest where highest.producer = p.producer
    )
    select sum(messages) as forgotten from highest`.execute(db);
  await sql`delete from scouter.producer where last_seen < ${age}`.execute(db);
  return Number(rows[0]?.forgotten ?? 0);
}
