import type { AgentEvalWorkflowResult } from "@scouter/contracts";
import type { DemoReport } from "@scouter/example-support-agent";
import type { EvaluatedProfile, Summary } from "@scouter/sdk";
import { describe, expect, it } from "vitest";
import { type CheckedRun, checkRun, describeCheck } from "./check-run.ts";
import { runFigures } from "./run-figures.ts";
import type { StoredRun } from "./stored-run.ts";

const report: DemoReport = {
  questions: 2,
  spansExported: 7,
  recordsOffered: 2,
  acknowledged: 2,
  profile: { space: "s", name: "n", version: "0.1.0", uid: "p" },
  answers: [
    { questionId: "q1", traceId: "t1", recordUid: "r1", spans: 4 },
    { questionId: "q2", traceId: "t2", recordUid: "r2", spans: 3 },
  ],
};

function workflow(recordUid: string, passed: number, failed: number): AgentEvalWorkflowResult {
  return {
    created_at: "2026-01-01T00:00:00Z",
    record_uid: recordUid,
    entity_id: -1,
    entity_uid: "",
    total_tasks: passed + failed,
    passed_tasks: passed,
    failed_tasks: failed,
    pass_rate: passed / (passed + failed),
    duration_ms: 1,
    execution_plan: { stages: [], nodes: {} },
    id: 1,
    skipped_tasks: 2,
    errored_tasks: 0,
  };
}

const stored: StoredRun = {
  spans: 7,
  repeatedSpans: 0,
  traces: 2,
  workflows: new Map([
    ["r1", workflow("r1", 5, 0)],
    ["r2", workflow("r2", 3, 2)],
  ]),
  repeatedRecords: 0,
};

const verdict: EvaluatedProfile = {
  uid: "p",
  space: "s",
  name: "n",
  version: "0.1.0",
  drift_type: "Agent",
  active: true,
  created_at: "2026-01-01T00:00:00Z",
  records_evaluated: 2,
  tasks: { passed: 8, failed: 2, errored: 0, skipped: 4 },
  pass_rate: 0.8,
};

function summaryOf(
  spans: number,
  traces: number,
  ...profiles: readonly EvaluatedProfile[]
): Summary {
  const tasks = { passed: 0, failed: 0, errored: 0, skipped: 0 };
  const records = { pending: 0, processing: 0, processed: 0, failed: 0 };
  return {
    spans,
    traces,
    error_spans: 0,
    records,
    tasks,
    pass_rate: null,
    alerts: { active: 0, total: 0 },
    windows: { due: 0, running: 0, done: 0, failed: 0, skipped: 0 },
    features: { drifted: [], stable: [] },
    profiles,
  };
}

function run(changes: Partial<CheckedRun> = {}): CheckedRun {
  const held = changes.stored ?? stored;
  return {
    report,
    stored: held,
    figures: runFigures(changes.report ?? report, held),
    before: summaryOf(100, 10),
    after: summaryOf(107, 12, verdict),
    ...changes,
  };
}

function brokenChecks(checked: CheckedRun): readonly string[] {
  return checkRun(checked)
    .filter((check) => !check.holds)
    .map(describeCheck);
}

describe("checkRun", () => {
  it("holds for a run that the server holds whole", () => {
    expect(brokenChecks(run())).toEqual([]);
    expect(run().figures).toMatchObject({
      tasksPassed: 8,
      tasksCounted: 10,
      passRate: 0.8,
      tasksSkipped: 4,
      failedAnswer: { recordUid: "r2", traceId: "t2" },
    });
  });

  it.each<[string, Partial<CheckedRun>, string]>([
    [
      "a record that was not acknowledged",
      { report: { ...report, recordsOffered: 3 } },
      "records acknowledged: expected 3, found 2",
    ],
    [
      "a lost span",
      { stored: { ...stored, spans: 6 } },
      "spans readable in the traces of this run: expected 7, found 6",
    ],
    [
      "a doubled span",
      { stored: { ...stored, repeatedSpans: 1 } },
      "spans stored more than once: expected 0, found 1",
    ],
    ["a lost trace", { stored: { ...stored, traces: 1 } }, "traces readable: expected 2, found 1"],
    [
      "a doubled record",
      { stored: { ...stored, repeatedRecords: 1 } },
      "records evaluated more than once: expected 0, found 1",
    ],
    [
      "a summary that lags",
      { after: summaryOf(106, 12, verdict) },
      "spans that the summary gained: expected 7, found 6",
    ],
    [
      "a summary that miscounts traces",
      { after: summaryOf(107, 11, verdict) },
      "traces that the summary gained: expected 2, found 1",
    ],
    [
      "another pass rate in the summary",
      { after: summaryOf(107, 12, { ...verdict, pass_rate: 0.79 }) },
      "pass rate of the profile in the summary: expected 0.8, found 0.79",
    ],
    [
      "another count of skipped tasks",
      { after: summaryOf(107, 12, { ...verdict, tasks: { ...verdict.tasks, skipped: 3 } }) },
      "skipped tasks of the profile in the summary: expected 4, found 3",
    ],
    [
      "a record without a verdict in the summary",
      { after: summaryOf(107, 12, { ...verdict, records_evaluated: 1 }) },
      "records of the profile in the summary: expected 2, found 1",
    ],
  ])("finds %s, and only that", (_, changes, message) => {
    expect(brokenChecks(run(changes))).toEqual([message]);
  });

  it("does not take a pass rate of 0 or 1, or no skipped task, for a sign of work", () => {
    const all = { ...workflow("r1", 5, 0), skipped_tasks: 0 };
    const perfect = { ...stored, workflows: new Map([["r1", all]]) };
    expect(brokenChecks(run({ stored: perfect }))).toEqual(
      expect.arrayContaining([
        "records evaluated: expected 2, found 1",
        "pass rate: expected between 0 and 1, bounds excluded, found 1",
        "tasks skipped by a gate: expected 1 at least, found 0",
      ]),
    );
  });

  it("finds a profile that the summary does not list", () => {
    expect(brokenChecks(run({ after: summaryOf(107, 12) }))).toEqual([
      "records of the profile in the summary: expected 2, found nothing",
      "pass rate of the profile in the summary: expected 0.8, found nothing",
      "skipped tasks of the profile in the summary: expected 4, found nothing",
    ]);
  });
});
