import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** How many observations a window's result counts, and how many of its window appeared only after it was computed. */
export const lateObservations: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`alter table scouter.drift_window
      add column observed bigint, add column late bigint not null default 0`.execute(db);
  },
};
