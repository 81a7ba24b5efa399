import { z } from "zod";
import { evalRecordStatus, recordSource } from "../record/eval-record.ts";
import { judgeUsage, taskOutcome } from "../record/eval-result.ts";
import { dateTime, jsonValue } from "../record/scalar.ts";
import { evaluationTaskType } from "../task/task.ts";
import { profileReference, profileStatus } from "./profile-reference.ts";
import { passRate, taskCounts } from "./task-counts.ts";

const count = z.number().int().min(0);
const range = { start: dateTime, end: dateTime };

/** One agent profile and what was evaluated in the range. */
export const evaluationProfile = profileReference.extend({
  status: profileStatus,
  created_at: dateTime,
  records_evaluated: count,
  tasks: taskCounts,
  ...passRate.shape,
  /** Newest record by the sender's clock, whatever the range; null when there is none. */
  last_record_at: dateTime.nullable(),
});
export type EvaluationProfile = z.output<typeof evaluationProfile>;

/** `GET /scouter/v2/evaluations/profiles`: newest profile first. */
export const evaluationProfilePage = z.object({
  ...range,
  items: z.array(evaluationProfile),
  next_cursor: z.string().nullable(),
});
export type EvaluationProfilePage = z.output<typeof evaluationProfilePage>;

/** start <= t < end, by the time at which results were stored. */
export const passRateBucket = z.object({
  ...range,
  records: count,
  tasks: taskCounts,
  ...passRate.shape,
});
export type PassRateBucket = z.output<typeof passRateBucket>;

/** `GET /scouter/v2/evaluations/pass-rate`. */
export const passRateChart = z.object({
  ...range,
  profile: profileReference,
  /** Null: all tasks but gates. */
  task: z.string().nullable(),
  bucket_seconds: z.number().positive(),
  /** As many as were asked for, without gaps, oldest first. */
  buckets: z.array(passRateBucket),
  total: z.object({ records: count, tasks: taskCounts, ...passRate.shape }),
});
export type PassRateChart = z.output<typeof passRateChart>;

export const taskChip = z.object({
  task_id: z.string(),
  outcome: taskOutcome,
  gate: z.boolean(),
});
export type TaskChip = z.output<typeof taskChip>;

/** One record with what came of it. */
export const evaluationRecord = z.object({
  /** Unique within its profile. */
  uid: z.string(),
  id: z.number().int(),
  /** The sender's own id. */
  record_id: z.string(),
  profile_uid: z.string(),
  session_id: z.string(),
  trace_id: z.string().nullable(),
  /** The sender's clock. */
  created_at: dateTime,
  received_at: dateTime,
  /** Null until its results are stored. */
  evaluated_at: dateTime.nullable(),
  status: evalRecordStatus,
  /** Attempts that failed, or whose worker ended. */
  attempts: count,
  last_error: z.string().nullable(),
  /** Null until it is evaluated, and when no task was counted. */
  pass_rate: z.number().nullable(),
  task_counts: taskCounts,
  /** In plan order; empty until it is evaluated. */
  tasks: z.array(taskChip),
});
export type EvaluationRecord = z.output<typeof evaluationRecord>;

/** `GET /scouter/v2/evaluations/records`: newest first by `created_at`, which is also what the range is of. */
export const evaluationRecordPage = z.object({
  ...range,
  items: z.array(evaluationRecord),
  next_cursor: z.string().nullable(),
});
export type EvaluationRecordPage = z.output<typeof evaluationRecordPage>;

/** One task's result on one record, as lists show it. */
export const evaluationResult = z.object({
  evaluated_at: dateTime,
  profile: profileReference,
  record_uid: z.string(),
  record_id: z.string(),
  trace_id: z.string().nullable(),
  /** 0 at first; one more each time the record was evaluated again. */
  revision: count,
  task_id: z.string(),
  task_type: z.string(),
  outcome: taskOutcome,
  /** Whether the task is a gate. */
  condition: z.boolean(),
  skipped_by: z.string().nullable(),
  error_code: z.string().nullable(),
  operator: z.string(),
  expected: jsonValue,
  actual: jsonValue,
  message: z.string(),
  judge: judgeUsage.nullable(),
});
export type EvaluationResult = z.output<typeof evaluationResult>;

/** `GET /scouter/v2/evaluations/results`: newest first by the time of evaluation, which is also what the range is of. */
export const evaluationResultPage = z.object({
  ...range,
  items: z.array(evaluationResult),
  next_cursor: z.string().nullable(),
});
export type EvaluationResultPage = z.output<typeof evaluationResultPage>;

