import { z } from "zod";
import { jsonValue } from "../record/scalar.ts";
import { operatorName } from "./comparison-operator.ts";

/** `at_least` and `at_most` count the elements that pass; both bounds are included. */
export const quantifier = z.union([
  z.enum(["all", "any", "none"]),
  z
    .object({
      at_least: z.number().int().min(0).nullish(),
      at_most: z.number().int().min(0).nullish(),
    })
    .refine(({ at_least, at_most }) => at_least != null || at_most != null, {
      error: "expected at_least, at_most or both",
    })
    .refine(({ at_least, at_most }) => (at_least ?? 0) <= (at_most ?? Infinity), {
      error: "no number is at least at_least and at most at_most",
    }),
]);
export type Quantifier = z.output<typeof quantifier>;

/** The larger of the two counts; `relative` is a share of the expected number. */
export const tolerance = z.object({
  absolute: z.number().min(0).nullish(),
  relative: z.number().min(0).nullish(),
});
export type Tolerance = z.output<typeof tolerance>;

export const evaluationTaskType = z.enum([
  "Assertion",
  "LLMJudge",
  "Conditional",
  "HumanValidation",
  "TraceAssertion",
  "AgentAssertion",
  "Custom",
]);
export type EvaluationTaskType = z.infer<typeof evaluationTaskType>;

const common = {
  id: z.string().min(1),
  operator: operatorName,
  expected_value: jsonValue,
  /** Ours: how many elements of an array must pass, each looked at alone. */
  quantifier: quantifier.nullish(),
  /** Ours: true turns passed into failed and the reverse. */
  negate: z.boolean().nullish(),
  /** Ours: text is compared without its case. */
  ignore_case: z.boolean().nullish(),
  /** Ours: by how much equal numbers may differ. */
  tolerance: tolerance.nullish(),
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

/** Ours: a task of a type that an app registered. Its own fields stand beside the common ones. */
export const customTask = z.looseObject({
  ...common,
  /** Name of the registered type. */
  type: z.string().min(1),
  task_type: z.literal("Custom").default("Custom"),
});
export type CustomTask = z.output<typeof customTask>;

/** Tasks as profiles and scenarios store them: one bucket per type, order kept within a bucket. */
export const taskBuckets = z.object({
  assertion: z.array(assertionTask),
  judge: z.array(llmJudgeTask),
  trace: z.array(traceAssertionTask),
  agent: z.array(agentAssertionTask),
  /** Ours; absent where there are none, as in every profile of other systems. */
  custom: z.array(customTask).optional(),
});
export type TaskBuckets = z.output<typeof taskBuckets>;

export type EvaluationTask =
  | AssertionTask
  | LlmJudgeTask
  | TraceAssertionTask
  | AgentAssertionTask
  | CustomTask;
