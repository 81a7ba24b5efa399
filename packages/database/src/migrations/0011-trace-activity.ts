import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** Traces that somebody waits for, one row each; gone when nothing happened to it for long. */
export const traceActivity: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table scouter.trace_activity (
        trace_id text collate "C" primary key,
        state text collate "C" not null default 'awaited'
          check (state in ('awaited', 'open', 'complete', 'cut')),
        revision integer not null default 0,
        dispatched_revision integer not null default 0,
        span_count bigint not null default 0,
        root_ended boolean not null default false,
        entity_ids text[] not null default '{}',
        queue_ids text[] not null default '{}',
        queued_entity_ids text[] not null default '{}',
        opened_at timestamptz,
        last_seen_at timestamptz,
        updated_at timestamptz not null default now()
      )`.execute(db);
    await sql`create index trace_activity_open on scouter.trace_activity (last_seen_at)
      where state = 'open'`.execute(db);
    await sql`create index trace_activity_undispatched on scouter.trace_activity (updated_at)
      where revision > dispatched_revision and entity_ids <> '{}'`.execute(db);
    await sql`create index trace_activity_queue on scouter.trace_activity using gin (queue_ids)`.execute(
      db,
    );
    await sql`create index trace_activity_age on scouter.trace_activity (updated_at)`.execute(db);
  },
};
