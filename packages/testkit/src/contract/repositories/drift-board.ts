import type { DriftResult } from "@scouter/contracts";
import type { Database } from "@scouter/database";
import { beforeEach, describe, expect, it } from "vitest";
import {
  change,
  claimWindow,
  completionWith,
  endEveryWindow,
  HOUR_MS,
  registerDrift,
  SLOT_MS,
  withDueWindows,
} from "./drift-samples.ts";
import { fresh } from "./samples.ts";

/** Of the samples' windows. */
const SLOTS = { startMs: SLOT_MS, endMs: SLOT_MS + 24 * HOUR_MS };

const PSI_RESULT: DriftResult = {
  kind: "Psi",
  features: [
    {
      name: "delay",
      status: "alert",
      psi: 0.4,
      threshold: 0.1,
      rows: 500,
      pValue: null,
      proportions: { "1": 0.5, "2": 0.5 },
    },
    { name: "carrier", status: "insufficient-data", have: 3, need: 21 },
  ],
};

export function driftBoardContract(database: () => Database): void {
  describe("drift board", () => {
    beforeEach(() => endEveryWindow(database()));

    /** Completes the next due window. */
    const complete = async (
      result?: DriftResult,
      alerts: Parameters<typeof completionWith>[0] = [],
    ) => {
      const { claim } = await claimWindow(database(), "a");
      const completion = completionWith(alerts);
      await database().driftWindows.complete(claim, {
        ...completion,
        result: result ?? completion.result,
      });
      return claim.windowId;
    };

    it("shows windows newest first, without the long lists", async () => {
      const { uid } = await withDueWindows(database(), 4);
      await complete(PSI_RESULT);
      await complete();
      const { claim } = await claimWindow(database(), "a");
      await database().driftWindows.fail(claim, { error: "no bins" });
      const { driftBoard } = database();
      const windows = await driftBoard.windows({ profileUid: uid, limit: 10, ...SLOTS });
      expect(windows.map(({ status, alerting }) => [status, alerting])).toEqual([
        ["due", false],
        ["failed", false],
        ["done", false],
        ["done", true],
      ]);
      expect(windows[1]).toMatchObject({ lastError: "no bins", features: null });
      expect(windows[3]).toMatchObject({ windowEnd: "2026-01-01T01:00:00.000000Z", revised: 0 });
      expect(windows[3]?.features).toEqual([
        { name: "delay", status: "alert", psi: 0.4, threshold: 0.1, rows: 500 },
        { name: "carrier", status: "insufficient-data", have: 3, need: 21 },
      ]);
      const some = { ...SLOTS, endMs: SLOT_MS + 2 * HOUR_MS };
      expect(await driftBoard.windows({ profileUid: uid, limit: 10, ...some })).toHaveLength(1);
      expect(await driftBoard.windows({ profileUid: uid, limit: 2, ...SLOTS })).toHaveLength(2);
      const measuredOnly = { profileUid: uid, limit: 10, measuredOnly: true, ...SLOTS };
      expect((await driftBoard.windows(measuredOnly)).map(({ status }) => status)).toEqual([
        "failed",
        "done",
        "done",
      ]);
      const nobody = { profileUid: fresh("nobody"), limit: 2, ...SLOTS };
      expect(await driftBoard.windows(nobody)).toEqual([]);

      const history = await driftBoard.featureHistory({
        profileUid: uid,
        feature: "delay",
        limit: 9,
      });
      expect(history.map(({ feature }) => feature?.["psi"] ?? null)).toEqual([
        null,
        null,
        null,
        0.4,
      ]);
      const around = (windowId: number, each: number, profileUid = uid) =>
        driftBoard.featureAround({ profileUid, feature: "delay", windowId, each });
      const oldestFirst = history.toReversed();
      expect(await around(oldestFirst[1]!.windowId, 9)).toEqual(oldestFirst);
      expect(await around(oldestFirst[1]!.windowId, 1)).toEqual(oldestFirst.slice(0, 3));
      expect(await around(oldestFirst[3]!.windowId, 1)).toEqual(oldestFirst.slice(2));
      expect(await around(oldestFirst[1]!.windowId, 1, fresh("nobody"))).toEqual([]);
    });

    it("gives a window with its neighbours, its alerts and its whole result", async () => {
      const profile = await withDueWindows(database(), 3);
      const first = await complete();
      const second = await complete(PSI_RESULT, [change("opened")]);
      const third = await complete(undefined, [change("ongoing")]);
      const { driftBoard } = database();
      const details = await driftBoard.window(second);
      expect(details).toMatchObject({
        reference: { uid: profile.uid, space: profile.space, kind: "Custom" },
        window: { id: second, status: "done", attempts: 0 },
        alerting: true,
        result: PSI_RESULT,
        profileChanged: false,
        alerts: [{ feature: "mape", opened_here: true }],
        previousId: first,
        nextId: third,
      });
      expect((await driftBoard.window(third))?.alerts).toMatchObject([{ opened_here: false }]);
      expect((await driftBoard.window(first))?.alerts).toEqual([]);
      const status = { space: profile.space, name: profile.name, version: profile.version };
      await database().profiles.setStatus({ ...status, active: false, deactivateOthers: false });
      expect((await driftBoard.window(second))?.profileChanged).toBe(false);
      await database().profiles.replace(profile.uid, { config: { changed: true } });
      expect((await driftBoard.window(second))?.profileChanged).toBe(true);
      expect(await driftBoard.window(-1)).toBeUndefined();
    });

    it("says how profiles stand", async () => {
      const profile = await withDueWindows(database(), 3);
      await complete();
      await complete(PSI_RESULT, [change("opened")]);
      const { driftBoard } = database();
      const asked = { spaces: [profile.space], limit: 1, ...SLOTS };
      const { items, nextCursor } = await driftBoard.profiles(asked);
      expect(nextCursor).toBeNull();
      expect(items).toMatchObject([
        {
          reference: { uid: profile.uid, kind: "Custom" },
          active: true,
          profile: profile.profile,
          scheduleError: null,
          plannedThrough: "2026-01-01T03:00:00.000000Z",
          lastWindow: {
            windowEnd: "2026-01-01T02:00:00.000000Z",
            status: "done",
            features: { alert: 1, "insufficient-data": 1 },
          },
          lastMeasured: { windowEnd: "2026-01-01T02:00:00.000000Z" },
          openAlerts: 1,
          windowsDone: 2,
          windowsAlerting: 1,
          windowsFailed: 0,
        },
      ]);
      expect((await driftBoard.profiles({ ...asked, kind: "Psi" })).items).toEqual([]);
      expect((await driftBoard.profiles({ ...asked, spaces: [] })).items).toEqual([]);
      const fallow = await registerDrift(database());
      const all = await driftBoard.profiles({ ...asked, spaces: "all" });
      expect(all.items).toMatchObject([
        { reference: { uid: fallow.uid }, lastWindow: null, plannedThrough: null, openAlerts: 0 },
      ]);
      const next = await driftBoard.profiles({ ...asked, spaces: "all", cursor: all.nextCursor! });
      expect(next.items[0]?.reference.uid).toBe(profile.uid);
    });

    it("gives the newest points of a chart in the order of time", async () => {
      const db = database();
      const { uid } = await db.profiles.register({
        space: fresh("space"),
        name: "spc",
        driftType: "Spc",
        profile: { config: {}, features: { x: {}, y: {} } },
        versionRequest: { version_type: "Minor" },
        active: true,
        deactivateOthers: false,
      });
      const observation = (series: string, value: number) => ({
        kind: "Spc" as const,
        profileUid: uid,
        series,
        createdAt: `2026-03-01T10:00:0${value}.000000Z`,
        value,
      });
      await db.observations.store([1, 3, 2].map((value) => observation("x", value)));
      await db.observations.store([observation("y", 4)]);
      const around = { startMs: Date.now() - HOUR_MS, endMs: Date.now() + HOUR_MS };
      const asked = { profileUid: uid, feature: "x", limit: 2, ...around };
      expect(await db.driftBoard.spcPoints(asked)).toEqual({
        total: 3,
        points: [
          { at: "2026-03-01T10:00:02.000000Z", value: 2 },
          { at: "2026-03-01T10:00:03.000000Z", value: 3 },
        ],
      });
      const none = { total: 0, points: [] };
      expect(await db.driftBoard.spcPoints({ ...asked, feature: "z" })).toEqual(none);
      expect(await db.driftBoard.spcPoints({ ...asked, ...SLOTS })).toEqual(none);
    });
  });
}
