import type { Clock, EvaluationTaskType, Json } from "@scouter/contracts";
import { errors } from "../errors.ts";
import type { ChatModel } from "../port/chat-model.ts";
import type { SpanSource } from "../port/span-source.ts";
import type { CompiledTask } from "./compile-tasks.ts";
import { errored, type Conclusion } from "./conclusion.ts";
import { runAssertion } from "./run-assertion.ts";

/** What the outside world gives to an evaluation. Assertions need the clock alone. */
export interface EvaluationPorts {
  readonly clock: Clock;
  readonly spanSource?: SpanSource | undefined;
  /** Models by provider name. */
  readonly chatModels?: ReadonlyMap<string, ChatModel> | undefined;
}

/** The record that a task runs on, beside its context. */
export interface RunScope {
  readonly ports: EvaluationPorts;
  readonly traceId: string | null;
  readonly signal: AbortSignal | undefined;
}

/** Runs one task on its scoped context. What it throws becomes the task's own outcome `errored`. */
export type TaskRunner = (
  task: CompiledTask,
  context: Json,
  scope: RunScope,
) => Conclusion | Promise<Conclusion>;

const unsupported: TaskRunner = (task) =>
  errored(errors.EVALUATE_TASK_UNSUPPORTED({ taskType: task.task.task_type }));

export type TaskRunners = Readonly<Record<EvaluationTaskType, TaskRunner>>;

/** Judges, trace and agent assertions are planned, gated and reported, but their own check is not built yet. */
export const taskRunners: TaskRunners = {
  Assertion: runAssertion,
  LLMJudge: unsupported,
  TraceAssertion: unsupported,
  AgentAssertion: unsupported,
  Conditional: unsupported,
  HumanValidation: unsupported,
};
