import { sql } from "kysely";
import { checkedLimit } from "../session/limit.ts";
import type { Executor, Session } from "../session/session.ts";
import { timeText } from "../session/time.ts";
import type {
  ProducerAccount,
  ProducerPage,
  ProducerRepository,
  ReportedItems,
  SequenceRange,
  ServiceAccount,
} from "./producer-repository.ts";

const MAX_RANGES = 100;

/** Numbers arrive as text where they are 64 bits wide. */
type Int8 = string | number;

interface ProducerRow {
  readonly producer: string;
  readonly service: string | null;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly messages: Int8;
  readonly repeats: Int8;
  readonly items: Int8;
  readonly refused: Int8;
  readonly firstSequence: Int8;
  readonly lastSequence: Int8;
  readonly forgottenThrough: Int8 | null;
  readonly report: ReportedItems | null;
  readonly reportSequence: Int8 | null;
}

export class SqlProducerRepository implements ProducerRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async list({ limit, service, after }: ProducerPage): Promise<readonly ProducerAccount[]> {
    const ofService = service === undefined ? sql`true` : sql`service = ${service}`;
    const older =
      after === undefined
        ? sql`true`
        : sql`(last_seen, producer) < (${after.lastSeen}::timestamptz, ${after.producer})`;
    return this.#session.run(async (db) => {
      const { rows } = await sql<ProducerRow>`
        select producer, service, ${timeText("first_seen")} as "firstSeen",
          ${timeText("last_seen")} as "lastSeen", messages, repeats, items, refused,
          first_sequence as "firstSequence", last_sequence as "lastSequence",
          forgotten_through as "forgottenThrough", report, report_sequence as "reportSequence"
        from scouter.producer where ${ofService} and ${older}
        order by last_seen desc, producer desc limit ${checkedLimit(limit)}`.execute(db);
      return Promise.all(rows.map((row) => accountOf(row, db)));
    });
  }

  async services(): Promise<readonly ServiceAccount[]> {
    const reported = (field: keyof ReportedItems) =>
      sql`coalesce(sum((report ->> ${field})::bigint), 0)`;
    const { rows } = await this.#session.run((db) =>
      sql<Readonly<Record<string, Int8>> & { service: string | null; lastSeen: string }>`
        select *, ${timeText("last_seen")} as "lastSeen" from (
          select service, count(*) as producers, sum(messages) as messages,
            sum(repeats) as repeats, sum(items - refused) as committed, sum(refused) as refused,
            max(last_seen) as last_seen,
            ${reported("offered")} as offered, ${reported("sampledOut")} as "sampledOut",
            ${reported("droppedFull")} as "droppedFull",
            ${reported("droppedInvalid")} as "droppedInvalid",
            ${reported("droppedClosed")} as "droppedClosed"
          from scouter.producer group by service
        ) as of_service order by service nulls last`.execute(db),
    );
    return rows.map(({ service, lastSeen, ...counts }) => {
      const number = (name: string) => Number(counts[name] ?? 0);
      return {
        service,
        lastSeen,
        producers: number("producers"),
        messages: number("messages"),
        repeats: number("repeats"),
        committed: number("committed"),
        refused: number("refused"),
        report: {
          offered: number("offered"),
          sampledOut: number("sampledOut"),
          droppedFull: number("droppedFull"),
          droppedInvalid: number("droppedInvalid"),
          droppedClosed: number("droppedClosed"),
        },
      };
    });
  }
}

async function accountOf(row: ProducerRow, db: Executor): Promise<ProducerAccount> {
  const { producer, service, firstSeen, lastSeen, report } = row;
  const lastSequence = Number(row.lastSequence);
  const gaps = await gapsOf(row, db);
  return {
    producer,
    service,
    firstSeen,
    lastSeen,
    messages: Number(row.messages),
    repeats: Number(row.repeats),
    committed: Number(row.items) - Number(row.refused),
    refused: Number(row.refused),
    lastSequence,
    missing: { messages: gaps.missing, ranges: gaps.ranges },
    completeThrough:
      gaps.missing === 0 ? { sequence: lastSequence, at: lastSeen } : gaps.completeThrough,
    report: report === null ? null : { ...report, asOfSequence: Number(row.reportSequence) },
  };
}

interface Gaps {
  readonly missing: number;
  readonly ranges: readonly SequenceRange[];
  readonly completeThrough: ProducerAccount["completeThrough"];
}

/** Senders number from 1, some from 0; rows up to `forgotten_through` are gone. */
async function gapsOf(row: ProducerRow, db: Executor): Promise<Gaps> {
  const first = Math.min(1, Number(row.firstSequence));
  const forgotten = row.forgottenThrough === null ? undefined : Number(row.forgottenThrough);
  const numbers = Number(row.lastSequence) - first + 1;
  if (forgotten === undefined && numbers === Number(row.messages)) {
    return { missing: 0, ranges: [], completeThrough: null };
  }
  const above = forgotten ?? first - 1;
  const { rows } = await sql<{ first: Int8; last: Int8; missing: Int8 }>`
    with arrived as (
      select sequence,
        coalesce(lag(sequence) over (order by sequence), ${above}::bigint) as previous
      from scouter.received_message where producer = ${row.producer} and sequence > ${above}
    )
    select previous + 1 as first, sequence - 1 as last,
      sum(sequence - previous - 1) over () as missing
    from arrived where sequence > previous + 1
    order by first limit ${MAX_RANGES}`.execute(db);
  const ranges = rows.map(({ first: from, last }): SequenceRange => [Number(from), Number(last)]);
  const firstGap = ranges[0]?.[0];
  return {
    missing: Number(rows[0]?.missing ?? 0),
    ranges,
    completeThrough:
      firstGap === undefined ? null : await completeThrough(row.producer, firstGap - 1, db),
  };
}

async function completeThrough(
  producer: string,
  sequence: number,
  db: Executor,
): Promise<ProducerAccount["completeThrough"]> {
  const { rows } = await sql<{ at: string }>`
    select ${timeText("received_at")} as at from scouter.received_message
    where producer = ${producer} and sequence = ${sequence}`.execute(db);
  return rows[0] === undefined ? null : { sequence, at: rows[0].at };
}
