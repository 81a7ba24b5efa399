import type { Database } from "@scouter/database";
import { beforeEach, describe, expect, it } from "vitest";
import {
  change,
  claimWindow,
  completionWith,
  endEveryWindow,
  HOUR_MS,
  hours,
  planOf,
  registerDrift,
  resultOf,
  SLOT_MS,
  toPlanOf,
  withDueWindows,
} from "./drift-samples.ts";
import { observeSome } from "./observations.ts";
import { fresh } from "./samples.ts";

export function driftWindowsContract(database: () => Database): void {
  planContract(database);
  claimContract(database);
  lateContract(database);
  listContract(database);
}

function planContract(database: () => Database): void {
  describe("plan of windows", () => {
    it("says which profiles to plan, with their schedule and their begin", async () => {
      const profile = await registerDrift(database(), {
        alertConfig: { schedule: "0 0 5 * * *", time_zone: "Europe/Berlin", catch_up: "latest" },
      });
      expect(await toPlanOf(database(), profile.uid)).toMatchObject({
        profileUid: profile.uid,
        active: true,
        schedule: "0 0 5 * * *",
        timeZone: "Europe/Berlin",
        catchUp: "latest",
        lastWindowEndMs: Date.parse(profile.createdAt),
      });
    });

    it.each([
      ["none", {}],
      ["no configuration at all", null],
      ["one of another type", { schedule: null }],
    ] as const)("has no schedule when the profile has %s", async (_name, alert_config) => {
      const profile = await registerDrift(database(), { alertConfig: alert_config });
      expect(await toPlanOf(database(), profile.uid)).toMatchObject({ schedule: null });
    });

    it("inserts windows once, whoever plans, and a stale plan changes nothing", async () => {
      const { driftWindows } = database();
      const { uid } = await registerDrift(database());
      const toPlan = await toPlanOf(database(), uid);
      const plan = planOf(toPlan!, { windows: hours(1, 3) });
      const inserted = await Promise.all([
        driftWindows.plan([plan]),
        driftWindows.plan([plan]),
        driftWindows.plan([plan]),
      ]);
      expect(inserted.toSorted((a, b) => a - b)).toEqual([0, 0, 3]);
      expect(await driftWindows.plan([planOf(toPlan!, { windows: hours(1, 9) })])).toBe(0);
      expect(await driftWindows.counts(uid)).toEqual({
        due: 3,
        running: 0,
        done: 0,
        failed: 0,
        skipped: 0,
      });
    });

    it("asks again when the next window came, not before", async () => {
      const { driftWindows } = database();
      const { uid } = await registerDrift(database());
      const first = await toPlanOf(database(), uid);
      const nextPlanAtMs = Date.now() + HOUR_MS;
      await driftWindows.plan([planOf(first!, { windows: hours(1, 1), nextPlanAtMs })]);
      expect(await toPlanOf(database(), uid, nextPlanAtMs - 1)).toBeUndefined();
      expect(await driftWindows.nextPlanAtMs()).toBeLessThanOrEqual(nextPlanAtMs);
      const again = await toPlanOf(database(), uid, nextPlanAtMs);
      expect(again).toMatchObject({ lastWindowEndMs: SLOT_MS + HOUR_MS });
      expect(await driftWindows.plan([planOf(again!, { windows: hours(2, 2) })])).toBe(2);
      expect(await toPlanOf(database(), uid, nextPlanAtMs)).toBeUndefined();
    });

    it("asks again when the profile changed, also after an error in its schedule", async () => {
      const { driftWindows, profiles } = database();
      const { uid, profile } = await registerDrift(database());
      const first = await toPlanOf(database(), uid);
      await driftWindows.plan([planOf(first!, { error: "no cron\u0000" })]);
      expect(await driftWindows.scheduleErrors()).toContainEqual({
        profileUid: uid,
        error: "no cron\uFFFD",
      });
      expect(await toPlanOf(database(), uid)).toBeUndefined();
      await profiles.replace(uid, profile);
      const again = await toPlanOf(database(), uid);
      expect(again).toMatchObject({ lastWindowEndMs: first?.lastWindowEndMs });
      await driftWindows.plan([planOf(again!)]);
      const errors = await driftWindows.scheduleErrors();
      expect(errors.map(({ profileUid }) => profileUid)).not.toContain(uid);
    });

    it("begins at the time when a paused profile became active", async () => {
      const { driftWindows, profiles } = database();
      const profile = await registerDrift(database(), { active: false });
      const { uid, space, name, version } = profile;
      const first = await toPlanOf(database(), uid);
      expect(first).toMatchObject({ active: false });
      await driftWindows.plan([planOf(first!, { paused: true, nextPlanAtMs: SLOT_MS })]);
      expect(await toPlanOf(database(), uid)).toBeUndefined();
      const beforeMs = await driftWindows.nowMs();
      await profiles.setStatus({ space, name, version, active: true, deactivateOthers: false });
      const afterMs = await driftWindows.nowMs();
      const again = await toPlanOf(database(), uid);
      expect(again?.active).toBe(true);
      expect(again?.lastWindowEndMs).toBeGreaterThanOrEqual(beforeMs);
      expect(again?.lastWindowEndMs).toBeLessThanOrEqual(afterMs);
    });

    it("keeps a skipped stretch as one row that counts its windows", async () => {
      const { driftWindows } = database();
      const { uid } = await registerDrift(database());
      const toPlan = await toPlanOf(database(), uid);
      const skipped = {
        startMs: SLOT_MS - HOUR_MS,
        endMs: SLOT_MS,
        count: 2400,
        reason: "too many",
      };
      expect(await driftWindows.plan([planOf(toPlan!, { skipped, windows: hours(1, 2) })])).toBe(2);
      expect(await driftWindows.counts(uid)).toMatchObject({ skipped: 2400, due: 2 });
      const { items } = await driftWindows.list({ profileUid: uid, limit: 10, status: "skipped" });
      expect(items).toMatchObject([
        {
          window_start: "2025-12-31T23:00:00.000000Z",
          window_end: "2026-01-01T00:00:00.000000Z",
          last_error: "too many",
          skipped_windows: 2400,
          result: null,
        },
      ]);
    });

    it("tells of new windows", async () => {
      const heard = Promise.withResolvers<void>();
      const end = await database().listen("drift_windows", () => heard.resolve());
      await withDueWindows(database(), 1);
      await heard.promise;
      await end();
    });
  });
}

