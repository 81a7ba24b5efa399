import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** How many payload tables take turns. */
const SLOTS = [0, 1, 2, 3] as const;

/**
 * The ingest log that several processes share: owners with their leases, digests, and entries in four tables that take
 * turns. A table whose entries are all released is truncated, which costs the same for any size and leaves nothing for
 * vacuum; deleting row by row made a log of a few megabytes grow to a hundred.
 */
export const ingestLog: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await owner(db);
    await digest(db);
    await entry(db);
  },
};

/** `holder` renews the lease: the owner itself, later the owner of the process that adopted it. */
async function owner(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table scouter.ingest_owner (
      owner uuid primary key,
      epoch bigint not null default 1,
      state text collate "C" not null default 'open' check (state in ('open', 'closed')),
      holder uuid not null,
      lease_until timestamptz not null,
      last_sequence bigint not null default 0,
      released_through bigint not null default 0
    ) with (fillfactor = 50)`.execute(db);
}

/** Narrow and apart from the entries: it outlives them by the time in which a sender may repeat itself. */
async function digest(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table scouter.ingest_digest (
      digest bytea primary key,
      owner uuid not null,
      sequence bigint not null,
      appended_at double precision not null,
      rejected text
    )`.execute(db);
  await sql`create index ingest_digest_appended
    on scouter.ingest_digest using brin (appended_at)`.execute(db);
}

async function entry(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table scouter.ingest_entry (
      slot smallint not null,
      owner uuid not null,
      sequence bigint not null,
      format text not null,
      received_at double precision not null,
      digest bytea not null,
      rejected text,
      payload bytea not null,
      primary key (owner, sequence, slot)
    ) partition by list (slot)`.execute(db);
  for (const slot of SLOTS) {
    const table = sql.table(`scouter.ingest_entry_${slot}`);
    await sql`create table ${table} partition of scouter.ingest_entry
      for values in (${sql.lit(slot)})`.execute(db);
    // The payload is compressed when it comes; trying again would only cost.
    await sql`alter table ${table} alter column payload set storage external`.execute(db);
  }
  await sql`create table scouter.ingest_rotation (slot smallint not null)`.execute(db);
  await sql`insert into scouter.ingest_rotation (slot) values (0)`.execute(db);
}
