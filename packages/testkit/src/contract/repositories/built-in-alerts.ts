import type { BuiltInAlertChange, Database } from "@scouter/database";
import { beforeEach, describe, expect, it } from "vitest";
import { endEverythingDue, recordsFor, registerAgent } from "./samples.ts";
import {
  claimWindow,
  completionWith,
  endEveryWindow,
  hours,
  withDueWindows,
} from "./drift-samples.ts";

const DAY_MS = 86_400_000;
const OPENED_MS = Date.parse("2026-05-01T10:00:00.123Z");

export function builtInAlertsContract(database: () => Database): void {
  describe("what built-in alerts look for", () => {
    beforeEach(() => endEveryWindow(database()));

    it("finds windows that were given up, while they are new", async () => {
      const { uid, space, name, version } = await withDueWindows(database(), 2);
      const { driftWindows, builtInAlerts } = database();
      for (const error of ["first", "second"]) {
        await driftWindows.fail((await claimWindow(database(), "a")).claim, { error });
      }
      expect(await found(builtInAlerts.failedWindows(DAY_MS), uid)).toMatchObject([
        {
          space,
          name,
          driftType: "Custom",
          count: 2,
          error: expect.stringMatching(/first|second/),
        },
      ]);
      expect(await found(builtInAlerts.failedWindows(0), uid)).toEqual([]);
      expect(await found(builtInAlerts.missedWindows(DAY_MS), uid)).toEqual([]);
      const key = { space, name, version };
      await database().profiles.setStatus({ ...key, active: false, deactivateOthers: false });
      expect(await found(builtInAlerts.failedWindows(DAY_MS), uid)).toEqual([]);
    });

    it("counts the windows that a stretch stands for that was left out", async () => {
      const [stretch] = hours(-40, 1);
      const skipped = { ...stretch!, count: 40, reason: "more than 1000 were due" };
      const { uid } = await withDueWindows(database(), 1, { skipped });
      expect(await found(database().builtInAlerts.missedWindows(DAY_MS), uid)).toMatchObject([
        { count: 40, error: "more than 1000 were due" },
      ]);
    });

    it("finds messages that were given up, but not its own", async () => {
      const { uid } = await withDueWindows(database(), 1);
      const { builtInAlerts, alertOutbox, driftWindows } = database();
      const { claim } = await claimWindow(database(), "a");
      await driftWindows.complete(claim, completionWith([], [`${uid}/1`]));
      await builtInAlerts.settle([opening("no-data", uid)]);
      for (const message of await alertOutbox.claim({
        workerId: "w",
        limit: 100,
        leaseMs: 60_000,
      })) {
        await alertOutbox.failed(message.claim, { channel: "slack", error: "no such channel" });
      }
      expect(await found(builtInAlerts.undeliveredAlerts(DAY_MS), uid)).toMatchObject([
        { count: 1, error: "no such channel" },
      ]);
    });

    it("finds records that were given up, until they are run again or discarded", async () => {
      await endEverythingDue(database());
      const { uid } = await registerAgent(database());
      const { evalRecords, builtInAlerts } = database();
      const giveUp = async (count: number, error: string) => {
        await evalRecords.store(recordsFor(uid, count));
        const claimed = await evalRecords.claim({ workerId: "w", limit: count, leaseMs: 60_000 });
        for (const { claim } of claimed) await evalRecords.fail(claim, { error });
        return claimed.map(({ record }) => record.uid);
      };
      expect(await found(builtInAlerts.deadRecords(), uid)).toEqual([]);
      const [first = ""] = await giveUp(3, "no model");
      await giveUp(1, "no trace");
      const dead = { driftType: "Agent", count: 4, error: "no trace" };
      expect(await found(builtInAlerts.deadRecords(), uid)).toMatchObject([dead]);

      expect(await evalRecords.discard({ profileUid: uid, recordUid: first })).toBe(1);
      expect(await evalRecords.discard({ profileUid: uid, recordUid: first })).toBe(0);
      expect(await found(builtInAlerts.deadRecords(), uid)).toMatchObject([{ count: 3 }]);
      expect(await evalRecords.discard({ profileUid: uid })).toBe(3);
      expect(await found(builtInAlerts.deadRecords(), uid)).toEqual([]);
      expect((await evalRecords.counts(uid)).failed).toBe(4);

      expect(await evalRecords.again({ profileUid: uid, recordUid: first })).toBe(1);
      const [claimed] = await evalRecords.claim({ workerId: "w", limit: 1, leaseMs: 60_000 });
      await evalRecords.fail(claimed!.claim, { error: "once more" });
      expect(await found(builtInAlerts.deadRecords(), uid)).toMatchObject([
        { count: 1, error: "once more" },
      ]);
      await evalRecords.again({ profileUid: uid });
      expect(await found(builtInAlerts.deadRecords(), uid)).toEqual([]);
    });

    it("finds schedules that cannot be read", async () => {
      const { uid } = await withDueWindows(database(), 0, { error: "no such hour" });
      expect(await found(database().builtInAlerts.unreadableSchedules(), uid)).toMatchObject([
        { count: 1, error: "no such hour" },
      ]);
    });

    it("finds profiles that fell silent, not those that never spoke", async () => {
      const { uid } = await withDueWindows(database(), 3);
      const { driftWindows, builtInAlerts } = database();
      const completeWith = async (observed: number) => {
        const { claim } = await claimWindow(database(), "a");
        await driftWindows.complete(claim, { ...completionWith(), observed });
      };
      await completeWith(5);
      await completeWith(0);
      expect(await found(builtInAlerts.silentProfiles(2), uid)).toEqual([]);
      await completeWith(0);
      expect(await found(builtInAlerts.silentProfiles(2), uid)).toMatchObject([{ count: 2 }]);
      expect(await found(builtInAlerts.silentProfiles(3), uid)).toEqual([]);
      const quiet = await withDueWindows(database(), 2);
      for (const observed of [0, 0]) await completeWith(observed);
      expect(await found(builtInAlerts.silentProfiles(2), quiet.uid)).toEqual([]);
    });
  });

  describe("built-in alerts", () => {
    it("are alerts of their profile from the opening to the end, told once each", async () => {
      const { uid, space } = await withDueWindows(database(), 1);
      const { builtInAlerts, alerts, alertOutbox } = database();
      expect(await builtInAlerts.settle([opening("no-data", uid)])).toBe(1);
      expect(await openOf(database(), uid)).toMatchObject([
        { rule: "no-data", openedAtMs: OPENED_MS, profile: { uid, space, driftType: "Custom" } },
      ]);
      expect((await alerts.page({ uid })).items).toMatchObject([
        { entity_name: "no-data", active: true, alert: { Custom: { observed_value: 2 } } },
      ]);
      // Windows know nothing of them.
      expect(await alerts.states(uid)).toEqual([]);
      expect(await builtInAlerts.settle([ending("no-data", uid)])).toBe(1);
      expect(await openOf(database(), uid)).toEqual([]);
      expect((await alerts.page({ uid })).items).toMatchObject([{ active: false }]);
      expect(await builtInAlerts.settle([ending("no-data", uid)])).toBe(0);
      const keys = (await alertOutbox.list({ profileUid: uid, limit: 10 })).map((m) => m.dedupKey);
      expect(keys).toEqual([`${uid}/no-data/resolve`, `${uid}/no-data/trigger`]);
    });

    it("open once, whoever looks, and again after their end", async () => {
      const { uid } = await withDueWindows(database(), 1);
      const { builtInAlerts, alerts } = database();
      const both = await Promise.allSettled([
        builtInAlerts.settle([opening("no-data", uid)]),
        builtInAlerts.settle([opening("no-data", uid)]),
      ]);
      expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
      expect(await alerts.counts(uid)).toEqual({ active: 1, total: 1 });
      await builtInAlerts.settle([ending("no-data", uid)]);
      expect(await builtInAlerts.settle([opening("no-data", uid)])).toBe(1);
      expect(await alerts.counts(uid)).toEqual({ active: 1, total: 2 });
    });

    it("are found by the page of the alert with their message", async () => {
      const { uid } = await withDueWindows(database(), 1);
      const { builtInAlerts, alerts } = database();
      const key = `${uid}/${new Date(OPENED_MS).toISOString()}/built-in/trigger/no-data`;
      const { message } = opening("no-data", uid);
      await builtInAlerts.settle([
        { ...opening("no-data", uid), message: message && { ...message, dedupKey: key } },
      ]);
      const [item] = (await alerts.page({ uid })).items;
      const entry = await alerts.entry(item!.id);
      expect(await alerts.messages(entry!)).toMatchObject([{ status: "pending" }]);
    });
  });
}

async function found<Item extends { readonly uid: string }>(
  all: Promise<readonly Item[]>,
  uid: string,
): Promise<readonly Item[]> {
  return (await all).filter((item) => item.uid === uid);
}

async function openOf(database: Database, uid: string) {
  return (await database.builtInAlerts.open()).filter(({ profile }) => profile.uid === uid);
}

function opening(rule: string, uid: string): BuiltInAlertChange {
  return {
    action: "opened",
    rule,
    profileUid: uid,
    openedAtMs: OPENED_MS,
    alert: {
      Custom: {
        metric_name: rule,
        baseline_value: 0,
        observed_value: 2,
        delta: null,
        alert_threshold: "Above",
      },
    },
    message: {
      dedupKey: `${uid}/${rule}/trigger`,
      message: { built_in: rule, alerts: [{ entity_name: rule, alert: "None" }] },
    },
  };
}

function ending(rule: string, uid: string): BuiltInAlertChange {
  return {
    action: "resolved",
    rule,
    profileUid: uid,
    openedAtMs: OPENED_MS,
    alert: "None",
    message: { dedupKey: `${uid}/${rule}/resolve`, message: { built_in: rule } },
  };
}
