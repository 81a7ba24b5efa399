import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

const VALUES: Readonly<Record<string, string>> = {
  spc_observation: "value double precision not null",
  psi_observation: "bin_id integer not null, bin_count integer not null",
  custom_observation: "value double precision not null",
};

/**
 * The three tables of observations in parts, one for each day of `received_at` (UTC), and one for what has no day yet; and
 * which days moved to the archive. No extension: `ObservationDayRepository` makes the parts.
 */
export const observationDays: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const [name, values] of Object.entries(VALUES)) await divide(db, name, values);
    await sql`
      create table scouter.archived_day (
        series_table text collate "C" not null,
        day date not null,
        rows bigint not null,
        archived_at timestamptz not null default now(),
        primary key (series_table, day)
      )`.execute(db);
  },
};

async function divide(db: Kysely<unknown>, name: string, values: string): Promise<void> {
  const table = sql.table(`scouter.${name}`);
  const whole = sql.table(`scouter.${name}_whole`);
  await sql`alter table ${table} rename to ${sql.ref(`${name}_whole`)}`.execute(db);
  for (const time of ["received", "created"]) {
    await sql`drop index ${sql.table(`scouter.${name}_${time}`)}`.execute(db);
  }
  await sql`
    create table ${table} (
      profile_id bigint not null,
      series_id bigint not null,
      received_at timestamptz not null,
      created_at timestamptz not null,
      position integer not null,
      ${sql.raw(values)}
    ) partition by range (received_at)`.execute(db);
  for (const time of ["received", "created"]) {
    await sql`create index ${sql.ref(`${name}_${time}`)}
      on ${table} (profile_id, ${sql.ref(`${time}_at`)})`.execute(db);
  }
  await sql`create table ${sql.table(`scouter.${name}_other`)} partition of ${table} default`.execute(
    db,
  );
  // The days are cut out of the default part as those of rows that came unexpectedly are.
  await sql`insert into ${table} select * from ${whole}`.execute(db);
  await sql`drop table ${whole}`.execute(db);
}
