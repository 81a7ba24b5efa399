import { onPostgres } from "@scouter/testkit/postgres/test-postgres";
import { Kysely, PostgresDialect, type CompiledQuery } from "kysely";
import { Client, Pool } from "pg";
import { expect, it } from "vitest";
import type { Tables } from "../session/tables.ts";
import { claimRecords } from "./claim-records.ts";

/** Many enough that no plan is as cheap as another. */
const ENDED = 5_000;

await onPostgres("claims of evaluation records", (postgres) => {
  it("never walk over records that have ended, however old the planner's statistics are", async () => {
    const uri = await postgres.migratedDatabase();
    const client = new Client({ connectionString: uri });
    await client.connect();
    const queries: CompiledQuery[] = [];
    const db = new Kysely<Tables>({
      dialect: new PostgresDialect({ pool: new Pool({ connectionString: uri }) }),
      log: ({ query }) => void queries.push(query),
    });
    try {
      await client.query(`
        insert into scouter.profile (uid, space, name, version, drift_type, active, profile)
        values ('u', 's', 'n', '0.1.0', 'Agent', true, '{}')`);
      // Pending when the statistics are made, as in a backlog; ended when the claim comes. Leases that were renewed leave more
      // behind in the index of due records than in that of all.
      await client.query(`
        insert into scouter.eval_record (profile_id, uid, record_id, session_id, created_at,
          context, entity_type, record_source, tags)
        select p.id, n::text, '', '', now(), '{}', 'Agent', 'queue', '[]'
        from scouter.profile p, generate_series(1, ${ENDED}) n`);
      await client.query("analyze scouter.eval_record");
      await client.query("update scouter.eval_record set due_at = due_at + interval '1 second'");
      await client.query("update scouter.eval_record set status = 'Processed', due_at = null");
      await client.query("reindex index scouter.eval_record_page");
      expect(await claimRecords({ workerId: "w", limit: 50, leaseMs: 1_000 }, db)).toEqual([]);
      const [{ sql, parameters } = { sql: "", parameters: [] }] = queries;
      const { rows } = await client.query<{ "QUERY PLAN": string }>(
        `explain (analyze, costs off, timing off, summary off) ${sql}`,
        [...parameters],
      );
      const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
      expect(plan).toContain("eval_record_due_of_profile");
      expect(plan).not.toContain("Rows Removed by Filter");
      expect(plan).not.toContain("eval_record_page");
    } finally {
      await db.destroy();
      await client.end();
    }
  });
});
