import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/**
 * Dead letters are counted profile by profile, may be discarded, and have one open alert for each profile and source. The
 * alert is remembered apart from `alert_state`, which belongs to the windows of drift.
 */
export const deadLetterAlerts: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`alter table scouter.eval_record add column discarded_at timestamptz`.execute(db);
    await sql`create index eval_record_given_up on scouter.eval_record (profile_id, id)
      where status = 'Failed' and discarded_at is null`.execute(db);
    await sql`create index drift_window_given_up on scouter.drift_window (profile_id, id)
      where status = 'failed'`.execute(db);
    await sql`
      create table scouter.dead_letter_alert (
        profile_id bigint not null references scouter.profile (id),
        source text collate "C" not null check (source in ('records', 'windows')),
        count bigint not null,
        alert_id bigint references scouter.alert (id),
        primary key (profile_id, source)
      )`.execute(db);
  },
};
