import type { Database, DeadLetterChange, DeadLetterSource } from "@scouter/database";
import { beforeEach, describe, expect, it } from "vitest";
import { claimWindow, endEveryWindow, withDueWindows } from "./drift-samples.ts";
import { endEverythingDue, recordsFor, registerAgent } from "./samples.ts";

const LEASE_MS = 60_000;

export function deadLetterAlertsContract(database: () => Database): void {
  describe("alerts of dead letters", () => {
    let uid: string;
    beforeEach(async () => {
      await endEverythingDue(database());
      uid = (await registerAgent(database())).uid;
    });

    /** Stores records of the profile and gives them up. */
    const giveUp = async (count: number, error = "no model") => {
      await database().evalRecords.store(recordsFor(uid, count));
      const request = { workerId: "w", limit: count, leaseMs: LEASE_MS };
      for (const { claim } of await database().evalRecords.claim(request)) {
        await database().evalRecords.fail(claim, { error });
      }
    };
    const changeOf = async (profileUid: string): Promise<DeadLetterChange | undefined> => {
      const changes = await database().deadLetterAlerts.changes();
      return changes.find(({ profile }) => profile.uid === profileUid);
    };
    const tell = (change: DeadLetterChange | undefined) =>
      database().deadLetterAlerts.tell(change!, tellingOf(change!));
    const alerts = async (profileUid: string) => {
      const page = await database().alerts.page({ uid: profileUid });
      return page.items.map(({ active, alert }) => [active, alert]);
    };
    const messages = async (profileUid: string) => {
      const stored = await database().alertOutbox.list({ profileUid, limit: 10 });
      return stored.map(({ dedupKey }) => dedupKey).toReversed();
    };

    it("open once, follow the number, and end when the last was run again", async () => {
      expect(await changeOf(uid)).toBeUndefined();
      await giveUp(2);
      await giveUp(1, "no trace");
      const opened = await changeOf(uid);
      expect(opened).toMatchObject({
        source: "records",
        action: "opened",
        count: 3,
        told: 0,
        lastError: "no trace",
        profile: { uid, driftType: "Agent" },
      });
      expect(await tell(opened)).toBe(true);
      expect(await changeOf(uid)).toBeUndefined();
      expect(await alerts(uid)).toEqual([[true, alertOf(3)]]);

      await giveUp(1);
      const more = await changeOf(uid);
      expect(more).toMatchObject({ action: "ongoing", count: 4, told: 3 });
      expect(await tell(more)).toBe(true);
      expect(await alerts(uid)).toEqual([[true, alertOf(4)]]);

      await database().evalRecords.again({ profileUid: uid });
      const over = await changeOf(uid);
      expect(over).toMatchObject({ action: "resolved", count: 0, told: 4, lastError: null });
      expect(await tell(over)).toBe(true);
      expect(await alerts(uid)).toEqual([[false, alertOf(4)]]);
      expect(await messages(uid)).toEqual([
        `${uid}/opened/3`,
        `${uid}/ongoing/4`,
        `${uid}/resolved/0`,
      ]);
      expect(await changeOf(uid)).toBeUndefined();
    });

    it("end when all are discarded, and open anew for the next", async () => {
      await giveUp(2);
      await tell(await changeOf(uid));
      const { items } = await database().evalRecords.page({ service_info: { uid, space: "any" } });
      const one = { profileUid: uid, recordUid: items[0]!.uid };
      expect(await database().evalRecords.discard(one)).toBe(1);
      expect(await database().evalRecords.discard(one)).toBe(0);
      expect(await changeOf(uid)).toMatchObject({ action: "ongoing", count: 1 });
      expect(await database().evalRecords.discard({ profileUid: uid })).toBe(1);
      await tell(await changeOf(uid));
      expect(await alerts(uid)).toEqual([[false, alertOf(2)]]);

      expect(await database().evalRecords.again(one)).toBe(1);
      const request = { workerId: "w", limit: 1, leaseMs: LEASE_MS };
      const [claimed] = await database().evalRecords.claim(request);
      await database().evalRecords.fail(claimed!.claim, { error: "again" });
      expect(await changeOf(uid)).toMatchObject({ action: "opened", count: 1 });
    });

    it("are told by one of two who look at the same time", async () => {
      await giveUp(1);
      const opened = await changeOf(uid);
      const told = await Promise.all([tell(opened), tell(opened)]);
      expect(told.filter(Boolean)).toHaveLength(1);
      expect(await alerts(uid)).toHaveLength(1);
      await database().evalRecords.discard({ profileUid: uid });
      const over = await changeOf(uid);
      const ended = await Promise.all([tell(over), tell(over)]);
      expect(ended.filter(Boolean)).toHaveLength(1);
    });

    it("count the windows of drift that failed", async () => {
      await endEveryWindow(database());
      const profile = await withDueWindows(database(), 1);
      const { claim } = await claimWindow(database(), "a");
      await database().driftWindows.fail(claim, { error: "unreadable" });
      const opened = await changeOf(profile.uid);
      expect(opened).toMatchObject({ source: "windows", count: 1, lastError: "unreadable" });
      await tell(opened);
      expect(await database().driftWindows.rerun(claim.windowId)).toBe(true);
      await tell(await changeOf(profile.uid));
      expect(await alerts(profile.uid)).toEqual([[false, alertOf(1)]]);
    });
  });
}

function alertOf(count: number) {
  const comparison = {
    metric_name: "given up",
    baseline_value: 0,
    observed_value: count,
    delta: null,
    alert_threshold: "Above" as const,
  };
  return { Custom: comparison };
}

function tellingOf({ profile, action, count }: DeadLetterChange) {
  const entityName: DeadLetterSource = "records";
  const dedupKey = `${profile.uid}/${action}/${count}`;
  return { entityName, alert: alertOf(count), messages: [{ dedupKey, message: {} }] };
}
