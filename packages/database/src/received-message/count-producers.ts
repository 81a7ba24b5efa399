import { sql } from "kysely";
import type { Executor } from "../session/session.ts";
import { storableJsonText, storableText } from "../storable/storable-text.ts";
import type { DeliveryReport, ItemOutcome, ReceivedMessage } from "./message-repository.ts";
import { MAX_PRODUCER_LENGTH, refusalsOf } from "./remember-messages.ts";

const MAX_SERVICE_LENGTH = 200;

interface ProducerCounts {
  readonly producer: string;
  service: string | null;
  messages: number;
  repeats: number;
  items: number;
  refused: number;
  first: number;
  last: number;
  report: Omit<DeliveryReport, "service"> | null;
  report_sequence: number | null;
}

/**
 * Adds a transaction's messages to what their producers have sent. The last statement of the transaction: a producer's
 * row is held until the commit, and whoever waits for it holds nothing that this transaction could still want. Rows are
 * taken in the order of their key, against deadlocks.
 */
export async function countProducers(
  messages: readonly ReceivedMessage[],
  outcomes: readonly (readonly ItemOutcome[])[],
  isRepeat: readonly boolean[],
  db: Executor,
): Promise<void> {
  const counts = countsByProducer(messages, outcomes, isRepeat);
  if (counts.length === 0) return;
  await sql`
    insert into scouter.producer as p
      (producer, service, messages, repeats, items, refused, first_sequence, last_sequence,
        report, report_sequence)
    select producer, service, messages, repeats, items, refused, first, last, report,
      report_sequence
    from json_to_recordset(${storableJsonText(counts)}::json) as t (
      producer text, service text, messages bigint, repeats bigint, items bigint, refused bigint,
      first bigint, last bigint, report json, report_sequence bigint)
    order by producer collate "C"
    on conflict (producer) do update set
      service = coalesce(excluded.service, p.service),
      last_seen = now(),
      messages = p.messages + excluded.messages,
      repeats = p.repeats + excluded.repeats,
      items = p.items + excluded.items,
      refused = p.refused + excluded.refused,
      first_sequence = least(p.first_sequence, excluded.first_sequence),
      last_sequence = greatest(p.last_sequence, excluded.last_sequence),
      report = case when excluded.report_sequence > coalesce(p.report_sequence, -1)
        then excluded.report else p.report end,
      report_sequence = greatest(p.report_sequence, excluded.report_sequence)`.execute(db);
}

function countsByProducer(
  messages: readonly ReceivedMessage[],
  outcomes: readonly (readonly ItemOutcome[])[],
  isRepeat: readonly boolean[],
): readonly ProducerCounts[] {
  const byProducer = new Map<string, ProducerCounts>();
  for (const [index, { identity, report, items }] of messages.entries()) {
    if (identity === undefined || identity.numberedBy === "broker") continue;
    const { sequence } = identity;
    const producer = storableText(identity.producer, MAX_PRODUCER_LENGTH);
    const counts = byProducer.get(producer) ?? emptyCounts(producer, sequence);
    byProducer.set(producer, counts);
    counts.first = Math.min(counts.first, sequence);
    counts.last = Math.max(counts.last, sequence);
    if (isRepeat[index] === true) {
      counts.repeats += 1;
      continue;
    }
    counts.messages += 1;
    counts.items += items.length;
    counts.refused += refusalsOf(outcomes[index] ?? []).length;
    if (report !== undefined && sequence > (counts.report_sequence ?? -1)) {
      const { service, ...numbers } = report;
      counts.report = numbers;
      counts.report_sequence = sequence;
      if (service !== undefined) counts.service = storableText(service, MAX_SERVICE_LENGTH);
    }
  }
  return [...byProducer.values()];
}

function emptyCounts(producer: string, sequence: number): ProducerCounts {
  return {
    producer,
    service: null,
    messages: 0,
    repeats: 0,
    items: 0,
    refused: 0,
    first: sequence,
    last: sequence,
    report: null,
    report_sequence: null,
  };
}
