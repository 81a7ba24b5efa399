import type { Database } from "@scouter/database";
import { beforeEach, describe, expect, it } from "vitest";
import {
  change,
  claimWindow,
  completionWith,
  endEveryWindow,
  HOUR_MS,
  planOf,
  SLOT_MS,
  toPlanOf,
  withDueWindows,
} from "./drift-samples.ts";
import { aroundNow, evaluated } from "./evaluations.ts";
import { endEverythingDue, fresh, recordFor, registerAgent } from "./samples.ts";

const SLOTS = { startMs: SLOT_MS, endMs: SLOT_MS + 24 * HOUR_MS };

export function overviewsContract(database: () => Database): void {
  describe("overview", () => {
    beforeEach(async () => {
      await endEveryWindow(database());
      await endEverythingDue(database());
    });

    it("has nothing of spaces without profiles", async () => {
      const { overview } = database();
      for (const spaces of [[], [fresh("space")]]) {
        expect(await overview.activity({ spaces, buckets: 3, ...aroundNow() })).toEqual([]);
        expect(await overview.troubles({ spaces, limit: 9, ...aroundNow() })).toEqual([]);
        expect(await overview.delivery({ spaces, ...aroundNow() })).toEqual({
          outbox: {
            pending: 0,
            oldestPendingAt: null,
            oldestPendingAgeSeconds: null,
            delivered: 0,
            failed: 0,
          },
          records: { pending: 0, oldestPendingAt: null, oldestPendingAgeSeconds: null },
        });
        expect(await overview.freshness(spaces)).toEqual({
          latestRecordReceived: null,
          latestEvaluationFinished: null,
          latestWindowComputed: null,
        });
      }
    });

    it("puts evaluations, windows and alerts into buckets of their time", async () => {
      const { overview, driftWindows } = database();
      const drift = await withDueWindows(database(), 3);
      const ended = async (alerts: Parameters<typeof completionWith>[0]) => {
        const { claim } = await claimWindow(database(), "a");
        await driftWindows.complete(claim, completionWith(alerts));
      };
      await ended([]);
      await ended([change("opened")]);
      const { claim } = await claimWindow(database(), "a");
      await driftWindows.fail(claim, { error: "broken" });
      const windows = await overview.activity({ spaces: [drift.space], buckets: 24, ...SLOTS });
      const none = { passed: 0, failed: 0, errored: 0, skipped: 0 };
      const quiet = { recordsEvaluated: 0, tasks: none, alertsFired: 0 };
      expect(windows).toEqual([
        { bucket: 1, ...quiet, windowsDone: 1, windowsAlerting: 0, windowsFailed: 0 },
        { bucket: 2, ...quiet, windowsDone: 1, windowsAlerting: 1, windowsFailed: 0 },
        { bucket: 3, ...quiet, windowsDone: 0, windowsAlerting: 0, windowsFailed: 1 },
      ]);

      const agent = await registerAgent(database(), { space: drift.space });
      await evaluated(database(), agent.uid, ["passed", "failed", "errored", "skipped"]);
      const now = await overview.activity({ spaces: [drift.space], buckets: 1, ...aroundNow() });
      expect(now).toEqual([
        {
          bucket: 0,
          recordsEvaluated: 1,
          tasks: { passed: 1, failed: 1, errored: 1, skipped: 1 },
          windowsDone: 0,
          windowsAlerting: 0,
          windowsFailed: 0,
          alertsFired: 1,
        },
      ]);
      const all = await overview.activity({ spaces: "all", buckets: 1, ...aroundNow() });
      expect(all[0]!.recordsEvaluated).toBeGreaterThanOrEqual(1);
    });

    it("names what is amiss, one row a profile and kind", async () => {
      const { overview, evalRecords, driftWindows, alertOutbox } = database();
      const drift = await withDueWindows(database(), 2);
      const agent = await registerAgent(database(), { space: drift.space });
      const silent = await registerAgent(database(), { space: drift.space, name: "silent" });
      const doomed = recordFor(agent.uid, { createdAt: new Date().toISOString() });
      await evalRecords.store([doomed]);
      const [record] = await evalRecords.claim({ workerId: "a", limit: 1, leaseMs: 60_000 });
      await evalRecords.fail(record!.claim, { error: "no such model" });
      const window = await claimWindow(database(), "a");
      await driftWindows.fail(window.claim, { error: "no bins" });
      const told = await claimWindow(database(), "a");
      const key = fresh("message");
      await driftWindows.complete(told.claim, completionWith([change("opened")], [key]));
      for (const { claim } of await alertOutbox.claim({ workerId: "a", limit: 99, leaseMs: 9e4 })) {
        await alertOutbox.failed(claim, { channel: "slack", error: "no such channel" });
      }
      const toPlan = await toPlanOf(database(), silent.uid);
      await driftWindows.plan([planOf(toPlan!, { error: "expected 5 to 7 fields" })]);

      const asked = { spaces: [drift.space], limit: 9 };
      const troubles = await overview.troubles({ ...asked, ...aroundNow() });
      const shown = troubles.map(({ kind, profile, error }) => `${kind} ${profile.uid} ${error}`);
      expect(new Set(shown)).toEqual(
        new Set([
          `dead-records ${agent.uid} no such model`,
          `undelivered-alerts ${drift.uid} no such channel`,
          `schedule-error ${silent.uid} expected 5 to 7 fields`,
          `no-data ${silent.uid} null`,
          `no-data ${drift.uid} null`,
        ]),
      );
      const dead = troubles.find(({ kind }) => kind === "dead-records");
      expect(dead).toMatchObject({ count: 1, recordUid: doomed.record.uid, windowId: null });
      const inSlots = await overview.troubles({ ...asked, ...SLOTS });
      expect(inSlots.filter(({ kind }) => kind === "failed-windows")).toEqual([
        {
          kind: "failed-windows",
          profile: expect.objectContaining({ uid: drift.uid, kind: "Custom" }),
          count: 1,
          since: "2026-01-01T01:00:00.000000Z",
          error: "no bins",
          recordUid: null,
          windowId: window.claim.windowId,
        },
      ]);
      const few = await overview.troubles({ ...asked, limit: 1, ...aroundNow() });
      expect(few.filter(({ kind }) => kind === "no-data")).toHaveLength(1);
    });

    it("says what waits, how old it is, and how fresh the rest", async () => {
      const { overview, evalRecords } = database();
      const agent = await registerAgent(database());
      const spaces = [agent.space];
      await evaluated(database(), agent.uid, ["passed"]);
      await evalRecords.store([recordFor(agent.uid), recordFor(agent.uid)]);
      const { records } = await overview.delivery({ spaces, ...aroundNow() });
      expect(records.pending).toBe(2);
      expect(records.oldestPendingAgeSeconds).toBeGreaterThanOrEqual(0);
      const fresh = await overview.freshness(spaces);
      expect(Date.parse(fresh.latestRecordReceived!)).toBeGreaterThan(Date.now() - HOUR_MS);
      expect(Date.parse(fresh.latestEvaluationFinished!)).toBeGreaterThan(Date.now() - HOUR_MS);
      expect(fresh.latestWindowComputed).toBeNull();
      const all = await overview.freshness("all");
      expect(all.latestWindowComputed).not.toBeNull();
    });
  });
}
