import { sql } from "kysely";
import { checkedLimit } from "../session/limit.ts";
import type { Session } from "../session/session.ts";
import { timeText } from "../session/time.ts";
import { storableText } from "../storable/storable-text.ts";
import type {
  IngestDeadLetter,
  IngestDeadLetterRepository,
  NewIngestDeadLetter,
} from "./ingest-dead-letter-repository.ts";

const MAX_REASON_LENGTH = 8_000;

/** Payloads travel as base64 text: PGlite takes a bytea parameter five times slower. */
export class SqlIngestDeadLetterRepository implements IngestDeadLetterRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async add(letter: NewIngestDeadLetter): Promise<void> {
    const payload =
      letter.payload === undefined ? null : Buffer.from(letter.payload).toString("base64");
    const reason = storableText(letter.reason, MAX_REASON_LENGTH);
    await this.#session.run((db) =>
      sql`
        insert into scouter.ingest_dead_letter (owner, sequence, reason, format, payload)
        values (${letter.owner}, ${letter.sequence}, ${reason}, ${letter.format ?? null},
          decode(${payload}::text, 'base64'))
        on conflict (owner, sequence) do nothing`.execute(db),
    );
  }

  async list(page: {
    readonly limit: number;
    readonly before?: number | undefined;
  }): Promise<readonly IngestDeadLetter[]> {
    const limit = checkedLimit(page.limit);
    const before = page.before === undefined ? sql`` : sql`where id < ${page.before}`;
    const { rows } = await this.#session.run((db) =>
      sql<IngestDeadLetter>`
        select id, owner, sequence, reason, format,
          coalesce(length(payload), 0) as "payloadBytes", ${timeText("created_at")} as "createdAt"
        from scouter.ingest_dead_letter ${before} order by id desc limit ${limit}`.execute(db),
    );
    return rows;
  }

  async payload(id: number): Promise<Uint8Array | undefined> {
    const { rows } = await this.#session.run((db) =>
      sql<{ payload: string | null }>`
        select encode(payload, 'base64') as payload
        from scouter.ingest_dead_letter where id = ${id}`.execute(db),
    );
    const text = rows[0]?.payload ?? undefined;
    return text === undefined ? undefined : new Uint8Array(Buffer.from(text, "base64"));
  }

  async count(): Promise<number> {
    const row = await this.#session.run((db) =>
      db
        .withSchema("scouter")
        .selectFrom("ingest_dead_letter")
        .select((select) => select.fn.countAll<number>().as("count"))
        .executeTakeFirstOrThrow(),
    );
    return row.count;
  }
}
