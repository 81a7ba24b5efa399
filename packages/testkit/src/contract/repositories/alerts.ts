import type { AlertChange, Database } from "@scouter/database";
import { beforeEach, describe, expect, it } from "vitest";
import {
  change,
  claimWindow,
  completionWith,
  endEveryWindow,
  withDueWindows,
} from "./drift-samples.ts";
import { fresh } from "./samples.ts";

export function alertsContract(database: () => Database): void {
  alertRowsContract(database);
  outboxContract(database);
  namedLeasesContract(database);
}

function alertRowsContract(database: () => Database): void {
  describe("alerts", () => {
    beforeEach(() => endEveryWindow(database()));

    /** Completes the next due window. */
    const complete = async (alerts: readonly AlertChange[]) => {
      const { claim } = await claimWindow(database(), "a");
      await database().driftWindows.complete(claim, completionWith(alerts));
    };

    it("is one row from its opening to its end", async () => {
      const { uid } = await withDueWindows(database(), 4);
      const { alerts } = database();
      await complete([change("opened", { observed: 3 }), change("none", { key: "rmse" })]);
      const opened = await alerts.page({ uid });
      expect(opened.items).toMatchObject([
        { entity_name: "mape", active: true, alert: { Custom: { observed_value: 3 } } },
      ]);
      await complete([change("ongoing", { observed: 4 })]);
      expect(await alerts.page({ uid })).toEqual(opened);
      await complete([change("resolved")]);
      expect((await alerts.page({ uid })).items).toEqual([{ ...opened.items[0], active: false }]);
      expect(await alerts.states(uid)).toEqual([
        { key: "mape", entityName: "mape", state: { phase: "quiet" } },
        { key: "rmse", entityName: "rmse", state: { phase: "open" } },
      ]);
      await complete([change("opened")]);
      expect(await alerts.counts(uid)).toEqual({ active: 1, total: 2 });
      expect((await alerts.page({ uid, active: false })).items).toHaveLength(1);
    });

    it("lets people set an alert aside without forgetting its state", async () => {
      const { uid, space } = await withDueWindows(database(), 2);
      const { alerts } = database();
      await complete([change("opened")]);
      const [item] = (await alerts.page({ uid })).items;
      expect(await alerts.setActive(item!.id, false)).toBe(true);
      expect(await alerts.counts(uid)).toEqual({ active: 0, total: 1 });
      await complete([change("ongoing")]);
      expect(await alerts.counts(uid)).toEqual({ active: 0, total: 1 });
      expect(await alerts.setActive(item!.id, true)).toBe(true);
      expect((await alerts.page({ uid, active: true })).items).toEqual([item]);
      expect(await alerts.setActive(-1, true)).toBe(false);
      expect(await alerts.spaceOf(item!.id)).toBe(space);
      expect(await alerts.spaceOf(-1)).toBeUndefined();
      expect(await alerts.profileOf(item!.id)).toBe(uid);
      expect(await alerts.profileOf(-1)).toBeUndefined();
    });

    it("pages newest first, forth and back, by the wire's cursor", async () => {
      const { uid } = await withDueWindows(database(), 1);
      const { alerts } = database();
      const keys = ["a", "b", "c", "d", "e"];
      await complete(keys.map((key) => change("opened", { key })));
      const names = (page: { items: readonly { entity_name: string }[] }) =>
        page.items.map((item) => item.entity_name);
      const first = await alerts.page({ uid, limit: 2 });
      expect(names(first)).toEqual(["e", "d"]);
      expect(first).toMatchObject({ has_next: true, has_previous: false });
      expect(first.previous_cursor).toBeNull();
      const after = (cursor: typeof first.next_cursor, direction: string) => ({
        uid,
        limit: 2,
        cursor_created_at: cursor?.created_at,
        cursor_id: cursor?.id,
        direction,
      });
      const second = await alerts.page(after(first.next_cursor, "next"));
      expect(names(second)).toEqual(["c", "b"]);
      expect(second).toMatchObject({ has_next: true, has_previous: true });
      const third = await alerts.page(after(second.next_cursor, "next"));
      expect(names(third)).toEqual(["a"]);
      expect(third).toMatchObject({ has_next: false, next_cursor: null });
      const back = await alerts.page(after(third.previous_cursor, "previous"));
      expect(names(back)).toEqual(["c", "b"]);
      expect(back).toMatchObject({ has_next: true, has_previous: true });
      const start = await alerts.page(after(back.previous_cursor, "previous"));
      expect(names(start)).toEqual(["e", "d"]);
      expect(start.has_previous).toBe(false);
    });

    it("filters by time: from included, to excluded", async () => {
      const { uid } = await withDueWindows(database(), 1);
      const { alerts } = database();
      await complete([change("opened")]);
      const at = (await alerts.page({ uid })).items[0]!.created_at;
      expect((await alerts.page({ uid, start_datetime: at })).items).toHaveLength(1);
      expect((await alerts.page({ uid, end_datetime: at })).items).toHaveLength(0);
      expect((await alerts.page({ uid: fresh("nobody") })).items).toEqual([]);
    });
  });
}

