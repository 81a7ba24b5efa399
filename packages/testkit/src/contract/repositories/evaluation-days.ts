import type { ArchiveLease, Database, EvaluationPart } from "@scouter/database";
import { describe, expect, it } from "vitest";
import { aroundNow, evaluated } from "./evaluations.ts";
import { claimWindow, endEveryWindow, planOf, registerDrift, toPlanOf } from "./drift-samples.ts";
import { completionOf, endEverythingDue, fresh, recordFor, registerAgent } from "./samples.ts";

/** Everything that ended today, or since the last part of it. A test around midnight has the records of both days. */
async function wholeDay(db: Database): Promise<EvaluationPart> {
  const day = new Date(await db.driftWindows.nowMs()).toISOString().slice(0, 10);
  const taken = (await db.evaluationDays.archived()).filter((part) => part.day === day);
  const through = { endedAt: `${day}T23:59:59.999999Z`, id: Number.MAX_SAFE_INTEGER };
  return { day, part: taken.length, through };
}

async function takeLease(db: Database): Promise<ArchiveLease & { readonly holder: string }> {
  const lease = { name: fresh("lease"), holder: "one", leaseMs: 60_000 };
  const epoch = await db.leases.acquireEpoch(lease, 0);
  if (epoch === undefined) throw new Error("a new lease was held");
  return { ...lease, epoch };
}

async function rowsOf(db: Database, part: EvaluationPart) {
  const rows: Record<string, unknown>[] = [];
  for await (const piece of db.evaluationDays.rows(part)) {
    const lines = piece.text.split("\n").filter((line) => line !== "");
    expect(lines).toHaveLength(piece.rows);
    rows.push(...lines.map((line) => JSON.parse(line) as Record<string, unknown>));
  }
  return rows;
}

/** What the archive has to know of one record; `discard` ends one that was given up. */
async function failed(db: Database, profileUid: string, discard: boolean): Promise<string> {
  const item = recordFor(profileUid);
  const recordUid = item.record.uid;
  await db.evalRecords.store([item]);
  const [claimed] = await db.evalRecords.claim({ workerId: "e", limit: 1, leaseMs: 60_000 });
  await db.evalRecords.fail(claimed!.claim, { error: "no such model" });
  if (discard) await db.evalRecords.discard({ profileUid, recordUid });
  return recordUid;
}

