import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** What each producer sent so far, and messages of brokers that could not be stored. */
export const delivery: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await producer(db);
    await parkedMessage(db);
  },
};

/**
 * Counts of `received_message` that outlive its rows. `forgotten_through` is the highest sequence whose row was forgotten:
 * gaps are looked for above it. `report` is the newest that the producer told of itself, sent with `report_sequence`.
 */
async function producer(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table scouter.producer (
      producer text collate "C" primary key,
      service text,
      first_seen timestamptz not null default now(),
      last_seen timestamptz not null default now(),
      messages bigint not null,
      repeats bigint not null,
      items bigint not null,
      refused bigint not null,
      first_sequence bigint not null,
      last_sequence bigint not null,
      forgotten_through bigint,
      report json,
      report_sequence bigint
    ) with (fillfactor = 50)`.execute(db);
  await sql`create index producer_seen on scouter.producer (last_seen, producer)`.execute(db);
}

async function parkedMessage(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table scouter.parked_message (
      id bigint generated always as identity primary key,
      broker text collate "C" not null,
      origin text not null,
      code text collate "C" not null,
      reason text not null,
      size_bytes integer not null,
      payload bytea,
      parked_at timestamptz not null default now()
    )`.execute(db);
}
