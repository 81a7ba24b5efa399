import { z } from "zod";
import { evaluationTaskType } from "../task/task.ts";
import { dateTime, int32, jsonValue } from "./scalar.ts";

/** How a task ended. The wire knows only passed or not; replies carry both. */
export const taskOutcome = z.enum(["passed", "failed", "errored", "skipped"]);
export type TaskOutcome = z.infer<typeof taskOutcome>;

/** What a judge used for one task. */
export const judgeUsage = z.object({
  provider: z.string(),
  model: z.string(),
  /** Calls that reached the model, failed ones among them. */
  calls: int32,
  /** Answers that were taken from the cache. */
  cached_calls: int32,
  /** As the vendor counted them. */
  input_tokens: z.number().int(),
  output_tokens: z.number().int(),
  /** Null when the price of the model, or one of its counts, is not known. */
  cost_usd: z.number().nullable(),
  /** Calls that were not made because a gate kept the task from running, at least; absent when it ran. */
  saved_calls: int32.optional(),
});
export type JudgeUsageJson = z.output<typeof judgeUsage>;

/** Result of one task on one record: the wire's fields, then ours (`outcome` and below). */
export const evalTaskResult = z.object({
  created_at: dateTime,
  start_time: dateTime,
  end_time: dateTime,
  record_uid: z.string(),
  entity_id: int32,
  entity_uid: z.string(),
  task_id: z.string(),
  task_type: evaluationTaskType,
  passed: z.boolean(),
  /** 1 when passed, else 0. */
  value: z.number(),
  assertion: z.record(z.string(), jsonValue),
  operator: z.string(),
  expected: jsonValue,
  actual: jsonValue,
  message: z.string(),
  condition: z.boolean(),
  stage: int32,
  outcome: taskOutcome,
  /** Id of the gate (or skipped task) that kept this one from running; null when it ran. */
  skipped_by: z.string().nullable(),
  /** Stable code of the error when `outcome` is `errored`; null otherwise. */
  error_code: z.string().nullable(),
  /** Of judges, also of skipped ones; absent otherwise. */
  judge: judgeUsage.optional(),
});
export type EvalTaskResult = z.output<typeof evalTaskResult>;

export const executionPlanJson = z.object({
  stages: z.array(z.array(z.string())),
  nodes: z.record(
    z.string(),
    z.object({
      id: z.string(),
      stage: z.number().int().min(0),
      parents: z.array(z.string()),
      children: z.array(z.string()),
    }),
  ),
});
export type ExecutionPlanJson = z.output<typeof executionPlanJson>;

/** All tasks of a profile on one record. Gates are not counted; skipped tasks are not counted either. */
export const agentEvalWorkflowResult = z.object({
  created_at: dateTime,
  record_uid: z.string(),
  entity_id: int32,
  total_tasks: int32,
  passed_tasks: int32,
  failed_tasks: int32,
  /** passed_tasks / total_tasks, in 0..1; 0 when total_tasks is 0 (see skipped_tasks). */
  pass_rate: z.number(),
  duration_ms: z.number().int(),
  entity_uid: z.string(),
  execution_plan: executionPlanJson,
  id: z.number().int(),
  /** Tasks, gates included, that a gate kept from running. */
  skipped_tasks: int32,
  /** Ordinary tasks that erred; also counted in failed_tasks. */
  errored_tasks: int32,
});
export type AgentEvalWorkflowResult = z.output<typeof agentEvalWorkflowResult>;
