import { systemClock } from "@scouter/contracts";
import { onPostgres } from "@scouter/testkit/postgres/test-postgres";
import { Kysely, PostgresDialect, sql } from "kysely";
import { Pool } from "pg";
import { expect, it } from "vitest";
import { openPostgres } from "../open-postgres.ts";
import { migrate } from "./migrate.ts";
import { migrations } from "./migrations.ts";

const UID = "019a7f0e-0000-7000-8000-000000000001";

await onPostgres("observations in days", (postgres) => {
  it("keeps what was stored before, and divides it", async () => {
    const uri = await postgres.emptyDatabase();
    const db = new Kysely<unknown>({
      dialect: new PostgresDialect({ pool: new Pool({ connectionString: uri }) }),
    });
    const before = Object.entries(migrations).filter(([name]) => name < "0019");
    await migrate(db, Object.fromEntries(before));
    await sql`
      with owner as (
        insert into scouter.profile (uid, space, name, version, drift_type, active, profile)
        values (${UID}, 's', 'n', '0.1.0', 'Custom', true, '{}') returning id
      ), series as (
        insert into scouter.observed_series (profile_id, name) select id, 'mae' from owner
        returning id, profile_id
      )
      insert into scouter.custom_observation
        (profile_id, series_id, received_at, created_at, position, value)
      select profile_id, id, now() - n * interval '1 day', now(), 0, n
      from series, generate_series(0, 40) n`.execute(db);
    await db.destroy();

    const opened = await openPostgres({ uri, clock: systemClock, connectTimeoutMs: 60_000 });
    const everything = { startMs: 0, endMs: Date.now() + 60_000 };
    const tally = async () =>
      (await opened.observations.customTallies(UID, everything)).get("mae")?.count;
    expect(await tally()).toBe(41);
    await opened.observationDays.prepare(3);
    expect(await tally()).toBe(41);
    const old = await opened.observationDays.toArchive(30);
    expect(old.every(({ kind }) => kind === "Custom")).toBe(true);
    expect(old.length).toBeGreaterThanOrEqual(9);
    let rows = 0;
    for await (const piece of opened.observationDays.rows(old[0]!)) rows += piece.rows;
    expect(rows).toBe(1);
    await opened.close();
  });

  it("does not archive what a window still needs", async () => {
    const uri = await postgres.migratedDatabase();
    const db = await openPostgres({ uri, clock: systemClock, connectTimeoutMs: 60_000 });
    const pool = new Pool({ connectionString: uri });
    pool.on("error", () => undefined);
    await pool.query(`
      insert into scouter.profile (uid, space, name, version, drift_type, active, profile)
      values ('${UID}', 's', 'n', '0.1.0', 'Custom', true, '{}');
      insert into scouter.observed_series (profile_id, name) select id, 'mae' from scouter.profile;
      insert into scouter.custom_observation
        (profile_id, series_id, received_at, created_at, position, value)
      select profile_id, id, now() - n * interval '1 day', now(), 0, n
      from scouter.observed_series, generate_series(31, 45) n;`);
    await db.observationDays.prepare(0);
    const old = await db.observationDays.toArchive(30);
    expect(old.length).toBeGreaterThanOrEqual(14);
    // A monthly schedule whose last slot was 40 days ago.
    await pool.query(`
      insert into scouter.drift_schedule (profile_id, planned_through, next_plan_at, seen_at)
      select id, now() - interval '40 days', now() + interval '1 day', now() from scouter.profile`);
    const kept = await db.observationDays.toArchive(30);
    expect(kept.length).toBeGreaterThanOrEqual(4);
    expect(kept.length).toBeLessThanOrEqual(6);
    await pool.query(`update scouter.drift_schedule set planned_through = now()`);
    expect(await db.observationDays.toArchive(30)).toEqual(old);
    await pool.query(`
      insert into scouter.drift_window (profile_id, window_start, window_end)
      select id, now() - interval '60 days', now() - interval '59 days' from scouter.profile`);
    expect(await db.observationDays.toArchive(30)).toEqual([]);
    await pool.end();
    await db.close();
  });
});
