import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EvaluationArchive } from "./evaluation-archive.ts";
import { openEvaluationArchive } from "./open-evaluation-archive.ts";

let root: string;
let archive: EvaluationArchive;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "scouter-archive-"));
  archive = openEvaluationArchive({ root });
});
afterEach(async () => {
  await archive.close();
  await rm(root, { recursive: true, force: true });
});

const NOON_MS = Date.UTC(2026, 2, 1, 12);
const DAY = "2026-03-01";

interface Given {
  readonly profile_uid?: string;
  readonly space?: string;
  readonly context?: string;
  readonly tasks?: readonly object[];
  readonly counts?: readonly [passed: number, failed: number, errored: number, skipped: number];
}

function record(secondsAfterNoon: number, given: Given = {}) {
  const at = new Date(NOON_MS + secondsAfterNoon * 1000).toISOString();
  const { counts = [1, 0, 0, 0], tasks = [task("a", "passed")], ...fields } = given;
  const [passed, failed, errored, skipped] = counts;
  const total = passed + failed + errored;
  return {
    profile_uid: "u",
    space: "s",
    uid: `r-${secondsAfterNoon}`,
    record_id: "r",
    session_id: "",
    created_at: at,
    received_at: at,
    ended_at: at,
    status: "Processed",
    attempts: 0,
    revision: 0,
    record_source: "User",
    entity_type: "Agent",
    tags: "[]",
    context: "{}",
    evaluated_at: at,
    result_created_at: at,
    total_tasks: total,
    passed_tasks: passed,
    failed_tasks: failed + errored,
    errored_tasks: errored,
    skipped_tasks: skipped,
    pass_rate: total === 0 ? 0 : passed / total,
    tasks,
    ...fields,
  };
}

function task(task_id: string, outcome: string, more: object = {}) {
  return { task_id, outcome, value: outcome === "passed" ? 1 : 0, skipped_by: null, ...more };
}

async function* pieces(...batches: (readonly object[])[]) {
  for (const rows of batches) {
    yield { text: rows.map((row) => `${JSON.stringify(row)}\n`).join("") };
  }
}

const part = (number: number, epoch: number) => ({ day: DAY, part: number, epoch });
const query = (...parts: readonly number[]) => ({
  parts: parts.map((number) => ({ day: DAY, part: number })),
  profileUid: "U",
  beginMs: NOON_MS,
  endMs: NOON_MS + 60_000,
});
const grid = { widthMs: 10_000, originMs: 0 };
const recordsIn = async (...parts: readonly number[]) => {
  const asked = { ...query(...parts), of: { spaces: "all" as const }, buckets: 1 };
  return (await archive.counts(asked))[0]?.records ?? 0;
};

