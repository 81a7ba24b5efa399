import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/**
 * Observations of models, and which messages of which producer arrived.
 *
 * The three tables of observations have neither a key nor a foreign key: rows of one time are one partition, as soon as
 * they are partitioned by the day of `received_at`, and a day then goes by dropping its table. Both times have an index
 * behind the profile: windows are cut by `received_at`, charts by `created_at`.
 */
export const observations: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await observedSeries(db);
    await observationTable(db, "spc_observation", "value double precision not null");
    await observationTable(
      db,
      "psi_observation",
      "bin_id integer not null, bin_count integer not null",
    );
    await observationTable(db, "custom_observation", "value double precision not null");
    await receivedMessage(db);
    await timeOfEvaluation(db);
  },
};

/** The features and metrics that a profile names. `in_profile` turns false when a later body of it leaves one out. */
async function observedSeries(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table scouter.observed_series (
      id bigint generated always as identity primary key,
      profile_id bigint not null references scouter.profile (id),
      name text collate "C" not null,
      in_profile boolean not null default true,
      unique (profile_id, name)
    )`.execute(db);
}

/** `position` orders the rows of one batch, which share their `received_at`. */
async function observationTable(db: Kysely<unknown>, name: string, values: string): Promise<void> {
  await sql`
    create table ${sql.table(`scouter.${name}`)} (
      profile_id bigint not null,
      series_id bigint not null,
      received_at timestamptz not null,
      created_at timestamptz not null,
      position integer not null,
      ${sql.raw(values)}
    )`.execute(db);
  for (const time of ["received", "created"]) {
    await sql`create index ${sql.ref(`${name}_${time}`)}
      on ${sql.table(`scouter.${name}`)} (profile_id, ${sql.ref(`${time}_at`)})`.execute(db);
  }
}

/** `refusals`: `[[position, outcome], ...]` of the items that were not stored; null when all were. */
async function receivedMessage(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table scouter.received_message (
      producer text collate "C" not null,
      sequence bigint not null,
      received_at timestamptz not null default now(),
      items integer not null,
      refusals json,
      repeats integer not null default 0,
      primary key (producer, sequence)
    )`.execute(db);
  await sql`create index received_message_age on scouter.received_message (received_at)`.execute(
    db,
  );
}

/** Windows need the database's clock: `created_at` of a result is the clock of the process that evaluated. */
async function timeOfEvaluation(db: Kysely<unknown>): Promise<void> {
  await sql`alter table scouter.eval_workflow add column stored_at timestamptz`.execute(db);
  await sql`update scouter.eval_workflow set stored_at = created_at`.execute(db);
  await sql`alter table scouter.eval_workflow
    alter column stored_at set default now(), alter column stored_at set not null`.execute(db);
  await sql`create index eval_workflow_stored
    on scouter.eval_workflow (profile_id, stored_at)`.execute(db);
}
