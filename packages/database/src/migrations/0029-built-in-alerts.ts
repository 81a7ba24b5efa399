import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/**
 * Which alerts of the server itself are open: one row a rule and profile, from the opening to the end of its alert. And
 * what their rules look for, so that looking costs little however long the ledger is.
 */
export const builtInAlerts: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table scouter.built_in_alert (
        rule text collate "C" not null,
        profile_id bigint not null references scouter.profile (id),
        alert_id bigint not null references scouter.alert (id),
        opened_at timestamptz not null default now(),
        primary key (rule, profile_id)
      )`.execute(db);
    await sql`create index drift_window_given_up on scouter.drift_window (ended_at)
      where status in ('failed', 'skipped')`.execute(db);
    await sql`create index alert_outbox_given_up on scouter.alert_outbox (ended_at)
      where status = 'failed'`.execute(db);
  },
};