function claimContract(database: () => Database): void {
  describe("leases of windows", () => {
    beforeEach(() => endEveryWindow(database()));
    const claim = (workerId: string, limit = 10, leaseMs = 60_000) =>
      database().driftWindows.claim({ workerId, limit, leaseMs });

    it("hands out the oldest window of each profile, with the profile", async () => {
      const first = await withDueWindows(database(), 3);
      const second = await withDueWindows(database(), 2);
      const claimed = await claim("a");
      expect(claimed.map(({ profile }) => profile.uid).toSorted()).toEqual(
        [first.uid, second.uid].toSorted(),
      );
      expect(claimed.find(({ profile }) => profile.uid === first.uid)).toMatchObject({
        startMs: SLOT_MS,
        endMs: SLOT_MS + HOUR_MS,
        attempt: 1,
        revised: 0,
        profile: { driftType: "Custom", space: first.space, profile: first.profile },
      });
      expect(await claim("b")).toEqual([]);
    });

    it("goes on with the next window when one is done, or given up", async () => {
      await withDueWindows(database(), 3);
      const { driftWindows } = database();
      const first = await claimWindow(database(), "a");
      expect(await driftWindows.complete(first.claim, completionWith())).toBe("done");
      const second = await claimWindow(database(), "b");
      expect(second.startMs).toBe(first.endMs);
      expect(await driftWindows.fail(second.claim, { error: "broken" })).toBe("done");
      expect((await claimWindow(database(), "a")).startMs).toBe(second.endMs);
    });

    it("keeps a failed window with its error, holds the later ones back, and retries it", async () => {
      const { uid } = await withDueWindows(database(), 2);
      const { driftWindows } = database();
      const first = await claimWindow(database(), "a");
      await driftWindows.fail(first.claim, { error: "no\u0000data", retryInMs: 3_600_000 });
      expect(await claim("a")).toEqual([]);
      const { items } = await driftWindows.list({ profileUid: uid, limit: 10 });
      expect(items[1]).toMatchObject({ status: "due", attempts: 1, last_error: "no\uFFFDdata" });
    });

    it("shares no window among 6 claimers at once, and leaves none", async () => {
      const uids = await Promise.all(
        Array.from({ length: 8 }, async () => (await withDueWindows(database(), 5)).uid),
      );
      const { driftWindows } = database();
      const taken: string[] = [];
      const takeAll = async (workerId: string): Promise<void> => {
        const claimed = await claim(workerId, 2);
        if (claimed.length === 0) return;
        for (const window of claimed) {
          taken.push(`${window.profile.uid}/${window.endMs}`);
          expect(await driftWindows.complete(window.claim, completionWith())).toBe("done");
        }
        await takeAll(workerId);
      };
      // A claimer may find nothing while the others hold the oldest windows; the last one takes the rest.
      await Promise.all(Array.from({ length: 6 }, (_, i) => takeAll(`w${i}`)));
      await takeAll("rest");
      const all = uids.flatMap((uid) => hours(1, 5).map(({ endMs }) => `${uid}/${endMs}`));
      expect(taken.toSorted()).toEqual(all.toSorted());
    });

    it("hands out what was tried before alone, and in its turn", async () => {
      const { driftWindows } = database();
      await withDueWindows(database(), 1);
      const [died] = await claim("died", 1, 0);
      const fresh = await Promise.all([1, 2].map(() => withDueWindows(database(), 1)));
      const [again, ...others] = await claim("a");
      expect(others).toEqual([]);
      expect(again?.claim.windowId).toBe(died?.claim.windowId);
      const rest = await claim("b");
      expect(rest.map(({ profile }) => profile.uid).toSorted()).toEqual(
        fresh.map(({ uid }) => uid).toSorted(),
      );
      // Both are due again; the one that waits longer is not taken along by the other, nor left.
      for (const window of rest)
        await driftWindows.fail(window.claim, { error: "x", retryInMs: 0 });
      expect(await claim("c")).toHaveLength(1);
      expect(await claim("d")).toHaveLength(1);
      expect(await claim("e")).toEqual([]);
    });

    it("completes many at once: each with its alerts and messages, stale ones not at all", async () => {
      const profiles = await Promise.all([1, 2, 3].map(() => withDueWindows(database(), 1)));
      const { driftWindows, alerts, alertOutbox } = database();
      const stale = await claimWindow(database(), "slow", 0);
      const held = [...(await claim("a")), ...(await claim("b"))];
      const windows = [stale, ...held].map(({ claim: ofWindow, profile: { uid } }, i) => ({
        claim: ofWindow,
        completion:
          i === 2 ? completionWith() : completionWith([change("opened")], [`${uid}/${i}`]),
      }));
      expect(await driftWindows.completeAll(windows)).toEqual(["stale", "done", "done", "done"]);
      // The same again is a repeat after a lost reply.
      expect(await driftWindows.completeAll(windows)).toEqual(["stale", "done", "done", "done"]);
      expect(await driftWindows.completeAll([])).toEqual([]);
      for (const { uid } of profiles) {
        const expected = uid === held[1]?.profile.uid ? 0 : 1;
        expect(await alerts.counts(uid)).toEqual({ active: expected, total: expected });
        expect(await alertOutbox.list({ profileUid: uid, limit: 10 })).toHaveLength(expected);
        const { items } = await driftWindows.list({ profileUid: uid, limit: 1 });
        const result = resultOf(expected === 1 ? "alert" : "ok");
        expect(items[0]).toMatchObject({ status: "done", result });
      }
      const states = await alerts.statesOf([...profiles.map(({ uid }) => uid), "no-such-uid"]);
      expect([...states.keys()].toSorted()).toEqual(
        [held[0]!, held[2]!].map((window) => window.profile.uid).toSorted(),
      );
      for (const [uid, known] of states) expect(known).toEqual(await alerts.states(uid));
    });

    it("gives an expired lease to another worker and refuses the first one's result", async () => {
      const { uid } = await withDueWindows(database(), 1);
      const { driftWindows, alerts } = database();
      const slow = await claimWindow(database(), "slow", 0);
      const quick = await claimWindow(database(), "quick");
      expect(quick.attempt).toBe(2);
      expect(quick.claim.fencing).toBeGreaterThan(slow.claim.fencing);
      expect(await driftWindows.heartbeat(slow.claim, 60_000)).toBe(false);
      expect(await driftWindows.heartbeat(quick.claim, 60_000)).toBe(true);
      expect(await driftWindows.fail(slow.claim, { error: "late" })).toBe("stale");
      const late = completionWith([change("opened")], [`${uid}/late`]);
      expect(await driftWindows.complete(slow.claim, late)).toBe("stale");
      expect(await alerts.counts(uid)).toEqual({ active: 0, total: 0 });
      expect(await driftWindows.complete(quick.claim, completionWith())).toBe("done");
      expect(await driftWindows.complete(slow.claim, late)).toBe("stale");
      const { items } = await driftWindows.list({ profileUid: uid, limit: 1 });
      expect(items[0]).toMatchObject({ status: "done", result: resultOf() });
    });

    it("completes once, however often it is told", async () => {
      const { uid } = await withDueWindows(database(), 1);
      const { driftWindows, alerts, alertOutbox } = database();
      const { claim: held } = await claimWindow(database(), "a");
      const completion = completionWith([change("opened")], [`${uid}/1`]);
      const outcomes = await Promise.all([
        driftWindows.complete(held, completion),
        driftWindows.complete(held, completion),
        driftWindows.complete(held, completion),
      ]);
      expect(outcomes).toEqual(["done", "done", "done"]);
      expect(await alerts.counts(uid)).toEqual({ active: 1, total: 1 });
      expect(await alertOutbox.list({ profileUid: uid, limit: 10 })).toHaveLength(1);
    });

    it("stores nothing of a window whose result cannot be stored", async () => {
      const { uid } = await withDueWindows(database(), 1);
      const { driftWindows, alerts, alertOutbox } = database();
      const { claim: held } = await claimWindow(database(), "a");
      let deep: unknown = 1;
      for (let depth = 0; depth < 1100; depth += 1) deep = [deep];
      const completion = completionWith([change("opened")], [`${uid}/1`]);
      const result = { ...completion.result, deep } as never;
      await expect(driftWindows.complete(held, { ...completion, result })).rejects.toMatchObject({
        code: "DATABASE_JSON_TOO_DEEP",
      });
      expect(await alerts.counts(uid)).toEqual({ active: 0, total: 0 });
      expect(await alertOutbox.list({ profileUid: uid, limit: 10 })).toEqual([]);
      expect(await driftWindows.complete(held, completion)).toBe("done");
    });

    it("releases all claims of one worker at once, without counting an attempt", async () => {
      await withDueWindows(database(), 1);
      await withDueWindows(database(), 1);
      const { driftWindows } = database();
      const worker = fresh("worker");
      expect(await claim(worker)).toHaveLength(2);
      expect(await driftWindows.releaseAll(fresh("worker"))).toBe(0);
      expect(await driftWindows.releaseAll(worker)).toBe(2);
      expect((await claim("b")).map(({ attempt }) => attempt)).toEqual([1, 1]);
    });

    it("computes a failed window once more on demand, and no other", async () => {
      const { uid } = await withDueWindows(database(), 1);
      const { driftWindows } = database();
      const first = await claimWindow(database(), "a");
      const { windowId } = first.claim;
      expect(await driftWindows.rerun(windowId)).toBe(false);
      await driftWindows.fail(first.claim, { error: "dead" });
      expect(await driftWindows.get(windowId)).toMatchObject({
        profile_uid: uid,
        status: "failed",
        last_error: "dead",
      });
      const asked = await Promise.all([1, 2, 3].map(() => driftWindows.rerun(windowId)));
      expect(asked.filter(Boolean)).toHaveLength(1);
      const second = await claimWindow(database(), "a");
      expect(second).toMatchObject({ revised: 0, attempt: 1 });
      await driftWindows.complete(second.claim, completionWith());
      expect(await driftWindows.rerun(windowId)).toBe(false);
      expect(await driftWindows.get(windowId)).toMatchObject({ status: "done", observed: 2 });
      expect(await driftWindows.rerun(-1)).toBe(false);
      expect(await driftWindows.get(-1)).toBeUndefined();
    });
  });
}

