import {
  addedOperators,
  comparisonOperators,
  jsonValue,
  quantifier,
  tolerance,
} from "@scouter/contracts";
import { z } from "zod";

const name = z.string().min(1).max(512);

const common = {
  id: z.string().min(1),
  operator: z.enum([...comparisonOperators, ...addedOperators]),
  expected_value: jsonValue,
  quantifier: quantifier.nullish(),
  negate: z.boolean().nullish(),
  ignore_case: z.boolean().nullish(),
  tolerance: tolerance.nullish(),
  description: z.string().nullish(),
  depends_on: z.array(z.string()).default([]),
  condition: z.boolean().default(false),
};

/** What a task of each type may hold in a file. Other members are refused: they are misspelt more often than not. */
export const fileTask = {
  Assertion: z.strictObject({
    ...common,
    task_type: z.literal("Assertion"),
    context_path: z.string().nullish(),
    item_context_path: z.string().nullish(),
  }),
  LLMJudge: z.strictObject({
    ...common,
    task_type: z.literal("LLMJudge"),
    prompt: jsonValue,
    context_path: z.string().nullish(),
    max_retries: z.number().int().min(0).nullish(),
    votes: z.number().int().min(1).max(25).nullish(),
  }),
  TraceAssertion: z.strictObject({
    ...common,
    task_type: z.literal("TraceAssertion"),
    assertion: z.record(z.string(), jsonValue),
  }),
  AgentAssertion: z.strictObject({
    ...common,
    task_type: z.literal("AgentAssertion"),
    assertion: z.record(z.string(), jsonValue),
    provider: z.string().nullish(),
    context_path: z.string().nullish(),
  }),
} as const;
export type FileTaskType = keyof typeof fileTask;
export type FileTask = z.output<(typeof fileTask)[FileTaskType]>;

/** Tasks are read by themselves, so that a mistake in one hides none in another. */
const unreadTasks = z.unknown().optional();

export const fileScenario = z.strictObject({
  id: name.optional(),
  initial_query: z.string(),
  predefined_turns: z.array(z.string()).default([]),
  simulated_user_persona: z.string().min(1).nullish(),
  termination_signal: z.string().min(1).nullish(),
  max_turns: z.number().int().min(0).default(10),
  expected_outcome: z.string().nullish(),
  ground_truth: jsonValue.nullish(),
  metadata: z.record(z.string(), jsonValue).nullish(),
  tasks: unreadTasks,
});
export type FileScenario = z.output<typeof fileScenario>;

export const fileSuite = z.strictObject({
  name: name.optional(),
  description: z.string().optional(),
  versions: z.record(name, z.string()).default({}),
  collection_id: z.string().optional(),
  /** What is checked on the records of each alias. */
  aliases: z.record(name, z.unknown()).default({}),
  /** Tasks of every scenario. */
  tasks: unreadTasks,
  scenarios: z.array(z.unknown()),
  /** Empty members of suites that were saved by a client or the server. */
  dataset_results: z.unknown().optional(),
  scenario_results: z.unknown().optional(),
  metrics: z.unknown().optional(),
});
export type FileSuite = z.output<typeof fileSuite>;
