import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock, type TaskOutcome } from "@scouter/contracts";
import {
  type ArchivedPart,
  type Database,
  type EvaluationPart,
  openPglite,
} from "@scouter/database";
import { type EvaluationArchive, openEvaluationArchive } from "@scouter/lake";
import {
  completionOf,
  recordFor,
  registerAgent,
  taskOf,
} from "@scouter/testkit/contract/repositories/samples";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ArchiveWorker } from "../workers/archive-worker.ts";
import { EvaluatedCharts } from "./evaluated-charts.ts";

/**
 * Records move to the archive in parts between looks at the same charts: what is seen must be the same, whatever the range,
 * the number of points and where the work was cut.
 */

const NOON_MS = Date.UTC(2026, 2, 1, 12);
const RECORDS = 120;
const SPACE = "charts";
let home: string;
let db: Database;
let archive: EvaluationArchive;
let charts: EvaluatedCharts;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "scouter-charts-"));
  db = await openPglite({ folder: join(home, "database"), clock: systemClock });
  archive = openEvaluationArchive({ root: join(home, "lake") });
  charts = new EvaluatedCharts({ database: db, archive });
});
afterAll(async () => {
  await archive.close();
  await db.close();
  await rm(home, { recursive: true, force: true });
});

const OUTCOMES: readonly TaskOutcome[] = ["passed", "failed", "errored", "skipped"];

/** Stores records and ends them one by one, so that each is stored at a time of its own. */
async function evaluate(profileUids: readonly string[], from: number, count: number) {
  for (let number = from; number < from + count; number += 1) {
    await db.evalRecords.store([recordFor(profileUids[number % profileUids.length]!)]);
    const [claimed] = await db.evalRecords.claim({ workerId: "w", limit: 1, leaseMs: 60_000 });
    const outcomes = Array.from(
      { length: number % 4 },
      (_, index) => OUTCOMES[(number * 7 + index * 5) % 4]!,
    );
    const { workflow, ...completion } = completionOf(claimed!, outcomes);
    const created_at = new Date(NOON_MS + number * 7_777).toISOString();
    const judge = (calls: number) => ({
      provider: "p",
      model: `m${number % 2}`,
      calls,
      cached_calls: 1,
      saved_calls: 1 - calls,
      input_tokens: number,
      output_tokens: 1,
      cost_usd: number % 5 === 0 ? null : 0.25 * calls,
    });
    const tasks = outcomes.map((outcome, index) =>
      taskOf({
        outcome,
        task_id: `task-${index}`,
        skipped_by: outcome === "skipped" ? "task-9" : null,
        value: outcome === "passed" ? (number % 10) / 10 : 0,
        ...(index === 1 ? { judge: judge(outcome === "skipped" ? 0 : 1) } : {}),
      }),
    );
    await db.evalRecords.complete([
      { ...completion, workflow: { ...workflow, created_at }, tasks },
    ]);
  }
}

/** As if today were long ago: what ended until now is one part, as the database would name it. */
async function partOfNow(): Promise<EvaluationPart> {
  const now = new Date(await db.driftWindows.nowMs());
  const day = now.toISOString().slice(0, 10);
  const parts = (await db.evaluationDays.archived()).filter((part) => part.day === day);
  const through = { endedAt: `${day}T23:59:59.999999Z`, id: Number.MAX_SAFE_INTEGER };
  return { day, part: parts.length, through };
}

function worker(finish: Database["evaluationDays"]["finish"]) {
  const failures: unknown[] = [];
  let archived = 0;
  const archiving = new ArchiveWorker<EvaluationPart, ArchivedPart>({
    leases: db.leases,
    source: {
      toArchive: async () => [await partOfNow()],
      rows: (part) => db.evaluationDays.rows(part),
      finish,
      archivedFor: (ageMs) => db.evaluationDays.archivedFor(ageMs),
      expiredBefore: (ageDays) => db.evaluationDays.expiredBefore(ageDays),
      forgetArchived: (beforeDay) => db.evaluationDays.forgetArchived(beforeDay),
    },
    archive,
    clock: systemClock,
    retentionDays: 30,
    archiveRetentionDays: 0,
    leaseName: "evaluation-archive",
    holder: "test",
    events: {
      onArchived: (_part, rows) => (archived += rows),
      onFailed: (_part, error) => failures.push(error),
      onMerged: () => undefined,
      onExpired: () => undefined,
      onTrouble: (error) => failures.push(error),
    },
  });
  return { archiving, failures, archived: () => archived };
}

