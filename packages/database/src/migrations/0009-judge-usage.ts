import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** What the judge of a task used, as the wire has it; null for every other kind of task. */
export const judgeUsage: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`alter table scouter.eval_task add column judge json`.execute(db);
  },
};
