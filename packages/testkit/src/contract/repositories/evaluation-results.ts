import type { EvalTaskResult } from "@scouter/contracts";
import type { Database, RegisteredProfile } from "@scouter/database";
import { beforeAll, describe, expect, it } from "vitest";
import { aroundNow, evaluated } from "./evaluations.ts";
import {
  completionOf,
  endEverythingDue,
  fresh,
  recordFor,
  registerAgent,
  taskOf,
} from "./samples.ts";

export function evaluationResultsContract(database: () => Database): void {
  describe("results of tasks", () => {
    const space = fresh("space");
    let first: RegisteredProfile;
    let second: RegisteredProfile;
    let uids: readonly string[];
    beforeAll(async () => {
      const db = database();
      await endEverythingDue(db);
      first = await registerAgent(db, { space, version: "1.0.0" });
      second = await registerAgent(db, { space, version: "2.0.0" });
      uids = [
        await evaluated(db, first.uid, ["passed", "failed"]),
        await evaluated(db, second.uid, ["failed", "skipped", "errored"]),
        await evaluated(db, second.uid, ["passed"]),
      ];
    });
    const list = async (more: object = {}) => {
      const asked = { spaces: [space], limit: 100, ...aroundNow(), ...more };
      const { items } = await database().evaluations.results(asked);
      return items.map((item) => [uids.indexOf(item.recordUid), item.taskId, item.outcome]);
    };
    const all = [
      [2, "task-0", "passed"],
      [1, "task-0", "failed"],
      [1, "task-1", "skipped"],
      [1, "task-2", "errored"],
      [0, "task-0", "passed"],
      [0, "task-1", "failed"],
    ];

    it("come newest first, over all profiles of the spaces", async () => {
      expect(await list()).toEqual(all);
      expect(await list({ spaces: [fresh("space")] })).toEqual([]);
    });

    it.each([
      ["a version", { name: "agent", version: "1.0.0" }, all.slice(4)],
      ["a task", { task: "task-1" }, [all[2], all[5]]],
      ["an outcome", { outcome: "failed" }, [all[1], all[5]]],
      ["a task and its outcome", { task: "task-0", outcome: "failed" }, [all[1]]],
      ["a time", { startMs: 0, endMs: 1 }, []],
      ["a trace", { traceId: "0af7651916cd43dd8448eb211c80319c" }, []],
    ])("are narrowed by %s", async (_what, filter, wanted) => {
      expect(await list(filter)).toEqual(wanted);
    });

    it("are narrowed by a profile, whatever the case of its uid", async () => {
      expect(await list({ profileUid: second.uid.toUpperCase() })).toEqual(all.slice(0, 4));
    });

    it("are the same in pages of every size", async () => {
      for (const limit of [1, 2, 5]) {
        const seen: unknown[] = [];
        let cursor: string | undefined;
        do {
          const asked = { spaces: [space], limit, ...aroundNow(), cursor };
          const page = await database().evaluations.results(asked);
          seen.push(...page.items.map((item) => [uids.indexOf(item.recordUid), item.taskId]));
          cursor = page.nextCursor ?? undefined;
        } while (cursor !== undefined);
        expect(seen).toEqual(all.map(([record, task]) => [record, task]));
      }
    });
  });

  describe("costs of judges", () => {
    const usage = { provider: "openai", model: "m", calls: 0, cached_calls: 0, input_tokens: 0 };
    const judged = (more: Partial<NonNullable<EvalTaskResult["judge"]>>) => ({
      ...usage,
      output_tokens: 0,
      cost_usd: 0,
      ...more,
    });
    const store = async (uid: string, tasks: readonly Partial<EvalTaskResult>[]) => {
      const db = database();
      await db.evalRecords.store([recordFor(uid)]);
      const [claimed] = await db.evalRecords.claim({ workerId: "j", limit: 1, leaseMs: 60_000 });
      const completion = { ...completionOf(claimed!), tasks: tasks.map((task) => taskOf(task)) };
      await db.evalRecords.complete([completion]);
    };
    const costs = (profileUid: string) =>
      database().evaluations.judgeCosts({ profileUid, ...aroundNow() });

    it("are sums, and saved money is the mean of a call times the calls that were saved", async () => {
      await endEverythingDue(database());
      const { uid } = await registerAgent(database());
      const asked = judged({ calls: 2, input_tokens: 100, output_tokens: 10, cost_usd: 0.5 });
      const cached = judged({ cached_calls: 1 });
      const saved = judged({ saved_calls: 3 });
      await store(uid, [{ task_id: "a", judge: asked }, { task_id: "plain" }]);
      await store(uid, [{ task_id: "a", judge: cached }]);
      await store(uid, [{ task_id: "a", outcome: "skipped", judge: saved }]);
      expect(await costs(uid)).toEqual([
        {
          taskId: "a",
          provider: "openai",
          model: "m",
          judged: 2,
          skipped: 1,
          calls: 2,
          cachedCalls: 1,
          savedCalls: 3,
          inputTokens: 100,
          outputTokens: 10,
          costUsd: 0.5,
          unpricedCalls: 0,
          savedUsd: 0.75,
        },
      ]);
    });

    it("are not known where no price was", async () => {
      await endEverythingDue(database());
      const { uid } = await registerAgent(database());
      await store(uid, [{ task_id: "a", judge: judged({ calls: 1, cost_usd: null }) }]);
      expect(await costs(uid)).toMatchObject([{ costUsd: null, unpricedCalls: 1, savedUsd: null }]);
      expect(await costs("nobody")).toEqual([]);
    });
  });
}
