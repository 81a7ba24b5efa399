import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/**
 * Records of a trace: to show its results beside it, and to evaluate them again when spans came late: more than
 * `spans_seen`, which is null of a record that was evaluated without spans.
 */
export const recordsByTrace: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create index eval_record_trace on scouter.eval_record (trace_id)
      where trace_id is not null`.execute(db);
    await sql`alter table scouter.eval_record add column spans_seen integer`.execute(db);
  },
};