function lateContract(database: () => Database): void {
  describe.each(["Spc", "Psi", "Custom", "Agent"] as const)("late observations, %s", (kind) => {
    beforeEach(() => endEveryWindow(database()));

    /** Three windows, all done; the first one holds values and its result counts `observed` of them. */
    async function firstDone(held: number, { observed = held, settled = false } = {}) {
      const { uid, begunMs } = await observeSome(database(), kind, held);
      const { driftWindows } = database();
      const toPlan = await toPlanOf(database(), uid);
      const endMs = Date.now() + 1;
      const windows = [
        { startMs: begunMs, endMs },
        { startMs: endMs, endMs: endMs + 1 },
        { startMs: endMs + 1, endMs: endMs + 2 },
      ];
      await driftWindows.plan([planOf(toPlan!, { windows })]);
      while ((await driftWindows.nowMs()) <= endMs + 2);
      const first = await claimWindow(database(), "a");
      await driftWindows.complete(first.claim, { ...completionWith(), observed, settled });
      for (const _ of [2, 3]) {
        const { claim } = await claimWindow(database(), "a");
        await driftWindows.complete(claim, { ...completionWith(), observed: 0, settled: true });
      }
      return { first: first.claim.windowId, uid };
    }

    /** Other tests' windows may be unsettled too. */
    const settle = async (windowId: number) => {
      const late = await database().driftWindows.settle({ limit: 1000, visibleWithinMs: 0 });
      return late.filter((found) => found.windowId === windowId);
    };

    it("make an unsettled window due once more, however many came after it: it counts as revised", async () => {
      const { driftWindows } = database();
      const { first, uid } = await firstDone(5, { observed: 3 });
      expect(await settle(first)).toMatchObject([{ profileUid: uid, found: 2, revised: 1 }]);
      expect(await settle(first)).toEqual([]);
      expect(await driftWindows.get(first)).toMatchObject({ status: "due", late: 2, revised: 1 });
      const again = await claimWindow(database(), "a");
      expect(again).toMatchObject({ claim: { windowId: first }, revised: 1 });
      await driftWindows.complete(again.claim, { ...completionWith(), observed: 5 });
      expect(await driftWindows.get(first)).toMatchObject({ status: "done", observed: 5, late: 0 });
      expect(await settle(first)).toEqual([]);
    });

    it("are none when the result counts what is there, or nothing could come any more", async () => {
      const { first: whole } = await firstDone(4);
      expect(await settle(whole)).toEqual([]);
      expect(await database().driftWindows.get(whole)).toMatchObject({ status: "done", late: 0 });
      const { first: settled } = await firstDone(4, { observed: 3, settled: true });
      expect(await settle(settled)).toEqual([]);
    });

    it("are not looked for before they would be readable", async () => {
      const { first } = await firstDone(5, { observed: 3 });
      const { driftWindows } = database();
      const early = await driftWindows.settle({ limit: 1000, visibleWithinMs: HOUR_MS });
      expect(early).toEqual([]);
      expect(await settle(first)).toHaveLength(1);
    });
  });

  it("a window that is done before its end is unsettled until then", async () => {
    const { driftWindows } = database();
    await endEveryWindow(database());
    const { uid } = await registerDrift(database());
    const toPlan = await toPlanOf(database(), uid);
    const endMs = Date.now() + 1000 * HOUR_MS;
    await driftWindows.plan([planOf(toPlan!, { windows: [{ startMs: SLOT_MS, endMs }] })]);
    const { claim } = await claimWindow(database(), "a");
    await driftWindows.complete(claim, { ...completionWith(), observed: -1, settled: true });
    // Marked already; were it settled, this would mark it.
    expect(await driftWindows.reopen()).toBe(0);
    expect(await driftWindows.settle({ limit: 1000, visibleWithinMs: 0 })).toEqual([]);
  });
}