export function evaluationDaysContract(database: () => Database): void {
  describe("days of evaluations", () => {
    /** Of a profile of its own: one evaluated, one discarded, one given up, one that waits. */
    const records = async () => {
      const db = database();
      await endEverythingDue(db);
      const { uid: profileUid, space } = await registerAgent(db);
      const done = await evaluated(db, profileUid, ["passed", "failed", "skipped"]);
      const discarded = await failed(db, profileUid, true);
      const dead = await failed(db, profileUid, false);
      const waiting = recordFor(profileUid, { context: "later" });
      await db.evalRecords.store([waiting]);
      return { profileUid, space, done, discarded, dead, waiting: waiting.record.uid };
    };

    it("are not to be archived before their age", async () => {
      await records();
      expect(await database().evaluationDays.toArchive(0)).toEqual([]);
    });

    it("hold what has ended, with its results, piece by piece", async () => {
      const db = database();
      const { profileUid, done, discarded } = await records();
      const rows = await rowsOf(db, await wholeDay(db));
      const own = rows.filter((row) => row["profile_uid"] === profileUid);
      expect(new Set(own.map(({ uid }) => uid))).toEqual(new Set([done, discarded]));
      expect(own).toHaveLength(2);
      const first = own.find(({ uid }) => uid === done);
      expect(first).toMatchObject({
        status: "Processed",
        record_id: "order-7",
        context: '{"question":"why?"}',
        total_tasks: 2,
        pass_rate: 0.5,
      });
      const tasks = first?.["tasks"] as readonly Record<string, unknown>[];
      expect(tasks.map(({ task_id, outcome }) => [task_id, outcome])).toEqual([
        ["task-0", "passed"],
        ["task-1", "failed"],
        ["task-2", "skipped"],
      ]);
      expect(JSON.parse(tasks[0]?.["actual"] as string)).toEqual({ z: 1, a: [1, null] });
      const second = own.find(({ uid }) => uid === discarded);
      expect(second).toMatchObject({ status: "Failed", evaluated_at: null, tasks: [] });
    });

    it("are ended with all of their records, and only when none is missing", async () => {
      const db = database();
      const { profileUid, space, done, dead, waiting } = await records();
      const part = await wholeDay(db);
      const lease = await takeLease(db);
      const { length } = await rowsOf(db, part);
      const counts = await db.evalRecords.counts(profileUid);
      const summary = await db.evalRecords.summary(profileUid);
      const asked = { spaces: "all" as const, limit: 1, ...aroundNow() };
      const [row] = (await db.evaluations.profiles(asked)).items;
      const around = async () => ({
        fresh: await db.overview.freshness([space]),
        troubles: await db.overview.troubles({ spaces: [space], limit: 9, ...aroundNow() }),
        silentLater: await db.overview.troubles({
          spaces: [space],
          limit: 9,
          startMs: Date.now() + 60_000,
          endMs: Date.now() + 120_000,
        }),
      });
      const before = await around();
      expect(before.silentLater).toMatchObject([{ kind: "no-data" }]);
      expect(await db.evaluationDays.finish(part, length + 1, lease)).toBe("changed");
      expect(await db.evaluations.details(done)).toHaveLength(1);

      expect(await db.evaluationDays.finish(part, length, lease)).toBe("done");
      expect(await db.evaluationDays.archived()).toContainEqual({ day: part.day, part: part.part });
      expect(await db.evaluations.details(done)).toEqual([]);
      expect(await db.evaluations.details(dead)).toHaveLength(1);
      expect(await db.evaluations.details(waiting)).toHaveLength(1);
      // What is counted over all time, and the newest of a profile, stay as they were.
      expect(await db.evalRecords.counts(profileUid)).toEqual(counts);
      expect(await db.evalRecords.summary(profileUid)).toEqual(summary);
      const [after] = (await db.evaluations.profiles(asked)).items;
      expect(after?.lastRecordAt).toBe(row?.lastRecordAt);
      expect(await around()).toEqual(before);

      // A part that was named is neither read nor ended again, nor is one before its turn.
      await expect(rowsOf(db, part)).rejects.toMatchObject({ kind: "conflict" });
      const later = { ...part, part: part.part + 2 };
      await expect(rowsOf(db, later)).rejects.toMatchObject({ kind: "conflict" });
      expect(await db.evaluationDays.finish(later, 0, lease)).toBe("changed");
      expect(await db.evaluationDays.finish(part, 0, lease)).toBe("changed");
    });

    it("that were archived get further parts, and their sums add up", async () => {
      const db = database();
      const lease = await takeLease(db);
      await endEverythingDue(db);
      const { uid: profileUid } = await registerAgent(db);
      for (const outcome of ["passed", "failed"] as const) {
        await evaluated(db, profileUid, [outcome]);
        const part = await wholeDay(db);
        expect(await db.evaluationDays.finish(part, (await rowsOf(db, part)).length, lease)).toBe(
          "done",
        );
      }
      await evaluated(db, profileUid, ["passed"]);
      expect(await db.evalRecords.summary(profileUid)).toMatchObject([
        { recordsEvaluated: 3, tasksPassed: 2, tasksFailed: 1, passRate: 2 / 3 },
      ]);
    });

    it("leave with nothing that is evaluated again meanwhile", async () => {
      const db = database();
      const { profileUid, done } = await records();
      const part = await wholeDay(db);
      const lease = await takeLease(db);
      const { length } = await rowsOf(db, part);
      expect(await db.evalRecords.again({ profileUid, recordUid: done })).toBe(1);
      expect(await db.evaluationDays.finish(part, length, lease)).toBe("changed");
      expect((await rowsOf(db, part)).map(({ uid }) => uid)).not.toContain(done);
    });

    it("are not there any more for windows that failed", async () => {
      const db = database();
      await endEveryWindow(db);
      const { uid } = await registerDrift(db, { driftType: "Agent" });
      const now = await db.driftWindows.nowMs();
      const windows = [{ startMs: now - 3_600_000, endMs: now - 1000 }];
      await db.driftWindows.plan([planOf((await toPlanOf(db, uid))!, { windows })]);
      const { claim } = await claimWindow(db, "w");
      expect(await db.driftWindows.fail(claim, { error: "no" })).toBe("done");
      await records();
      const lease = await takeLease(db);
      const part = await wholeDay(db);
      const { length } = await rowsOf(db, part);
      expect(await db.evaluationDays.finish(part, length, lease)).toBe("done");
      expect(await db.driftWindows.rerun(claim.windowId)).toBe(false);
    });

    it("are not ended by whoever lost the lease", async () => {
      const db = database();
      await records();
      const part = await wholeDay(db);
      const lease = await takeLease(db);
      const { length } = await rowsOf(db, part);
      await db.leases.release(lease.name, lease.holder);
      const other = { name: lease.name, holder: "two", leaseMs: 60_000 };
      const epoch = await db.leases.acquireEpoch(other, 0);
      expect(await db.evaluationDays.finish(part, length, lease)).toBe("changed");
      expect(await db.evaluationDays.finish(part, length, { ...other, epoch: epoch! })).toBe(
        "done",
      );
    });

    it("that the archive let go of leave the list, and begin with their first part again", async () => {
      const db = database();
      const { day } = await wholeDay(db);
      const after = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
      expect((await db.evaluationDays.archivedFor(0)).length).toBeGreaterThan(0);
      expect(await db.evaluationDays.archivedFor(3_600_000)).toEqual([]);
      expect(await db.evaluationDays.archived({ first: after, last: after })).toEqual([]);
      expect(await db.evaluationDays.expiredBefore(0)).toBeUndefined();
      await db.evaluationDays.forgetArchived(after);
      expect(await db.evaluationDays.archived()).toEqual([]);
      const { done } = await records();
      const part = await wholeDay(db);
      expect(part.part).toBe(0);
      const lease = await takeLease(db);
      const { length } = await rowsOf(db, part);
      expect(await db.evaluationDays.finish(part, length, lease)).toBe("done");
      expect(await db.evaluations.details(done)).toEqual([]);
    });

    it("may have more records than a step reads", async () => {
      const db = database();
      await endEverythingDue(db);
      const { uid: profileUid } = await registerAgent(db);
      const items = Array.from({ length: 130 }, () => recordFor(profileUid));
      await db.evalRecords.store(items);
      const claimed = await db.evalRecords.claim({ workerId: "e", limit: 200, leaseMs: 60_000 });
      await db.evalRecords.complete(claimed.map((item) => completionOf(item)));
      const rows = await rowsOf(db, await wholeDay(db));
      const own = rows.filter((row) => row["profile_uid"] === profileUid).map(({ uid }) => uid);
      expect(own).toHaveLength(130);
      expect(new Set(own)).toEqual(new Set(items.map(({ record }) => record.uid)));
    });
  });
}
