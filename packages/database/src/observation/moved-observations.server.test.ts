import { systemClock } from "@scouter/contracts";
import { registerDrift } from "@scouter/testkit/contract/repositories/drift-samples";
import { onPostgres } from "@scouter/testkit/postgres/test-postgres";
import { Client } from "pg";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Database } from "../database.ts";
import { openPostgres } from "../open-postgres.ts";

await onPostgres("observations that move into the part of their day", (postgres) => {
  let db: Database;
  let reader: Client;
  let blocker: Client;
  beforeEach(async () => {
    const uri = await postgres.migratedDatabase();
    db = await openPostgres({ uri, clock: systemClock, connectTimeoutMs: 60_000 });
    [reader, blocker] = [
      new Client({ connectionString: uri }),
      new Client({ connectionString: uri }),
    ];
    await Promise.all([reader.connect(), blocker.connect()]);
  });
  afterEach(async () => {
    await Promise.all([reader.end(), blocker.end()]);
    await db.close();
  });

  it("are seen by a read that was planned while they moved", async () => {
    const { uid } = await registerDrift(db);
    await db.observationDays.prepare(0);
    await blocker.query(
      `insert into scouter.custom_observation
         (profile_id, series_id, received_at, created_at, position, value)
       select id, 1, now() - interval '3 days', now(), n, 0.5
       from scouter.profile, generate_series(1, 5) n where uid = $1`,
      [uid],
    );
    // A reader that is under way keeps the move from its locks, so that the next reader comes between.
    await blocker.query("begin");
    await blocker.query("select from scouter.custom_observation_other limit 1");
    const moved = db.observationDays.prepare(0);
    await untilWaiting(1);
    const count = reader.query<{ rows: number }>(
      "select count(*)::int as rows from scouter.custom_observation",
    );
    await untilWaiting(2);
    await blocker.query("commit");
    await moved;
    expect((await count).rows).toEqual([{ rows: 5 }]);
  });

  /** Until so many sessions wait for a lock. */
  async function untilWaiting(sessions: number): Promise<void> {
    for (;;) {
      const { rows } = await blocker.query<{ waiting: number }>(
        `select count(*)::int as waiting from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock'`,
      );
      if ((rows[0]?.waiting ?? 0) >= sessions) return;
    }
  }
});
