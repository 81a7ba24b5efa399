import type { EvaluationTaskType, Json } from "@scouter/contracts";
import { errors } from "../errors.ts";
import type { CompiledTask } from "./compiled-task.ts";
import { errored, type Conclusion } from "./conclusion.ts";
import { runAgentAssertion } from "./run-agent-assertion.ts";
import { runAssertion } from "./run-assertion.ts";
import { runCustomTask } from "./run-custom-task.ts";
import { runJudge } from "./run-judge.ts";
import type { RunScope } from "./run-scope.ts";
import { runTraceAssertion } from "./run-trace-assertion.ts";

/** Runs one task on its scoped context. What it throws becomes the task's own outcome `errored`. */
export type TaskRunner = (
  task: CompiledTask,
  context: Json,
  scope: RunScope,
) => Conclusion | Promise<Conclusion>;

const unsupported: TaskRunner = (task) =>
  errored(errors.EVALUATE_TASK_UNSUPPORTED({ taskType: task.task.task_type }));

export type TaskRunners = Readonly<Record<EvaluationTaskType, TaskRunner>>;

/** `Conditional` and `HumanValidation` are names of the wire without a form of their own. */
export const taskRunners: TaskRunners = {
  Assertion: runAssertion,
  LLMJudge: runJudge,
  TraceAssertion: runTraceAssertion,
  AgentAssertion: runAgentAssertion,
  Custom: runCustomTask,
  Conditional: unsupported,
  HumanValidation: unsupported,
};

/** Runners of the kinds that wait for nothing. */
export const immediateRunners: TaskRunners = {
  ...taskRunners,
  LLMJudge: unsupported,
  TraceAssertion: unsupported,
  Custom: unsupported,
};
