import type { TaskOutcome } from "@scouter/contracts";
import type { Database, RegisteredProfile } from "@scouter/database";
import { beforeAll, describe, expect, it } from "vitest";
import { completionOf, endEverythingDue, fresh, recordFor, registerAgent } from "./samples.ts";

const HOUR_MS = 3_600_000;
/** Around the database's now. */
export const aroundNow = () => ({ startMs: Date.now() - HOUR_MS, endMs: Date.now() + HOUR_MS });
/** Of the samples' `created_at`. */
const MARCH = {
  startMs: Date.parse("2026-03-01T00:00:00Z"),
  endMs: Date.parse("2026-03-02T00:00:00Z"),
};

/** Stores a record and ends it with these outcomes of `task-0`, `task-1` ... */
export async function evaluated(
  db: Database,
  profileUid: string,
  outcomes: readonly TaskOutcome[],
  createdAt = "2026-03-01T10:00:00.000000Z",
): Promise<string> {
  const item = recordFor(profileUid, { createdAt });
  await db.evalRecords.store([item]);
  const [claimed] = await db.evalRecords.claim({ workerId: "e", limit: 1, leaseMs: 60_000 });
  await db.evalRecords.complete([completionOf(claimed!, outcomes)]);
  return item.record.uid;
}

export function evaluationsContract(database: () => Database): void {
  describe("evaluations", () => {
    let agent: RegisteredProfile;
    /** In the order of time. */
    let uids: readonly string[];
    let dead: string;
    let pending: string;
    beforeAll(async () => {
      const db = database();
      await endEverythingDue(db);
      agent = await registerAgent(db);
      const at = (minute: number) => `2026-03-01T10:0${minute}:00.000000Z`;
      const first = await evaluated(db, agent.uid, ["passed", "passed"], at(0));
      const second = await evaluated(db, agent.uid, ["passed", "failed", "skipped"], at(1));
      const third = await evaluated(db, agent.uid, ["errored"], at(2));
      uids = [first, second, third];
      const doomed = recordFor(agent.uid, { createdAt: at(3) });
      await db.evalRecords.store([doomed]);
      const [claimed] = await db.evalRecords.claim({ workerId: "e", limit: 1, leaseMs: 60_000 });
      await db.evalRecords.fail(claimed!.claim, { error: "no such model" });
      dead = doomed.record.uid;
      const waiting = recordFor(agent.uid, { createdAt: at(4) });
      await db.evalRecords.store([waiting]);
      pending = waiting.record.uid;
    });

    it("counts by bucket, of all tasks and of one", async () => {
      const { evaluations } = database();
      const asked = { profileUid: agent.uid, buckets: 2, ...aroundNow() };
      const counted = await evaluations.counts({ ...asked, profileUid: agent.uid.toUpperCase() });
      const sum = (key: TaskOutcome) => counted.reduce((total, row) => total + row.tasks[key], 0);
      expect(counted.reduce((total, row) => total + row.records, 0)).toBe(3);
      expect(
        ["passed", "failed", "errored", "skipped"].map((key) => sum(key as TaskOutcome)),
      ).toEqual([3, 1, 1, 1]);
      const ofOne = await evaluations.counts({ ...asked, buckets: 1, task: "task-1" });
      expect(ofOne).toEqual([
        { bucket: 0, records: 2, tasks: { passed: 1, failed: 1, errored: 0, skipped: 0 } },
      ]);
      expect(await evaluations.counts({ ...asked, task: "none" })).toEqual([]);
      expect(await evaluations.counts({ ...asked, ...MARCH })).toEqual([]);
    });

    it("tallies tasks with what they were skipped for", async () => {
      const tallies = await database().evaluations.taskTallies({
        profileUid: agent.uid,
        ...aroundNow(),
      });
      expect(tallies.records).toBe(3);
      expect(tallies.tasks.map(({ taskId, skippedBy }) => [taskId, skippedBy])).toEqual([
        ["task-0", null],
        ["task-1", null],
        ["task-2", null],
      ]);
      expect(tallies.tasks[0]?.counts).toEqual({ passed: 2, failed: 0, errored: 1, skipped: 0 });
    });

    const list = (request: object = {}) =>
      database().evaluations.records({ profileUid: agent.uid, limit: 50, ...MARCH, ...request });
    const listed = async (request: object = {}) =>
      (await list(request)).items.map(({ uid }) => uid);

    it("lists records newest first, with what came of each", async () => {
      const { items, nextCursor } = await list();
      expect(nextCursor).toBeNull();
      expect(items.map(({ uid }) => uid)).toEqual([pending, dead, ...uids.toReversed()]);
      expect(items[0]).toMatchObject({ status: "Pending", evaluated_at: null, tasks: [] });
      expect(items[1]).toMatchObject({
        status: "Failed",
        attempts: 1,
        last_error: "no such model",
        pass_rate: null,
      });
      expect(items[3]).toMatchObject({
        profile_uid: agent.uid,
        pass_rate: 0.5,
        task_counts: { passed: 1, failed: 1, errored: 0, skipped: 1 },
        tasks: [
          { task_id: "task-0", outcome: "passed", gate: false },
          { task_id: "task-1", outcome: "failed", gate: false },
          { task_id: "task-2", outcome: "skipped", gate: false },
        ],
      });
    });

    it.each([
      ["status", { status: "Failed" }, () => [dead]],
      ["passed records", { outcome: "passed" }, () => [uids[0]]],
      ["failed records", { outcome: "failed" }, () => [uids[1]]],
      ["errored records", { outcome: "errored" }, () => [uids[2]]],
      ["records with a skipped task", { outcome: "skipped" }, () => [uids[1]]],
      ["a task", { task: "task-1" }, () => [uids[1], uids[0]]],
      ["a task's outcome", { task: "task-1", outcome: "failed" }, () => [uids[1]]],
      ["both", { status: "Pending", outcome: "passed" }, () => []],
      ["another time", { endMs: MARCH.startMs + HOUR_MS }, () => []],
      ["another profile", { profileUid: "nobody" }, () => []],
    ] as const)("filters by %s", async (_name, request, expected) => {
      expect(await listed(request)).toEqual(expected());
    });

    it("pages without doubles while records come in", async () => {
      const db = database();
      const { uid } = await registerAgent(db);
      // All of one time: only the id tells them apart.
      const store = () => db.evalRecords.store([recordFor(uid)]);
      for (let count = 0; count < 5; count += 1) await store();
      const page = { profileUid: uid, limit: 2, ...MARCH };
      const first = await db.evaluations.records(page);
      await store();
      const second = await db.evaluations.records({ ...page, cursor: first.nextCursor! });
      const third = await db.evaluations.records({ ...page, cursor: second.nextCursor! });
      const ids = [first, second, third].flatMap(({ items }) => items.map(({ id }) => id));
      expect(ids).toHaveLength(5);
      expect(ids).toEqual(ids.toSorted((a, b) => b - a));
      expect(new Set(ids).size).toBe(5);
      expect(third.nextCursor).toBeNull();
    });

    it.each(["x", "W10", "WzEsMl0", "e30"])("refuses the cursor '%s'", async (cursor) => {
      await expect(list({ cursor })).rejects.toMatchObject({ code: "DATABASE_CURSOR_INVALID" });
      const profiles = database().evaluations.profiles({
        spaces: "all",
        limit: 1,
        cursor: "x",
        ...MARCH,
      });
      await expect(profiles).rejects.toMatchObject({ code: "DATABASE_CURSOR_INVALID" });
    });

    it("gives a record with all its tasks in plan order", async () => {
      const [details, ...others] = await database().evaluations.details(uids[1]!);
      expect(others).toEqual([]);
      expect(details).toMatchObject({
        record: { uid: uids[1], status: "Processed", session_id: "session-1" },
        profile: { uid: agent.uid, space: agent.space, kind: "Agent" },
        context: { question: "why?" },
        tags: ["tier=gold"],
        durationMs: 12,
        plan: { stages: [["task-0"]] },
        tasks: [
          { task_id: "task-0", operator: "Equals", actual: { z: 1, a: [1, null] } },
          { task_id: "task-1" },
          { task_id: "task-2", outcome: "skipped" },
        ],
      });
      const [waiting] = await database().evaluations.details(dead, agent.uid);
      expect(waiting).toMatchObject({ tasks: [], plan: null, durationMs: null });
      expect(await database().evaluations.details(dead, fresh("nobody"))).toEqual([]);
      expect(await database().evaluations.details(fresh("nothing"))).toEqual([]);
    });

    it("lists agent profiles of the spaces asked for, newest first", async () => {
      const { evaluations } = database();
      const space = agent.space;
      const second = await registerAgent(database(), { space, name: "second" });
      const other = await registerAgent(database());
      const asked = { limit: 1, ...aroundNow() };
      const first = await evaluations.profiles({ ...asked, spaces: [space] });
      expect(first.items).toEqual([
        {
          uid: second.uid,
          space,
          name: "second",
          version: second.version,
          kind: "Agent",
          active: true,
          createdAt: second.createdAt,
          records: 0,
          tasks: { passed: 0, failed: 0, errored: 0, skipped: 0 },
          lastRecordAt: null,
        },
      ]);
      const next = await evaluations.profiles({
        ...asked,
        spaces: [space],
        cursor: first.nextCursor!,
      });
      expect(next).toMatchObject({
        items: [{ uid: agent.uid, records: 3, lastRecordAt: "2026-03-01T10:04:00.000000Z" }],
        nextCursor: null,
      });
      expect(next.items[0]?.tasks).toEqual({ passed: 3, failed: 1, errored: 1, skipped: 1 });
      expect((await evaluations.profiles({ ...asked, spaces: [] })).items).toEqual([]);
      const all = await evaluations.profiles({ ...asked, spaces: "all" });
      expect(all.items[0]?.uid).toBe(other.uid);
    });
  });
}
