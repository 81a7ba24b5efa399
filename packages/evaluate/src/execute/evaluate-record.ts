import { RecordRun, type RecordEvaluation, type RecordInput } from "./record-run.ts";
import { runGraph } from "./run-graph.ts";
import { immediateRunners, taskRunners, type TaskRunners } from "./task-runner.ts";

/** Tasks of one record that may wait for a model or spans at the same time. */
const DEFAULT_CONCURRENCY = 16;

export interface EvaluateRecordInput extends RecordInput {
  /** Waiting tasks at the same time, at least 1. Default 16. */
  readonly concurrency?: number | undefined;
}

/**
 * Evaluates one record. Every task gets a row: an error is the outcome of its own task and erases nothing. Rejects only
 * with the signal's reason; the record has no result then and can be evaluated again.
 *
 * ```ts
 * const compiled = compileTasks(profile.tasks);
 * const { tasks, workflow } = await evaluateRecord({
 *   tasks: compiled, context: record.context, recordUid: record.uid, entityUid: record.entity_uid,
 *   traceId: record.trace_id, ports: { clock },
 * });
 * ```
 */
export async function evaluateRecord(input: EvaluateRecordInput): Promise<RecordEvaluation> {
  input.signal?.throwIfAborted();
  if (input.tasks.assertionOnly) return evaluateAssertions(input);
  return evaluateWith(taskRunners, input);
}

/** `evaluateRecord` with other runners for the kinds of task. */
export async function evaluateWith(
  runners: TaskRunners,
  input: EvaluateRecordInput,
): Promise<RecordEvaluation> {
  const run = new RecordRun(input, runners);
  await runGraph({
    parents: input.tasks.graph.parents,
    children: input.tasks.graph.children,
    start: (position) => run.start(position),
    concurrency: Math.max(1, input.concurrency ?? DEFAULT_CONCURRENCY),
    signal: input.signal,
  });
  return run.finish();
}

/**
 * The same for tasks of which none has to wait (`tasks.assertionOnly`), without a promise: for many records in a row.
 * Never throws. Tasks of other kinds end as `errored`.
 */
export function evaluateAssertions(input: RecordInput): RecordEvaluation {
  const run = new RecordRun(input, immediateRunners);
  for (const position of input.tasks.order) void run.start(position);
  return run.finish();
}
