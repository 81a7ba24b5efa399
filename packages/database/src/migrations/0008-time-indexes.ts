import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/**
 * What questions over all profiles in a stretch of time stand on. Rows come in the order of these times, so block range
 * indexes find them and cost an insert next to nothing. A sorted index on a window's end would do harm: the planner takes
 * it for "the newest window of this profile", and reads all of it for a profile that has none.
 */
export const timeIndexes: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`alter table scouter.drift_window
      add column alerting boolean not null default false`.execute(db);
    await sql`
      update scouter.drift_window set alerting = true
      where result is not null and exists (
        select from json_array_elements(result -> 'features') f where f ->> 'status' = 'alert')
    `.execute(db);
    // `updated_at` also moves when a profile is switched on or off, and says nothing of its body then.
    await sql`alter table scouter.profile add column body_changed_at timestamptz`.execute(db);
    // Null of an alert that nobody marked as seen, or that was before this column.
    await sql`alter table scouter.alert add column acknowledged_at timestamptz`.execute(db);
    await sql`create index eval_workflow_time on scouter.eval_workflow
      using brin (stored_at) with (pages_per_range = 32, autosummarize = on)`.execute(db);
    await sql`create index eval_record_dead on scouter.eval_record (processing_ended_at)
      where status = 'Failed'`.execute(db);
    await sql`create index drift_window_time on scouter.drift_window
      using brin (window_end) with (pages_per_range = 16, autosummarize = on)`.execute(db);
    await sql`create index alert_time on scouter.alert
      using brin (created_at) with (pages_per_range = 16, autosummarize = on)`.execute(db);
    await sql`create index alert_resolved on scouter.alert (resolved_at)`.execute(db);
    await sql`create index alert_outbox_ended on scouter.alert_outbox (ended_at)
      where ended_at is not null`.execute(db);
  },
};
