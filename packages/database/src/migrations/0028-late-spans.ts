import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** A trace that names no entity is to be looked at too, once spans came after it was settled. */
export const lateSpans: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create index trace_activity_to_dispatch on scouter.trace_activity (updated_at)
      where revision > dispatched_revision and (entity_ids <> '{}' or revision > 1)`.execute(db);
    await sql`drop index scouter.trace_activity_undispatched`.execute(db);
  },
};