function outboxContract(database: () => Database): void {
  describe("alert outbox", () => {
    const claim = (workerId: string, leaseMs = 60_000) =>
      database().alertOutbox.claim({ workerId, limit: 100, leaseMs });

    beforeEach(async () => {
      await endEveryWindow(database());
      for (const { claim: held } of await claim("janitor")) {
        await database().alertOutbox.delivered(held, { channel: "console" });
      }
    });

    /** Stores messages with a window's result; the keys begin with the profile's uid. */
    const send = async (...keys: readonly string[]) => {
      const { uid } = await withDueWindows(database(), 1);
      const { claim: held } = await claimWindow(database(), "a");
      const dedupKeys = keys.map((key) => `${uid}/${key}`);
      await database().driftWindows.complete(held, completionWith([], dedupKeys));
      return uid;
    };

    it("hands messages out once, oldest first, and never again when delivered", async () => {
      const uid = await send("1", "2");
      const claimed = await claim("a");
      expect(claimed).toMatchObject([
        { dedupKey: `${uid}/1`, attempt: 1, message: { text: `${uid}/1` } },
        { dedupKey: `${uid}/2`, attempt: 1 },
      ]);
      expect(await claim("b")).toEqual([]);
      const { alertOutbox } = database();
      for (const { claim: held } of claimed) {
        expect(await alertOutbox.delivered(held, { channel: "console" })).toBe(true);
      }
      expect(await claim("b")).toEqual([]);
      expect(await alertOutbox.list({ profileUid: uid, limit: 10 })).toMatchObject([
        { dedupKey: `${uid}/2`, status: "delivered", attempts: 1, lastError: null },
        {
          dedupKey: `${uid}/1`,
          deliveries: [{ channel: "console", outcome: "delivered", detail: null }],
        },
      ]);
    });

    it("keeps every attempt in the log, and the key over all of them", async () => {
      const uid = await send("1");
      const { alertOutbox } = database();
      const [first] = await claim("a");
      expect(
        await alertOutbox.failed(first!.claim, { channel: "slack", error: "504", retryInMs: 0 }),
      ).toBe(true);
      const [second] = await claim("a");
      expect(second).toMatchObject({ dedupKey: first?.dedupKey, attempt: 2 });
      expect(await alertOutbox.failed(second!.claim, { channel: "slack", error: "gone" })).toBe(
        true,
      );
      expect(await claim("a")).toEqual([]);
      expect(await alertOutbox.list({ profileUid: uid, limit: 1 })).toMatchObject([
        {
          status: "failed",
          attempts: 2,
          lastError: "gone",
          deliveries: [
            { channel: "slack", outcome: "failed", detail: "504" },
            { channel: "slack", outcome: "failed", detail: "gone" },
          ],
        },
      ]);
    });

    it("gives an expired lease to another worker and logs what the first one did", async () => {
      const uid = await send("1");
      const { alertOutbox } = database();
      const [slow] = await claim("slow", 0);
      const [quick] = await claim("quick");
      expect(quick?.attempt).toBe(2);
      expect(await alertOutbox.delivered(slow!.claim, { channel: "console" })).toBe(false);
      expect(await alertOutbox.delivered(quick!.claim, { channel: "console" })).toBe(true);
      const [message] = await alertOutbox.list({ profileUid: uid, limit: 1 });
      expect(message).toMatchObject({ status: "delivered" });
      expect(message?.deliveries).toHaveLength(2);
    });

    it("stores a message with a known key once", async () => {
      const uid = await send("1");
      const other = await withDueWindows(database(), 1);
      const { claim: held } = await claimWindow(database(), "a");
      await database().driftWindows.complete(held, completionWith([], [`${uid}/1`]));
      const { alertOutbox } = database();
      expect(await alertOutbox.list({ profileUid: other.uid, limit: 10 })).toEqual([]);
      expect(await claim("a")).toHaveLength(1);
    });

    it("releases all claims of one worker, and tells of new messages", async () => {
      const heard = Promise.withResolvers<void>();
      const end = await database().listen("alert_outbox", () => heard.resolve());
      await send("1", "2");
      await heard.promise;
      await end();
      const before = await database().alertOutbox.counts();
      const worker = fresh("worker");
      expect(await claim(worker)).toHaveLength(2);
      expect(await database().alertOutbox.counts()).toEqual({
        ...before,
        sending: before.sending + 2,
        pending: before.pending - 2,
      });
      expect(await database().alertOutbox.releaseAll(worker)).toBe(2);
      expect((await claim("b")).map(({ attempt }) => attempt)).toEqual([1, 1]);
    });
  });
}

function namedLeasesContract(database: () => Database): void {
  describe("leases by name", () => {
    it("belongs to one holder at a time, until it is released or its time is over", async () => {
      const { leases } = database();
      const name = fresh("lease");
      const acquire = (holder: string, leaseMs = 60_000) =>
        leases.acquire({ name, holder, leaseMs });
      const taken = await Promise.all(["a", "b", "c"].map((holder) => acquire(holder)));
      expect(taken.filter(Boolean)).toHaveLength(1);
      const holder = ["a", "b", "c"][taken.indexOf(true)]!;
      const other = holder === "a" ? "b" : "a";
      expect(await acquire(holder)).toBe(true);
      expect(await acquire(other)).toBe(false);
      await leases.release(name, other);
      expect(await acquire(other)).toBe(false);
      await leases.release(name, holder);
      expect(await acquire(other, 0)).toBe(true);
      expect(await acquire(holder)).toBe(true);
      expect(await acquire(other)).toBe(false);
    });

    it("gives epochs that never fall, whoever has it and whatever it was asked to be above", async () => {
      const { leases } = database();
      const name = fresh("lease");
      const acquire = (holder: string, above = 0, leaseMs = 60_000) =>
        leases.acquireEpoch({ name, holder, leaseMs }, above);
      expect(await acquire("a")).toBe(1);
      expect(await acquire("a")).toBe(2);
      expect(await acquire("b", 100)).toBeUndefined();
      expect(await leases.acquire({ name, holder: "a", leaseMs: 60_000 })).toBe(true);
      await leases.release(name, "a");
      expect(await acquire("b", 0, 0)).toBe(3);
      expect(await acquire("c", 100)).toBe(101);
      expect(await acquire("c", 7)).toBe(102);
    });
  });
}
