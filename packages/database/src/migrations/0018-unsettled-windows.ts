import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** Windows that rows may still appear in after they were computed; hardly ever any. */
export const unsettledWindows: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`alter table scouter.drift_window
      add column unsettled boolean not null default false`.execute(db);
    await sql`create index drift_window_unsettled on scouter.drift_window (window_end)
      where unsettled`.execute(db);
  },
};