/** What one judge used in a range. */
export const judgeCost = z.object({
  task_id: z.string(),
  provider: z.string(),
  model: z.string(),
  /** Results with an answer or an error. */
  judged: count,
  /** Results that a gate kept from running. */
  skipped: count,
  calls: count,
  cached_calls: count,
  saved_calls: count,
  input_tokens: count,
  output_tokens: count,
  /** US dollars, of the calls with a known price; null when none has one. */
  cost_usd: z.number().nullable(),
  unpriced_calls: count,
  /** What the saved calls would have cost at the mean of those that were made; null when that is not known. */
  saved_usd: z.number().nullable(),
});
export type JudgeCost = z.output<typeof judgeCost>;

/** `GET /scouter/v2/evaluations/judges` */
export const judgeCostReport = z.object({
  ...range,
  profile: profileReference,
  items: z.array(judgeCost),
  total: z.object({
    calls: count,
    saved_calls: count,
    input_tokens: count,
    output_tokens: count,
    cost_usd: z.number().nullable(),
    saved_usd: z.number().nullable(),
  }),
});
export type JudgeCostReport = z.output<typeof judgeCostReport>;

/** `POST /scouter/v2/evaluations/again`: one ended record, or all of the profile that were given up. */
export const evaluateAgainRequest = z.object({
  profile_uid: z.string().min(1),
  record_uid: z.string().min(1).nullish(),
});
export const evaluateAgainReply = z.object({
  /** How many became pending. */
  records: count,
});

/** `POST /scouter/v2/evaluations/discard`: one record that was given up, or all of the profile. */
export const discardRecordsRequest = evaluateAgainRequest;
export const discardRecordsReply = z.object({
  /** How many no alert counts any more. */
  records: count,
});

/** One task on one record. */
export const taskResultDetail = z.object({
  task_id: z.string(),
  kind: evaluationTaskType,
  gate: z.boolean(),
  stage: z.number().int().min(0),
  depends_on: z.array(z.string()),
  /** Of the profile as it is now; null when it has none. */
  description: z.string().nullable(),
  outcome: taskOutcome,
  /** Gate or skipped task that kept this one from running. */
  skipped_by: z.string().nullable(),
  error_code: z.string().nullable(),
  /** Why it ended so, in words. */
  message: z.string(),
  operator: z.string(),
  expected: jsonValue,
  actual: jsonValue,
  /** What was looked at: path or assertion. */
  assertion: z.record(z.string(), jsonValue),
  start_time: dateTime,
  end_time: dateTime,
  duration_ms: z.number().min(0),
});
export type TaskResultDetail = z.output<typeof taskResultDetail>;

/** `GET /scouter/v2/evaluations/records/{uid}`. */
export const evaluationRecordDetail = evaluationRecord.omit({ tasks: true }).extend({
  profile: profileReference,
  context: jsonValue,
  tags: z.array(z.string()),
  record_source: recordSource,
  processing_started_at: dateTime.nullable(),
  processing_ended_at: dateTime.nullable(),
  /** Of the whole evaluation; null until it is evaluated. */
  duration_ms: z.number().int().nullable(),
  /** Task ids by stage; empty until it is evaluated. */
  stages: z.array(z.array(z.string())),
  /** In plan order; empty until it is evaluated. */
  tasks: z.array(taskResultDetail),
});
export type EvaluationRecordDetail = z.output<typeof evaluationRecordDetail>;

/** A task of the profile as it is now, with what it did in the range. */
export const taskGraphNode = z.object({
  task_id: z.string(),
  kind: evaluationTaskType,
  gate: z.boolean(),
  stage: z.number().int().min(0),
  depends_on: z.array(z.string()),
  description: z.string().nullable(),
  operator: z.string(),
  counts: taskCounts,
  ...passRate.shape,
});
export type TaskGraphNode = z.output<typeof taskGraphNode>;

/** `skipped`: records in which `to` was skipped because of `from`. */
export const taskGraphEdge = z.object({ from: z.string(), to: z.string(), skipped: count });
export type TaskGraphEdge = z.output<typeof taskGraphEdge>;

/** `GET /scouter/v2/evaluations/graph`. */
export const taskGraph = z.object({
  ...range,
  profile: profileReference,
  records_evaluated: count,
  stages: z.array(z.array(z.string())),
  /** In plan order. */
  nodes: z.array(taskGraphNode),
  edges: z.array(taskGraphEdge),
});
export type TaskGraph = z.output<typeof taskGraph>;
