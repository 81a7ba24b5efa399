import type { DemoReport } from "@scouter/example-support-agent";
import type { StoredRun } from "./stored-run.ts";

/** What a run came to, counted from its stored results. */
export interface RunFigures {
  readonly spans: number;
  readonly traces: number;
  readonly recordsEvaluated: number;
  readonly tasksPassed: number;
  /** Ordinary tasks that ran; gates are not counted. */
  readonly tasksCounted: number;
  /** tasksPassed / tasksCounted; null when nothing ran. */
  readonly passRate: number | null;
  readonly tasksErrored: number;
  /** Gates included. */
  readonly tasksSkipped: number;
  /** The first answer that failed a task; null when none did. */
  readonly failedAnswer: { readonly recordUid: string; readonly traceId: string } | null;
}

export function runFigures(report: DemoReport, stored: StoredRun): RunFigures {
  const workflows = [...stored.workflows.values()];
  const sum = (pick: (workflow: (typeof workflows)[number]) => number) =>
    workflows.reduce((total, workflow) => total + pick(workflow), 0);
  const tasksPassed = sum((workflow) => workflow.passed_tasks);
  const tasksCounted = sum((workflow) => workflow.total_tasks);
  const failed = report.answers.find(
    ({ recordUid }) => (stored.workflows.get(recordUid)?.failed_tasks ?? 0) > 0,
  );
  return {
    spans: stored.spans,
    traces: stored.traces,
    recordsEvaluated: workflows.length,
    tasksPassed,
    tasksCounted,
    passRate: tasksCounted === 0 ? null : tasksPassed / tasksCounted,
    tasksErrored: sum((workflow) => workflow.errored_tasks),
    tasksSkipped: sum((workflow) => workflow.skipped_tasks),
    failedAnswer:
      failed === undefined ? null : { recordUid: failed.recordUid, traceId: failed.traceId },
  };
}
