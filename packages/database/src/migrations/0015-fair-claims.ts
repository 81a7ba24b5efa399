import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/**
 * Due records are found profile by profile, so that one profile's backlog does not stand before the others, and a record
 * counts how often it was asked to be evaluated anew.
 */
export const fairClaims: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create index eval_record_due_of_profile
      on scouter.eval_record (profile_id, due_at, id) where due_at is not null`.execute(db);
    await sql`drop index scouter.eval_record_due`.execute(db);
    await sql`alter table scouter.eval_record
      add column revision integer not null default 0`.execute(db);
  },
};
