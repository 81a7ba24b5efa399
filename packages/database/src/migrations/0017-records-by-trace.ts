import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** Records of a trace: to show its results beside it, and to evaluate them again when spans came late. */
export const recordsByTrace: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create index eval_record_trace on scouter.eval_record (trace_id)
      where trace_id is not null`.execute(db);
  },
};
