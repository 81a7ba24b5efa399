import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** Schedules, the ledger of windows, alerts with their states, the outbox with its delivery log, leases by name. */
export const driftWindows: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await lease(db);
    await schedule(db);
    await window(db);
    await alert(db);
    await outbox(db);
  },
};

async function lease(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table scouter.lease (
      name text collate "C" primary key,
      holder text collate "C" not null,
      expires_at timestamptz not null
    )`.execute(db);
}

/**
 * How far a profile's windows are planned. `next_plan_at` is null when the schedule ended or cannot be read; `seen_at` is
 * the profile's `updated_at` that the row was made from, so that a changed profile is planned anew.
 */
async function schedule(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table scouter.drift_schedule (
      profile_id bigint primary key references scouter.profile (id),
      planned_through timestamptz not null,
      computed_through timestamptz,
      next_plan_at timestamptz,
      seen_at timestamptz not null,
      paused boolean not null default false,
      error text,
      updated_at timestamptz not null default now()
    )`.execute(db);
}

/** `due_at` says when a window may be claimed, as for records: its time, or the end of its lease; null when it ended. `measured`: some feature had enough data. */
async function window(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table scouter.drift_window (
      id bigint generated always as identity primary key,
      profile_id bigint not null references scouter.profile (id),
      window_start timestamptz not null,
      window_end timestamptz not null,
      status text collate "C" not null default 'due'
        check (status in ('due', 'running', 'done', 'failed', 'skipped')),
      due_at timestamptz default now(),
      attempts integer not null default 0,
      claimed_by text collate "C",
      fencing bigint not null default 0,
      last_error text,
      result json,
      measured boolean not null default false,
      revised integer not null default 0,
      skipped_windows bigint not null default 0,
      started_at timestamptz,
      ended_at timestamptz,
      created_at timestamptz not null default now(),
      unique (profile_id, window_end)
    )`.execute(db);
  await sql`create index drift_window_due on scouter.drift_window (due_at, window_end)
    where due_at is not null`.execute(db);
  await sql`create index drift_window_open on scouter.drift_window (profile_id, window_end)
    where due_at is not null`.execute(db);
  await sql`create index drift_window_measured on scouter.drift_window (profile_id, window_end)
    where measured`.execute(db);
  await sql`create index drift_window_claimed on scouter.drift_window (claimed_by)
    where claimed_by is not null`.execute(db);
}

/** `state` is what the lifecycle remembers of one alert; `alert_id` the row of the alert that is open. */
async function alert(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table scouter.alert (
      id bigint generated always as identity primary key,
      profile_id bigint not null references scouter.profile (id),
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      key text collate "C" not null,
      entity_name text not null,
      alert json not null,
      active boolean not null default true,
      window_end timestamptz not null,
      last_window_end timestamptz not null,
      windows integer not null default 1,
      resolved_at timestamptz
    )`.execute(db);
  await sql`create index alert_page on scouter.alert (profile_id, created_at, id)`.execute(db);
  await sql`create index alert_active on scouter.alert (profile_id) where active`.execute(db);
  await sql`
    create table scouter.alert_state (
      profile_id bigint not null references scouter.profile (id),
      key text collate "C" not null,
      entity_name text not null,
      state json not null,
      alert_id bigint references scouter.alert (id),
      primary key (profile_id, key)
    )`.execute(db);
}

async function outbox(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table scouter.alert_outbox (
      id bigint generated always as identity primary key,
      profile_id bigint not null references scouter.profile (id),
      dedup_key text collate "C" not null unique,
      message json not null,
      status text collate "C" not null default 'pending'
        check (status in ('pending', 'sending', 'delivered', 'failed')),
      due_at timestamptz default now(),
      attempts integer not null default 0,
      claimed_by text collate "C",
      fencing bigint not null default 0,
      last_error text,
      created_at timestamptz not null default now(),
      ended_at timestamptz
    )`.execute(db);
  await sql`create index alert_outbox_due on scouter.alert_outbox (due_at, id)
    where due_at is not null`.execute(db);
  await sql`create index alert_outbox_claimed on scouter.alert_outbox (claimed_by)
    where claimed_by is not null`.execute(db);
  await sql`
    create table scouter.alert_delivery (
      id bigint generated always as identity primary key,
      outbox_id bigint not null references scouter.alert_outbox (id) on delete cascade,
      at timestamptz not null default now(),
      channel text not null,
      outcome text collate "C" not null check (outcome in ('delivered', 'failed')),
      detail text
    )`.execute(db);
  await sql`create index alert_delivery_outbox on scouter.alert_delivery (outbox_id, id)`.execute(
    db,
  );
}