function listContract(database: () => Database): void {
  describe("pages of windows", () => {
    it("reads newest first, page by page, each window once", async () => {
      const { uid } = await withDueWindows(database(), 7);
      const ends: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await database().driftWindows.list({ profileUid: uid, limit: 3, cursor });
        ends.push(...page.items.map((item) => item.window_end));
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      const expected = hours(1, 7).map(({ endMs }) =>
        new Date(endMs).toISOString().replace(".000Z", ".000000Z"),
      );
      expect(ends).toEqual(expected.toReversed());
    });

    it("gives the newest result of each profile that measured something", async () => {
      await endEveryWindow(database());
      const { uid } = await withDueWindows(database(), 2);
      const { driftWindows } = database();
      await driftWindows.complete((await claimWindow(database(), "a")).claim, completionWith());
      const empty = {
        kind: "Custom" as const,
        features: [{ name: "mape", status: "no-data" as const }],
      };
      await driftWindows.complete((await claimWindow(database(), "a")).claim, {
        ...completionWith(),
        result: empty,
      });
      const latest = await driftWindows.latest();
      expect(latest.find(({ profileUid }) => profileUid === uid)).toEqual({
        profileUid: uid,
        windowEnd: "2026-01-01T01:00:00.000000Z",
        result: resultOf(),
      });
    });

    it.each([
      ["a limit of 0", { limit: 0 }, "DATABASE_LIMIT_OUT_OF_RANGE"],
      ["a foreign cursor", { limit: 1, cursor: "x" }, "DATABASE_CURSOR_INVALID"],
    ])("refuses %s", async (_name, request, code) => {
      await expect(
        database().driftWindows.list({ profileUid: "any", ...request }),
      ).rejects.toMatchObject({ code, kind: "invalid" });
    });
  });
}
