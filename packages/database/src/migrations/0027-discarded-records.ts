import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** Records that were given up may be discarded; those that were not are counted profile by profile. */
export const discardedRecords: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`alter table scouter.eval_record add column discarded_at timestamptz`.execute(db);
    await sql`create index eval_record_given_up on scouter.eval_record (profile_id, id)
      where status = 'Failed' and discarded_at is null`.execute(db);
  },
};
