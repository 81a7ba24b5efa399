import { systemClock } from "@scouter/contracts";
import { openPostgres, type Database } from "@scouter/database";
import { onPostgres } from "@scouter/testkit/postgres/test-postgres";
import { afterAll, beforeAll, expect, it } from "vitest";
import { DriftPlanner, GRACE_MS } from "../src/workers/drift-planner.ts";
import { DriftWorkers } from "../src/workers/drift-worker.ts";
import { noData } from "./fake/drift-samples.ts";

const MINUTE_MS = 60_000;

/**
 * Between the moment at which a window may be planned and its computation lie the planner's pause, which ends at that moment,
 * and a notice. The workers of this test never poll, so that the window is computed only if the notice arrives; how
 * much faster than a poll that is, no test has to time.
 */
await onPostgres("a window that comes due", (postgres) => {
  const databases: Database[] = [];
  beforeAll(async () => {
    const uri = await postgres.migratedDatabase();
    for (let i = 0; i < 2; i += 1) databases.push(await openPostgres({ uri, clock: systemClock }));
  });
  afterAll(() => Promise.all(databases.map((database) => database.close())));

  it("is computed by another process at the notice of the one that planned it, without a poll", async () => {
    const [planning, computing] = databases as [Database, Database];
    const computed = Promise.withResolvers<number>();
    const asleep = Promise.withResolvers<void>();
    const never = (signal?: AbortSignal) =>
      new Promise<void>((_, reject) => {
        asleep.resolve();
        signal?.addEventListener("abort", () => reject(new Error("woken")), { once: true });
      });
    const ignore = () => undefined;
    const workers = new DriftWorkers({
      database: computing,
      data: noData,
      clock: { ...systemClock, sleep: (_ms, signal) => never(signal) },
      workers: 1,
      processName: "computing",
      events: {
        onComputed: ({ endMs }) => computed.resolve(endMs),
        onFailed: (_window, error) => computed.reject(error),
        onStale: ignore,
        onTrouble: (error) => computed.reject(error),
      },
    });
    await workers.start();
    // It has looked, found nothing, and waits.
    await asleep.promise;
    const { createdAt } = await planning.profiles.register({
      space: "due",
      name: "model",
      driftType: "Custom",
      profile: customBody,
      versionRequest: { version_type: "Minor" },
      active: true,
      deactivateOthers: false,
    });
    const slotMs = (Math.floor(Date.parse(createdAt) / MINUTE_MS) + 1) * MINUTE_MS;
    const planner = new DriftPlanner({
      database: planning,
      clock: systemClock,
      nowMs: async () => slotMs + GRACE_MS,
      holder: "planning",
      events: {
        onPlanned: ignore,
        onSkipped: ignore,
        onScheduleError: (_uid, error) => computed.reject(error),
        onLate: ignore,
        onTrouble: (error) => computed.reject(error),
      },
    });
    planner.start();
    expect(await computed.promise).toBe(slotMs);
    await Promise.all([planner.stop(), workers.drain()]);
  });
});

const customBody = {
  config: {
    space: "due",
    name: "model",
    version: "0.1.0",
    uid: "u",
    sample_size: 25,
    alert_config: {
      schedule: "0 * * * * *",
      dispatch_config: { Console: { enabled: true } },
      alert_conditions: { mape: { baseline_value: 1, alert_threshold: "Above", delta: null } },
    },
  },
  metrics: { mape: 1 },
  scouter_version: "0.1.0",
};
