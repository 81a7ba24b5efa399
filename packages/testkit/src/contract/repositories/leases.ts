import type { ClaimedEvalRecord, Database } from "@scouter/database";
import { beforeEach, describe, expect, it } from "vitest";
import {
  completionOf,
  endEverythingDue,
  recordFor,
  recordsFor,
  registerAgent,
  taskOf,
} from "./samples.ts";

const LEASE_MS = 60_000;

export function leasesContract(database: () => Database): void {
  describe("leases of records", () => {
    let profileUid: string;
    beforeEach(async () => {
      await endEverythingDue(database());
      profileUid = (await registerAgent(database(), { version: "1.0.0" })).uid;
    });

    const claim = (workerId: string, limit = 10, leaseMs = LEASE_MS) =>
      database().evalRecords.claim({ workerId, limit, leaseMs });
    const storeOne = async () => {
      const item = recordFor(profileUid);
      await database().evalRecords.store([item]);
      return item.record.uid;
    };
    const claimOne = async (workerId: string, leaseMs = LEASE_MS): Promise<ClaimedEvalRecord> => {
      const [claimed] = await claim(workerId, 1, leaseMs);
      if (claimed === undefined) throw new Error("nothing was due");
      return claimed;
    };
    const stateOf = async (uid: string) => (await database().evalRecords.byUid(uid))[0];

    it("hands out what is due, oldest first, with its profile", async () => {
      const uids = [await storeOne(), await storeOne(), await storeOne()];
      const claimed = await claim("worker-a", 2);
      expect(claimed.map(({ record }) => record.uid)).toEqual(uids.slice(0, 2));
      expect(claimed[0]).toMatchObject({
        attempt: 1,
        profile: { uid: profileUid, version: "1.0.0", name: "agent" },
        record: { status: "Processing", context: { question: "why?" }, entity_uid: profileUid },
      });
      const rest = await claim("worker-b");
      expect(rest.map(({ record }) => record.uid)).toEqual(uids.slice(2));
      expect(await claim("worker-c")).toEqual([]);
    });

    it("shares no record among 8 claimers at once, and leaves none", async () => {
      const stored = recordsFor(profileUid, 200);
      await database().evalRecords.store(stored);
      const takeAll = async (workerId: string): Promise<readonly string[]> => {
        const claimed = await claim(workerId, 7);
        if (claimed.length === 0) return [];
        return [...claimed.map(({ record }) => record.uid), ...(await takeAll(workerId))];
      };
      const taken = await Promise.all(Array.from({ length: 8 }, (_, i) => takeAll(`w${i}`)));
      expect(taken.flat().toSorted()).toEqual(stored.map(({ record }) => record.uid).toSorted());
    });

    it("stores results and status together, under the record's identity", async () => {
      const uid = await storeOne();
      const claimed = await claimOne("worker-a");
      const judge = {
        provider: "openai",
        model: "gpt-4o",
        calls: 2,
        cached_calls: 1,
        input_tokens: 300,
        output_tokens: 20,
        cost_usd: 0.00095,
      };
      const completion = {
        ...completionOf(claimed, ["passed", "failed"]),
        tasks: [
          taskOf({
            task_id: "late",
            judge,
            stage: 1,
            outcome: "failed",
            message: "a\u0000b\uD800",
          }),
          taskOf({ task_id: "b", start_time: "2026-03-01T10:00:00.000002Z" }),
          taskOf({ task_id: "a", start_time: "2026-03-01T10:00:00.000001Z" }),
        ],
      };
      expect(await database().evalRecords.complete([completion])).toEqual(["done"]);
      expect(await stateOf(uid)).toMatchObject({ status: "Processed", processing_duration: 12 });
      const tasks = await database().evalRecords.tasksOf(uid);
      expect(tasks.map((task) => task.task_id)).toEqual(["a", "b", "late"]);
      expect(tasks[0]).toMatchObject({
        record_uid: uid,
        entity_uid: profileUid,
        assertion: { FieldPath: "a.b" },
        expected: null,
        start_time: "2026-03-01T10:00:00.000001Z",
      });
      expect(JSON.stringify(tasks[0]?.actual)).toBe('{"z":1,"a":[1,null]}');
      expect(tasks[2]).toMatchObject({ message: "a\uFFFDb\uFFFD", outcome: "failed", judge });
      expect(tasks[0]).not.toHaveProperty("judge");
    });

    it("completes once, however often it is told", async () => {
      const uid = await storeOne();
      const completion = completionOf(await claimOne("worker-a"), ["passed", "passed"]);
      const { evalRecords } = database();
      const outcomes = await Promise.all([
        evalRecords.complete([completion]),
        evalRecords.complete([completion]),
        evalRecords.complete([completion]),
      ]);
      expect(outcomes).toEqual([["done"], ["done"], ["done"]]);
      expect(await evalRecords.complete([completion])).toEqual(["done"]);
      expect(await evalRecords.tasksOf(uid)).toHaveLength(2);
      expect((await evalRecords.summary(profileUid))[0]).toMatchObject({ recordsEvaluated: 1 });
    });

    it("gives an expired lease to another worker and refuses the first one's results", async () => {
      const uid = await storeOne();
      const slow = await claimOne("slow", 0);
      const quick = await claimOne("quick");
      expect(quick.record.uid).toBe(uid);
      expect(quick.claim.fencing).toBeGreaterThan(slow.claim.fencing);
      expect(quick).toMatchObject({ attempt: 2, record: { retry_count: 1 } });
      expect(quick.record.last_error).toContain("slow");
      const { evalRecords } = database();
      expect(await evalRecords.heartbeat([slow.claim, quick.claim], LEASE_MS)).toEqual([
        slow.claim,
      ]);
      expect(await evalRecords.fail(slow.claim, { error: "late" })).toBe("stale");
      expect(
        await evalRecords.complete([completionOf(slow, ["failed"]), completionOf(quick)]),
      ).toEqual(["stale", "done"]);
      expect(await evalRecords.complete([completionOf(slow, ["failed"])])).toEqual(["stale"]);
      expect((await evalRecords.tasksOf(uid)).map((task) => task.outcome)).toEqual(["passed"]);
    });

    it("completes after its lease ran out when nobody else took the record", async () => {
      await storeOne();
      const claimed = await claimOne("slow", 0);
      expect(await database().evalRecords.complete([completionOf(claimed)])).toEqual(["done"]);
    });

    it("extends a lease by a heartbeat", async () => {
      await storeOne();
      const claimed = await claimOne("worker-a", 0);
      expect(await database().evalRecords.heartbeat([claimed.claim], LEASE_MS)).toEqual([]);
      expect(await claim("worker-b")).toEqual([]);
    });

    it("keeps attempts and the last error of a failed attempt that is retried", async () => {
      const uid = await storeOne();
      const { evalRecords } = database();
      const first = await claimOne("worker-a");
      expect(await evalRecords.fail(first.claim, { error: "no\u0000model", retryInMs: 0 })).toBe(
        "done",
      );
      expect(await stateOf(uid)).toMatchObject({
        status: "Pending",
        retry_count: 1,
        last_error: "no\uFFFDmodel",
      });
      expect(await evalRecords.counts(profileUid)).toMatchObject({ pending: 1, retrying: 1 });
      const second = await claimOne("worker-a");
      expect(second.attempt).toBe(2);
      await evalRecords.fail(second.claim, { error: "again", retryInMs: 3_600_000 });
      expect(await claim("worker-a")).toEqual([]);
    });

    it("gives up for good without a time to retry", async () => {
      const uid = await storeOne();
      const claimed = await claimOne("worker-a");
      expect(await database().evalRecords.fail(claimed.claim, { error: "broken" })).toBe("done");
      expect(await stateOf(uid)).toMatchObject({ status: "Failed", last_error: "broken" });
      expect(await claim("worker-a")).toEqual([]);
      expect(await database().evalRecords.counts(profileUid)).toMatchObject({
        failed: 1,
        pending: 0,
      });
    });

    it("releases all claims of one worker at once, without counting an attempt", async () => {
      await database().evalRecords.store(recordsFor(profileUid, 5));
      const mine = await claim("leaving", 3);
      const others = await claim("staying", 1);
      expect(await database().evalRecords.releaseAll("leaving")).toBe(3);
      expect(await database().evalRecords.releaseAll("leaving")).toBe(0);
      expect(await database().evalRecords.complete([completionOf(mine[0]!)])).toEqual(["stale"]);
      const again = await claim("next");
      expect(again).toHaveLength(4);
      expect(again.every(({ attempt }) => attempt === 1)).toBe(true);
      expect(
        await database().evalRecords.heartbeat(
          others.map((item) => item.claim),
          LEASE_MS,
        ),
      ).toEqual([]);
    });

    it("stores a batch of results as a whole", async () => {
      await database().evalRecords.store(recordsFor(profileUid, 2));
      const claimed = await claim("worker-a", 2);
      const [good, bad] = claimed.map((item) => completionOf(item));
      const poisoned = { ...bad!, tasks: [taskOf({ start_time: "0000-01-01T00:00:00Z" })] };
      await expect(database().evalRecords.complete([good!, poisoned])).rejects.toMatchObject({
        kind: "invalid",
      });
      expect(await database().evalRecords.counts(profileUid)).toMatchObject({ processing: 2 });
      expect(await database().evalRecords.complete([good!, bad!])).toEqual(["done", "done"]);
    });

    it("sums results per profile", async () => {
      await database().evalRecords.store(recordsFor(profileUid, 2));
      const [first, second] = await claim("worker-a", 2);
      await database().evalRecords.complete([
        completionOf(first!, ["passed", "failed", "errored", "skipped"]),
        completionOf(second!, ["passed"]),
      ]);
      expect(await database().evalRecords.summary(profileUid)).toEqual([
        {
          profileUid,
          space: expect.any(String),
          name: "agent",
          version: "1.0.0",
          recordsEvaluated: 2,
          tasksPassed: 2,
          tasksFailed: 1,
          tasksErrored: 1,
          tasksSkipped: 1,
          passRate: 0.5,
        },
      ]);
    });
  });
}
