import type { ErrorSource, EvalTaskResult, RunOutcome, RunTask } from "@scouter/contracts";
import type { RecordEvaluation } from "../execute/record-run.ts";

/** Errors of tasks that say something about the suite or the machine, not about the agent. */
const HARNESS_CODES: ReadonlySet<string> = new Set([
  "EVALUATE_SPAN_SOURCE_MISSING",
  "EVALUATE_TASK_CRASHED",
  "EVALUATE_TASK_UNSUPPORTED",
  "EVALUATE_JUDGE_MODEL_MISSING",
]);
/** What a judge's task says about the record: the agent did not give what the prompt needs. */
const AGENT_CODES_OF_JUDGES: ReadonlySet<string> = new Set([
  "EVALUATE_PROMPT_VARIABLE_MISSING",
  "EVALUATE_PATH_NOT_FOUND",
  "EVALUATE_TYPE_MISMATCH",
  "EVALUATE_TEMPLATE_NOT_FOUND",
]);

/** Whose error a task's is: a missing value is the agent's, a judge that did not answer is not. */
export function taskErrorSource(result: EvalTaskResult): ErrorSource {
  const code = result.error_code ?? "";
  if (HARNESS_CODES.has(code)) return "harness";
  if (result.task_type !== "LLMJudge" || AGENT_CODES_OF_JUDGES.has(code)) return "agent";
  return "judge";
}

export function runTaskOf(result: EvalTaskResult): RunTask {
  const isErrored = result.outcome === "errored";
  return {
    outcome: result.outcome,
    ...(isErrored ? { error_source: taskErrorSource(result), error: result.message } : {}),
    ...(result.condition ? { gate: true } : {}),
    message: result.message,
  };
}

export interface WorkflowEnding {
  readonly outcome: RunOutcome;
  readonly error_source?: ErrorSource;
  readonly error?: string;
}

/**
 * How a list of tasks ended together, gates left out: failed when one failed or the agent erred in one, else not known when
 * one is not known, else passed when one passed, else skipped.
 */
export function workflowEnding(tasks: readonly RunTask[]): WorkflowEnding {
  const counted = tasks.filter(({ gate }) => gate !== true);
  const erredByAgent = counted.find((task) => task.error_source === "agent");
  if (counted.some(({ outcome }) => outcome === "failed") || erredByAgent !== undefined) {
    return { outcome: "failed" };
  }
  const unknown = counted.find(({ outcome }) => outcome === "errored");
  if (unknown?.error_source !== undefined) {
    const { error_source, error } = unknown;
    return { outcome: "errored", error_source, ...(error === undefined ? {} : { error }) };
  }
  return { outcome: counted.some(({ outcome }) => outcome === "passed") ? "passed" : "skipped" };
}

/** One task over several records: it passed when it passed on each that did not skip it. */
export function mergedTask(tasks: readonly RunTask[]): RunTask {
  const worst =
    tasks.find(({ outcome, error_source }) => outcome === "failed" || error_source === "agent") ??
    tasks.find(({ outcome }) => outcome === "errored") ??
    tasks.find(({ outcome }) => outcome === "passed");
  return worst ?? tasks[0] ?? { outcome: "skipped" };
}

export interface TaskCounts {
  readonly passed_tasks: number;
  readonly total_tasks: number;
}

/** Gates and skipped tasks are not counted; an errored task is not passed. */
export function taskCounts(evaluations: readonly RecordEvaluation[]): TaskCounts {
  const sum = (count: (evaluation: RecordEvaluation) => number) =>
    evaluations.reduce((total, own) => total + count(own), 0);
  return {
    passed_tasks: sum(({ workflow }) => workflow.passed_tasks),
    total_tasks: sum(({ workflow }) => workflow.total_tasks),
  };
}
