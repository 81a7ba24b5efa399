import { z } from "zod";
import { jsonValue } from "../record/scalar.ts";
import { type TaskBuckets, taskBuckets } from "../task/task.ts";

/** One test case of an offline evaluation. Fields that are not known here are kept. */
export const evalScenario = z.looseObject({
  id: z.string().min(1),
  initial_query: z.string(),
  predefined_turns: z.array(z.string()).default([]),
  simulated_user_persona: z.string().nullish(),
  termination_signal: z.string().nullish(),
  max_turns: z.number().int().min(0).default(10),
  expected_outcome: z.string().nullish(),
  /** Facts that tasks compare with, as `${ground_truth.<path>}`. Ours. */
  ground_truth: jsonValue.nullish(),
  tasks: taskBuckets
    .partial()
    .default({})
    .transform(({ assertion = [], judge = [], trace = [], agent = [] }): TaskBuckets => ({
      assertion,
      judge,
      trace,
      agent,
    })),
  metadata: z.record(z.string(), jsonValue).nullish(),
});
export type EvalScenario = z.output<typeof evalScenario>;

/** A suite of scenarios; the results are empty until an offline run fills them. */
export const evalScenarios = z.object({
  scenarios: z.array(evalScenario),
  collection_id: z.string(),
  dataset_results: z.record(z.string(), jsonValue),
  scenario_results: z.array(jsonValue),
  metrics: jsonValue.nullable(),
});
export type EvalScenarios = z.output<typeof evalScenarios>;
