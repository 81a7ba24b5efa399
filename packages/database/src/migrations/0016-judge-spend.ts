import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** What judges of a profile have spent and reserved on a day (UTC), in billionths of a US dollar: sums stay exact. */
export const judgeSpend: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table scouter.judge_spend (
        owner text collate "C" not null,
        day date not null,
        nano_usd bigint not null,
        primary key (owner, day)
      )`.execute(db);
  },
};
