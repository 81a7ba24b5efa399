import { z } from "zod";
import { jsonValue } from "../record/scalar.ts";
import { comparisonOperator } from "./comparison-operator.ts";

export const evaluationTaskType = z.enum([
  "Assertion",
  "LLMJudge",
  "Conditional",
  "HumanValidation",
  "TraceAssertion",
  "AgentAssertion",
]);
export type EvaluationTaskType = z.infer<typeof evaluationTaskType>;

const common = {
  id: z.string().min(1),
  operator: comparisonOperator,
  expected_value: jsonValue,
  description: z.string().nullish(),
  depends_on: z.array(z.string()).default([]),
  condition: z.boolean().default(false),
};

export const assertionTask = z.looseObject({
  ...common,
  context_path: z.string().nullish(),
  item_context_path: z.string().nullish(),
  task_type: z.literal("Assertion").default("Assertion"),
});
export type AssertionTask = z.output<typeof assertionTask>;
export type AssertionTaskInput = z.input<typeof assertionTask>;

export const llmJudgeTask = z.looseObject({
  ...common,
  prompt: jsonValue,
  context_path: z.string().nullish(),
  max_retries: z.number().int().min(0).nullish(),
  /** Answers asked for at most, of which more than half must pass. Ours; default 1. */
  votes: z.number().int().min(1).max(25).nullish(),
  task_type: z.literal("LLMJudge").default("LLMJudge"),
});
export type LlmJudgeTask = z.output<typeof llmJudgeTask>;

export const traceAssertionTask = z.looseObject({
  ...common,
  assertion: z.record(z.string(), jsonValue),
  task_type: z.literal("TraceAssertion").default("TraceAssertion"),
});
export type TraceAssertionTask = z.output<typeof traceAssertionTask>;

export const agentAssertionTask = z.looseObject({
  ...common,
  assertion: z.record(z.string(), jsonValue),
  provider: z.string().nullish(),
  context_path: z.string().nullish(),
  task_type: z.literal("AgentAssertion").default("AgentAssertion"),
});
export type AgentAssertionTask = z.output<typeof agentAssertionTask>;

/** Tasks as profiles and scenarios store them: one bucket per type, order kept within a bucket. */
export const taskBuckets = z.object({
  assertion: z.array(assertionTask),
  judge: z.array(llmJudgeTask),
  trace: z.array(traceAssertionTask),
  agent: z.array(agentAssertionTask),
});
export type TaskBuckets = z.output<typeof taskBuckets>;

export type EvaluationTask = AssertionTask | LlmJudgeTask | TraceAssertionTask | AgentAssertionTask;
