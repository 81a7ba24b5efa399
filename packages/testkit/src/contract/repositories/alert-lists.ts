import type { AlertChange, Database } from "@scouter/database";
import { beforeEach, describe, expect, it } from "vitest";
import {
  change,
  claimWindow,
  completionWith,
  endEveryWindow,
  withDueWindows,
} from "./drift-samples.ts";
import { aroundNow } from "./evaluations.ts";
import { fresh } from "./samples.ts";

export function alertListsContract(database: () => Database): void {
  describe("lists of alerts", () => {
    beforeEach(() => endEveryWindow(database()));

    const complete = async (alerts: readonly AlertChange[]) => {
      const { claim } = await claimWindow(database(), "a");
      await database().driftWindows.complete(claim, completionWith(alerts));
      return claim.windowId;
    };

    it("shows an alert with its first and its last window", async () => {
      const profile = await withDueWindows(database(), 4);
      const { alerts } = database();
      const ask = async (request: object = {}) => {
        const asked = { spaces: [profile.space], limit: 9, ...aroundNow(), ...request };
        return (await alerts.list(asked)).items;
      };
      const first = await complete([change("opened", { observed: 3 })]);
      const last = await complete([change("ongoing")]);
      const [entry] = await ask();
      expect(entry).toMatchObject({
        profile: { uid: profile.uid, kind: "Custom" },
        feature: "mape",
        status: "active",
        windows: 2,
        firstWindowId: first,
        lastWindowId: last,
        lastResult: { name: "mape", status: "alert", observed: 0.5 },
        resolvedAt: null,
        acknowledgedAt: null,
        dispatch: null,
      });
      expect(await alerts.entry(entry!.id)).toEqual(entry);
      expect(await alerts.entry(-1)).toBeUndefined();

      await alerts.setActive(entry!.id, false);
      const [seen] = await ask({ status: "acknowledged" });
      expect(seen?.acknowledgedAt).not.toBeNull();
      expect(await ask({ status: "active" })).toEqual([]);
      await alerts.setActive(entry!.id, true);
      expect((await ask({ status: "active" }))[0]?.acknowledgedAt).toBeNull();
      await complete([change("resolved")]);
      expect((await ask({ status: "resolved" }))[0]?.resolvedAt).not.toBeNull();
      expect(await ask({ status: "active" })).toEqual([]);
    });

    it("filters by space, profile, kind and by the time in which an alert was open", async () => {
      const profile = await withDueWindows(database(), 3);
      const { alerts } = database();
      await complete([change("opened", { key: "a" }), change("opened", { key: "b" })]);
      await complete([change("resolved", { key: "a" })]);
      const names = async (request: object) => {
        const asked = { spaces: "all" as const, limit: 9, profileUid: profile.uid, ...aroundNow() };
        return (await alerts.list({ ...asked, ...request })).items.map(({ feature }) => feature);
      };
      expect(await names({})).toEqual(["b", "a"]);
      expect(await names({ spaces: [profile.space] })).toEqual(["b", "a"]);
      expect(await names({ spaces: [fresh("space")] })).toEqual([]);
      expect(await names({ spaces: [] })).toEqual([]);
      expect(await names({ kind: "Custom" })).toEqual(["b", "a"]);
      expect(await names({ kind: "Psi" })).toEqual([]);
      expect(await names({ profileUid: fresh("nobody") })).toEqual([]);
      const { startMs, endMs } = aroundNow();
      expect(await names({ startMs: startMs - 9e6, endMs: startMs })).toEqual([]);
      // What is open goes on; what was resolved before does not.
      expect(await names({ startMs: endMs, endMs: endMs + 9e6 })).toEqual(["b"]);
    });

    it("pages without doubles while alerts open", async () => {
      const profile = await withDueWindows(database(), 2);
      const { alerts } = database();
      const keys = ["a", "b", "c"];
      await complete(keys.map((key) => change("opened", { key })));
      const asked = { spaces: [profile.space], limit: 2, ...aroundNow() };
      const first = await alerts.list(asked);
      await complete([change("opened", { key: "late" })]);
      const second = await alerts.list({ ...asked, cursor: first.nextCursor! });
      const names = [...first.items, ...second.items].map(({ feature }) => feature);
      expect(names).toEqual(["c", "b", "a"]);
      expect(second.nextCursor).toBeNull();
      await expect(alerts.list({ ...asked, cursor: "?" })).rejects.toMatchObject({
        code: "DATABASE_CURSOR_INVALID",
      });
    });

    it("finds what was told of an alert, with every attempt", async () => {
      const profile = await withDueWindows(database(), 1);
      const { alerts, alertOutbox, driftWindows } = database();
      const { claim, endMs } = await claimWindow(database(), "a");
      const message = (key: string, feature: string) => ({
        dedupKey: `${profile.uid}/${new Date(endMs).toISOString()}/0${key}`,
        message: { alerts: [{ entity_name: feature, alert: "None" }] },
      });
      await driftWindows.complete(claim, {
        ...completionWith([change("opened", { key: "mape" })]),
        messages: [message("/mape", "mape"), message("/other", "other")],
      });
      const told = await alertOutbox.claim({ workerId: "a", limit: 99, leaseMs: 60_000 });
      for (const { claim: held } of told) {
        await alertOutbox.failed(held, { channel: "slack", error: "away", retryInMs: 0 });
      }
      for (const { claim: held } of await alertOutbox.claim({
        workerId: "a",
        limit: 99,
        leaseMs: 60_000,
      })) {
        await alertOutbox.delivered(held, { channel: "console" });
      }
      const asked = { spaces: [profile.space], limit: 1, ...aroundNow() };
      const [entry] = (await alerts.list(asked)).items;
      expect(await alerts.messages(entry!)).toMatchObject([
        {
          status: "delivered",
          dueAt: null,
          deliveries: [
            { channel: "slack", outcome: "failed", detail: "away" },
            { channel: "console", outcome: "delivered", detail: null },
          ],
        },
      ]);
    });
  });
}
