import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/**
 * Which parts of which days of ended records moved to the archive, what their profiles had in them, and the index that finds
 * the oldest ended records.
 */
export const archivedEvaluations: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table scouter.archived_evaluation (
        day date not null,
        part integer not null,
        rows bigint not null,
        archived_at timestamptz not null default now(),
        primary key (day, part)
      )`.execute(db);
    await sql`
      create table scouter.archived_evaluation_total (
        profile_id bigint primary key references scouter.profile (id),
        processed bigint not null,
        failed bigint not null,
        evaluated bigint not null,
        total_tasks bigint not null,
        passed_tasks bigint not null,
        failed_tasks bigint not null,
        errored_tasks bigint not null,
        skipped_tasks bigint not null,
        last_created_at timestamptz,
        last_received_at timestamptz,
        last_stored_at timestamptz
      )`.execute(db);
    await sql`create index eval_record_ended
      on scouter.eval_record (greatest(processing_ended_at, discarded_at), id)
      where status = 'Processed' or discarded_at is not null`.execute(db);
  },
};
