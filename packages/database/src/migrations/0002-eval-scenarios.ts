import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** Scenarios of offline evaluations, `json` as sent. */
export const evalScenarios: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table scouter.eval_scenario (
        collection_id text collate "C" not null,
        scenario_id text collate "C" not null,
        scenario json not null,
        position bigint not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (collection_id, scenario_id)
      )`.execute(db);
  },
};
