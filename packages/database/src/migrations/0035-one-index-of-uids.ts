import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/**
 * Records are found by uid, and are unique by uid and profile: one index does both. Every index costs each record two more
 * entries on its way through an evaluation, and entries of random uids are the dearest.
 */
export const oneIndexOfUids: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`alter table scouter.eval_record
      add constraint eval_record_uid_of_profile unique (uid, profile_id)`.execute(db);
    await sql`alter table scouter.eval_record
      drop constraint eval_record_profile_id_uid_key`.execute(db);
    await sql`drop index scouter.eval_record_uid`.execute(db);
  },
};