describe("evaluation archive", () => {
  it("gives values of tasks and pass rates by bucket, of the profile and the range alone", async () => {
    const tasks = [
      task("a", "passed"),
      task("b", "failed"),
      task("c", "skipped", { skipped_by: "a" }),
    ];
    await archive.write(
      part(0, 1),
      pieces(
        [record(0, { tasks, counts: [1, 1, 0, 1] }), record(9, {})],
        [record(10, { tasks: [], counts: [0, 0, 0, 0] }), record(60), record(-1)],
        [record(5, { profile_uid: "other" })],
      ),
    );
    const asked = { ...query(0), ...grid };
    expect(await archive.taskChart(asked)).toEqual([
      { series: "a", bucketMs: NOON_MS, count: 2, average: 1, deviation: 0 },
      { series: "b", bucketMs: NOON_MS, count: 1, average: 0, deviation: 0 },
    ]);
    expect(await archive.workflowChart(asked)).toEqual([
      {
        series: "workflow",
        bucketMs: NOON_MS,
        count: 2,
        average: 0.75,
        deviation: Math.sqrt(0.125),
      },
    ]);
    expect(await archive.taskTallies(query(0))).toEqual([
      { taskId: "a", skippedBy: null, counts: { passed: 2, failed: 0, errored: 0, skipped: 0 } },
      { taskId: "b", skippedBy: null, counts: { passed: 0, failed: 1, errored: 0, skipped: 0 } },
      { taskId: "c", skippedBy: "a", counts: { passed: 0, failed: 0, errored: 0, skipped: 1 } },
    ]);
  });

  it("counts by bucket, profile, space and task", async () => {
    const tasks = [task("a' or 1=1 --", "errored"), task("b", "passed")];
    await archive.write(
      part(0, 1),
      pieces([
        record(0, { tasks, counts: [1, 0, 1, 0] }),
        record(30),
        record(59.9995, { profile_uid: "v", space: "t", counts: [2, 3, 4, 5] }),
      ]),
    );
    const asked = { ...query(0), buckets: 2 };
    expect(await archive.counts({ ...asked, of: { spaces: "all" } })).toEqual([
      { bucket: 0, records: 1, tasks: { passed: 1, failed: 0, errored: 1, skipped: 0 } },
      { bucket: 1, records: 2, tasks: { passed: 3, failed: 3, errored: 4, skipped: 5 } },
    ]);
    expect(await archive.counts({ ...asked, of: { spaces: ["t"] } })).toMatchObject([
      { bucket: 1, records: 1 },
    ]);
    expect(await archive.counts({ ...asked, of: { spaces: [] } })).toEqual([]);
    const ofTask = { ...asked, of: { profileUid: "u" }, task: "a' or 1=1 --" };
    expect(await archive.counts(ofTask)).toEqual([
      { bucket: 0, records: 1, tasks: { passed: 0, failed: 0, errored: 1, skipped: 0 } },
    ]);
    const profiles = await archive.profileCounts({ ...query(0), profileUids: ["v", "nobody"] });
    expect(profiles).toEqual([
      { profileUid: "v", records: 1, tasks: { passed: 2, failed: 3, errored: 4, skipped: 5 } },
    ]);
  });

  it("sums what judges used", async () => {
    const judge = (more: object) =>
      JSON.stringify({ provider: "p", model: "m", calls: 1, input_tokens: 7, ...more });
    const judged = (outcome: string, more: object) => task("a", outcome, { judge: judge(more) });
    const tasks = [
      judged("passed", { cost_usd: 0.5, output_tokens: 3 }),
      judged("failed", { cost_usd: null, cached_calls: 2 }),
      judged("skipped", { calls: 0, saved_calls: 4, cost_usd: 0 }),
      task("plain", "passed"),
    ];
    await archive.write(part(0, 1), pieces([record(1, { tasks })]));
    expect(await archive.judgeCosts(query(0))).toEqual([
      {
        taskId: "a",
        provider: "p",
        model: "m",
        judged: 2,
        skipped: 1,
        calls: 2,
        cachedCalls: 2,
        savedCalls: 4,
        inputTokens: 21,
        outputTokens: 3,
        costUsd: 0.5,
        unpricedCalls: 1,
      },
    ]);
  });

  it("replaces a part that is written again with all that later attempts left, not the parts before", async () => {
    await archive.write(part(0, 1), pieces([record(1)]));
    await archive.write(part(1, 2), pieces([record(2), record(3)]));
    await archive.write(part(2, 3), pieces([record(4)]));
    expect(await recordsIn(0, 1, 2)).toBe(4);
    await archive.write(part(1, 4), pieces([record(2)]));
    expect([await recordsIn(0), await recordsIn(1), await recordsIn(2)]).toEqual([1, 1, 0]);
    const stale = archive.write(part(0, 4), pieces([]));
    await expect(stale).rejects.toMatchObject({ kind: "conflict" });
    expect(await archive.epoch()).toBe(4);
    expect(await recordsIn(0)).toBe(1);
  });

  it("reads what another process wrote, and wrote again", async () => {
    const other = openEvaluationArchive({ root });
    await archive.write(part(0, 1), pieces([record(1), record(2)]));
    await other.write(part(0, 2), pieces([record(1)]));
    expect(await recordsIn(0)).toBe(1);
    await other.write(part(1, 3), pieces([record(2)]));
    await other.close();
    expect(await recordsIn(0, 1)).toBe(2);
  });

  it("takes a record of many megabytes, and users' text as it is", async () => {
    const context = JSON.stringify({ text: `'"\n\u2028${"x".repeat(20 * 2 ** 20)}` });
    await archive.write(part(0, 1), pieces([record(1, { context }), record(2)]));
    expect(await recordsIn(0)).toBe(2);
  });

  it("keeps records without results out of charts and sums", async () => {
    const none = {
      evaluated_at: null,
      result_created_at: null,
      total_tasks: null,
      passed_tasks: null,
      tasks: [],
    };
    await archive.write(part(0, 1), pieces([{ ...record(1), ...none }]));
    expect(await recordsIn(0)).toBe(0);
    expect(await archive.workflowChart({ ...query(0), ...grid })).toEqual([]);
    await archive.vacuum();
  });
});