describe("charts of evaluations over the database and the archive", () => {
  it("show the same before, between and after the steps of archiving, and no record twice", async () => {
    const startMs = Date.now() - 1000;
    const first = await registerAgent(db, { space: SPACE, version: "1.0.0" });
    const second = await registerAgent(db, { space: SPACE, version: "2.0.0" });
    const uids = [first.uid, second.uid, first.uid];
    await evaluate(uids, 0, RECORDS);
    const endMs = Date.now() + 1000;
    const middleMs = Math.round((startMs + endMs) / 2);
    const everything = { startMs, endMs };

    const look = async () => {
      const seen: unknown[] = [];
      for (const maxPoints of [1, 2, 7, 500]) {
        for (const [from, to] of [
          [0, 3_600_000],
          [100_000, 700_001],
        ] as const) {
          const range = { beginMs: NOON_MS + from, endMs: NOON_MS + to, maxPoints };
          seen.push(await charts.agentTask(first.uid, range));
          seen.push(await charts.agentWorkflow(second.uid, range));
        }
      }
      for (const period of [
        everything,
        { startMs, endMs: middleMs },
        { startMs: middleMs, endMs },
      ]) {
        for (const profileUid of [first.uid, second.uid.toUpperCase()]) {
          for (const buckets of [1, 3, 50]) {
            seen.push(await charts.counts({ profileUid, buckets, ...period }));
            seen.push(await charts.counts({ profileUid, buckets, task: "task-1", ...period }));
          }
          seen.push(await charts.taskTallies({ profileUid, ...period }));
          seen.push(await charts.judgeCosts({ profileUid, ...period }));
        }
        for (const spaces of ["all", [SPACE], ["elsewhere"], []] as const) {
          seen.push(await charts.activity({ spaces, buckets: 9, ...period }));
          seen.push(await charts.profiles({ spaces, limit: 1, ...period }));
        }
      }
      seen.push(await db.evalRecords.summary(), await db.evalRecords.counts());
      return seen;
    };
    const before = await look();
    expect(JSON.stringify(before).length).toBeGreaterThan(20_000);

    // Killed after the files were written, before the part was named: twice, as a process that starts again would be.
    for (const _ of [1, 2]) {
      const killed = worker(() => Promise.reject(new Error("killed")));
      await killed.archiving.runOnce();
      expect(killed.failures).toHaveLength(1);
      expect(await look()).toEqual(before);
    }
    const whole = worker((...call) => db.evaluationDays.finish(...call));
    await whole.archiving.runOnce();
    expect(whole.failures).toEqual([]);
    expect(whole.archived()).toBe(RECORDS);
    expect(
      await db.evaluations.counts({ profileUid: first.uid, buckets: 1, ...everything }),
    ).toEqual([]);
    expectSame(await look(), before);

    // Records on both sides of the border, killed once more on the way, and then all in the archive again: in two parts.
    await evaluate(uids, RECORDS, 30);
    const both = await lookAtAll();
    expect(both.records).toBe(RECORDS + 30);
    const killed = worker(() => Promise.reject(new Error("killed")));
    await killed.archiving.runOnce();
    expect(await lookAtAll()).toEqual(both);
    const further = worker((...call) => db.evaluationDays.finish(...call));
    await further.archiving.runOnce();
    expect(further.archived()).toBe(30);
    expectSame(await lookAtAll(), both);

    async function lookAtAll() {
      const period = { startMs, endMs: endMs + 600_000 };
      const range = { beginMs: NOON_MS, endMs: NOON_MS + 3_600_000, maxPoints: 5 };
      const activity = await charts.activity({ spaces: "all", buckets: 4, ...period });
      return {
        activity,
        records: activity.reduce((sum, { recordsEvaluated }) => sum + recordsEvaluated, 0),
        tasks: await charts.agentTask(first.uid, range),
        workflows: await charts.agentWorkflow(first.uid, range),
        tallies: await charts.taskTallies({ profileUid: first.uid, ...period }),
        judges: await charts.judgeCosts({ profileUid: first.uid, ...period }),
        profiles: await charts.profiles({ spaces: "all", limit: 10, ...period }),
        summary: await db.evalRecords.summary(),
      };
    }
  });
});

/** Sums are not taken in the same order: the last digits may differ. */
function expectSame(after: unknown, before: unknown): void {
  const rounded = (seen: unknown) =>
    JSON.parse(
      JSON.stringify(seen, (_key, value: unknown) =>
        typeof value === "number" && !Number.isInteger(value)
          ? Number(value.toPrecision(10))
          : value,
      ),
    ) as unknown;
  expect(rounded(after)).toEqual(rounded(before));
}
