import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/**
 * Profiles, agent records with their leases and results, tags, settings, dead letters.
 *
 * Values that users sent are `json`, not `jsonb`: the order of keys stays as sent, so a template renders the same text
 * online and offline.
 */
export const firstTables: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await profile(db);
    await evalRecord(db);
    await evalResults(db);
    await tag(db);
    await setting(db);
    await ingestDeadLetter(db);
  },
};

async function profile(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table scouter.profile (
      id bigint generated always as identity primary key,
      uid text collate "C" not null unique,
      space text collate "C" not null,
      name text collate "C" not null,
      version text collate "C" not null,
      drift_type text collate "C" not null,
      active boolean not null,
      profile json not null,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      unique (space, name, drift_type, version)
    )`.execute(db);
}

/**
 * `due_at` says when a record may be claimed: for a pending one its time, for a claimed one the end of its lease, null
 * when it is done. One partial index serves new records, retries and expired leases alike.
 */
async function evalRecord(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table scouter.eval_record (
      id bigint generated always as identity primary key,
      profile_id bigint not null references scouter.profile (id),
      uid text collate "C" not null,
      record_id text not null,
      session_id text not null,
      created_at timestamptz not null,
      received_at timestamptz not null default now(),
      updated_at timestamptz,
      context json not null,
      entity_type text not null,
      trace_id text collate "C",
      record_source text not null,
      tags json not null,
      status text collate "C" not null default 'Pending'
        check (status in ('Pending', 'Processing', 'Processed', 'Failed')),
      retry_count integer not null default 0,
      due_at timestamptz default now(),
      claimed_by text collate "C",
      fencing bigint not null default 0,
      last_error text,
      processing_started_at timestamptz,
      processing_ended_at timestamptz,
      processing_duration integer,
      unique (profile_id, uid)
    )`.execute(db);
  await sql`create index eval_record_due on scouter.eval_record (due_at, id)
    where due_at is not null`.execute(db);
  await sql`create index eval_record_claimed on scouter.eval_record (claimed_by)
    where claimed_by is not null`.execute(db);
  await sql`create index eval_record_page
    on scouter.eval_record (profile_id, created_at, id)`.execute(db);
  await sql`create index eval_record_uid on scouter.eval_record (uid)`.execute(db);
}

async function evalResults(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table scouter.eval_workflow (
      id bigint generated always as identity primary key,
      eval_record_id bigint not null unique references scouter.eval_record (id) on delete cascade,
      profile_id bigint not null references scouter.profile (id),
      created_at timestamptz not null,
      total_tasks integer not null,
      passed_tasks integer not null,
      failed_tasks integer not null,
      errored_tasks integer not null,
      skipped_tasks integer not null,
      pass_rate double precision not null,
      duration_ms bigint not null,
      execution_plan json not null
    )`.execute(db);
  await sql`create index eval_workflow_page
    on scouter.eval_workflow (profile_id, created_at, id)`.execute(db);
  await sql`
    create table scouter.eval_task (
      eval_record_id bigint not null references scouter.eval_record (id) on delete cascade,
      position integer not null,
      task_id text not null,
      created_at timestamptz not null,
      start_time timestamptz not null,
      end_time timestamptz not null,
      task_type text not null,
      passed boolean not null,
      value double precision not null,
      assertion json not null,
      operator text not null,
      expected json not null,
      actual json not null,
      message text not null,
      condition boolean not null,
      stage integer not null,
      outcome text not null,
      skipped_by text,
      error_code text,
      primary key (eval_record_id, position)
    )`.execute(db);
}

async function tag(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table scouter.tag (
      entity_type text collate "C" not null,
      entity_id text collate "C" not null,
      key text collate "C" not null,
      value text collate "C" not null,
      created_at timestamptz not null default now(),
      primary key (entity_type, entity_id, key, value)
    )`.execute(db);
  await sql`create index tag_value on scouter.tag (entity_type, key, value)`.execute(db);
}

async function setting(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table scouter.setting (
      key text collate "C" primary key,
      value text not null,
      updated_at timestamptz not null default now()
    )`.execute(db);
}

async function ingestDeadLetter(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table scouter.ingest_dead_letter (
      id bigint generated always as identity primary key,
      owner text collate "C" not null,
      sequence bigint not null,
      reason text not null,
      format text,
      payload bytea,
      created_at timestamptz not null default now(),
      unique (owner, sequence)
    )`.execute(db);
}
