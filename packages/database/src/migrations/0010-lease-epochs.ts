import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** Numbers that tell a later holder of a lease from an earlier one; a lease that was given back keeps its row for them. */
export const leaseEpochs: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`alter table scouter.lease add column epoch bigint not null default 0`.execute(db);
  },
};
