import { systemClock } from "@scouter/contracts";
import { onPostgres } from "@scouter/testkit/postgres/test-postgres";
import { Pool } from "pg";
import { expect, it } from "vitest";
import { openPostgres } from "../open-postgres.ts";

const UID = "019a7f0e-0000-7000-8000-000000000001";
const DAY_MS = 86_400_000;

await onPostgres("ended records in days", (postgres) => {
  it("names the parts of the days that are old and that no window needs, oldest first", async () => {
    const uri = await postgres.migratedDatabase();
    const db = await openPostgres({ uri, clock: systemClock, connectTimeoutMs: 60_000 });
    const pool = new Pool({ connectionString: uri });
    pool.on("error", () => undefined);
    // At noon of each of 45 days: one evaluated; on the 40th day back 20,001 more; and what must stay.
    await pool.query(`
      insert into scouter.profile (uid, space, name, version, drift_type, active, profile)
      values ('${UID}', 's', 'n', '0.1.0', 'Agent', true, '{}');
      create function pg_temp.noon(days integer) returns timestamptz language sql as
        $$ select (date_trunc('day', now(), 'UTC') - days * interval '1 day') + interval '12 hours' $$;
      create function pg_temp.add(given text, days integer, state text, discarded timestamptz)
      returns void language sql as $$
        insert into scouter.eval_record (profile_id, uid, record_id, session_id, created_at,
          received_at, context, entity_type, record_source, tags, status, due_at,
          processing_ended_at, discarded_at)
        select id, given, 'r', 's', pg_temp.noon(days), pg_temp.noon(days), '{}', 'Agent', 'User',
          '[]', state, case when state = 'Pending' then now() end, pg_temp.noon(days), discarded
        from scouter.profile $$;
      select pg_temp.add('day-' || n, n, 'Processed', null) from generate_series(0, 44) n;
      select pg_temp.add('many-' || n, 40, 'Processed', null) from generate_series(1, 20001) n;
      select pg_temp.add('dead', 44, 'Failed', null);
      select pg_temp.add('discarded-late', 44, 'Failed', pg_temp.noon(35));
      select pg_temp.add('discarded-now', 44, 'Failed', now());
      select pg_temp.add('waiting', 44, 'Pending', null);`);
    const ageOf = ({ day }: { readonly day: string }) =>
      Math.round((Date.parse(new Date().toISOString().slice(0, 10)) - Date.parse(day)) / DAY_MS);
    const rowsOf = async (part: Parameters<typeof db.evaluationDays.rows>[0]) => {
      let rows = 0;
      for await (const piece of db.evaluationDays.rows(part)) rows += piece.rows;
      return rows;
    };

    const all = await db.evaluationDays.toArchive(30);
    const ages = [...Array(14).keys()].map((index) => 44 - index);
    expect(all.map(ageOf)).toEqual(ages.flatMap((age) => (age === 40 ? [40, 40, 40] : [age])));
    const many = all.filter((part) => ageOf(part) === 40);
    expect(many.map(({ part }) => part)).toEqual([0, 1, 2]);
    expect(await rowsOf(all.find((part) => ageOf(part) === 35)!)).toBe(2);
    expect(await rowsOf(all.find((part) => ageOf(part) === 44)!)).toBe(1);

    const lease = { name: "archive", holder: "test", leaseMs: 60_000 };
    const epoch = (await db.leases.acquireEpoch(lease, 0))!;
    expect(await rowsOf(many[0]!)).toBe(10_000);
    await expect(rowsOf(many[1]!)).rejects.toMatchObject({ kind: "conflict" });
    expect(await db.evaluationDays.finish(many[0]!, 10_000, { ...lease, epoch })).toBe("done");
    const left = (await db.evaluationDays.toArchive(30)).filter((part) => ageOf(part) === 40);
    expect(left).toEqual(many.slice(1));

    // What is left as one record of many tasks, and others: the part ends with it.
    await pool.query(`
      insert into scouter.eval_workflow (eval_record_id, profile_id, created_at, total_tasks,
        passed_tasks, failed_tasks, errored_tasks, skipped_tasks, pass_rate, duration_ms,
        execution_plan)
      select id, profile_id, now(), 150000, 150000, 0, 0, 0, 1, 1, '{}'
      from scouter.eval_record where id = ${many[0]!.through.id} + 5000`);
    const heavy = (await db.evaluationDays.toArchive(30)).filter((part) => ageOf(part) === 40);
    expect(heavy.map(({ part }) => part)).toEqual([1, 2, 3]);
    expect(heavy[0]!.through.id).toBe(many[0]!.through.id + 4999);
    expect(heavy.at(-1)).toMatchObject({ through: many[2]!.through });

    await pool.query(`
      insert into scouter.drift_window (profile_id, window_start, window_end)
      select id, now() - interval '42 days', now() - interval '41 days' from scouter.profile`);
    expect((await db.evaluationDays.toArchive(30)).map(ageOf)).toEqual([44, 43]);
    await pool.end();
    await db.close();
  });
});
