import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** Baggage that spans carried, each entry of a trace once. A value may be longer than an index takes: its hash is there. */
export const traceBaggage: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table scouter.trace_baggage (
        id bigint generated always as identity primary key,
        trace_id text collate "C" not null,
        scope text not null,
        key text not null,
        value text not null,
        digest text not null,
        created_at timestamptz not null,
        unique (trace_id, digest)
      )`.execute(db);
    await sql`create index trace_baggage_age on scouter.trace_baggage (created_at)`.execute(db);
  },
};
