import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/**
 * Offline runs as they were sent, with what lists show of them beside, and the names under which some are baselines.
 * `digest` tells a run that is sent again from another one with the same id.
 */
export const evalRuns: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table scouter.eval_run (
        id bigint generated always as identity primary key,
        space text collate "C" not null,
        run_id text collate "C" not null,
        suite text collate "C" not null,
        created_at timestamptz not null,
        received_at timestamptz not null default now(),
        digest text not null,
        summary json not null,
        document json not null,
        unique (space, run_id)
      )`.execute(db);
    await sql`create index eval_run_newest on scouter.eval_run (created_at desc, id desc)`.execute(
      db,
    );
    await sql`
      create table scouter.eval_baseline (
        id bigint generated always as identity primary key,
        space text collate "C" not null,
        name text collate "C" not null,
        run_id bigint not null references scouter.eval_run (id),
        promoted_at timestamptz not null default now(),
        promoted_by text not null,
        unique (space, name)
      )`.execute(db);
  },
};
