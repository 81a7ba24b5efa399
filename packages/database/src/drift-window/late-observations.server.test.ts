import { systemClock } from "@scouter/contracts";
import {
  claimWindow,
  completionWith,
  planOf,
  registerDrift,
  toPlanOf,
} from "@scouter/testkit/contract/repositories/drift-samples";
import { onPostgres } from "@scouter/testkit/postgres/test-postgres";
import { Client } from "pg";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Database } from "../database.ts";
import { openPostgres } from "../open-postgres.ts";

await onPostgres("observations that appear late", (postgres) => {
  let db: Database;
  let other: Client;
  beforeEach(async () => {
    const uri = await postgres.migratedDatabase();
    db = await openPostgres({ uri, clock: systemClock, connectTimeoutMs: 60_000 });
    other = new Client({ connectionString: uri });
    await other.connect();
  });
  afterEach(async () => {
    await other.end();
    await db.close();
  });

  /** Plans one window and claims it. */
  async function claimOf(uid: string, window: { startMs: number; endMs: number }) {
    const toPlan = await toPlanOf(db, uid);
    await db.driftWindows.plan([planOf(toPlan!, { windows: [window] })]);
    while ((await db.driftWindows.nowMs()) <= window.endMs);
    return claimWindow(db, "a");
  }
  const settle = () => db.driftWindows.settle({ limit: 100, visibleWithinMs: 0 });

  it("while a transaction is open that began in the window: they are taken in when it ended", async () => {
    const { uid } = await registerDrift(db);
    await other.query("begin");
    await other.query(
      `insert into scouter.custom_observation
         (profile_id, series_id, received_at, created_at, position, value)
       select id, 1, statement_timestamp(), now(), 0, 0.5 from scouter.profile where uid = $1`,
      [uid],
    );
    const nowMs = await db.driftWindows.nowMs();
    const claimed = await claimOf(uid, { startMs: nowMs - 60_000, endMs: nowMs + 1 });
    expect(claimed.settled).toBe(false);
    const completion = { ...completionWith(), observed: 0, settled: claimed.settled };
    expect(await db.driftWindows.complete(claimed.claim, completion)).toBe("done");
    expect(await settle()).toEqual([]);
    await other.query("commit");
    const { windowId } = claimed.claim;
    expect(await settle()).toMatchObject([{ windowId, found: 1, revised: 1 }]);
  });

  it("a transaction that began after the window's end leaves it settled", async () => {
    const { uid } = await registerDrift(db);
    const endMs = await db.driftWindows.nowMs();
    while ((await db.driftWindows.nowMs()) <= endMs);
    await other.query("begin");
    await other.query("select 1");
    const claimed = await claimOf(uid, { startMs: endMs - 60_000, endMs });
    expect(claimed.settled).toBe(true);
    await other.query("rollback");
  });

  it("when the clock was set back behind the end of a done window", async () => {
    const { uid } = await registerDrift(db);
    const nowMs = await db.driftWindows.nowMs();
    const claimed = await claimOf(uid, { startMs: nowMs - 60_000, endMs: nowMs });
    await db.driftWindows.complete(claimed.claim, { ...completionWith(), settled: true });
    // As if the clock had been an hour ahead.
    await other.query(`update scouter.drift_window set window_end = now() + interval '1 hour'`);
    expect(await db.driftWindows.reopen()).toBe(1);
    expect(await db.driftWindows.reopen()).toBe(0);
    expect(await settle()).toEqual([]);
  });
});
