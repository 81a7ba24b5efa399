import { taskBuckets, type EvalTaskResult, type Json } from "@scouter/contracts";
import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import { compileTasks } from "./compile-tasks.ts";
import type { RecordEvaluation } from "./record-run.ts";
import type { EvaluationPorts } from "./run-scope.ts";

export interface AnyTask {
  readonly id: string;
  readonly operator?: string;
  readonly expected_value?: unknown;
  readonly [field: string]: unknown;
}

export type Buckets = Partial<
  Record<"assertion" | "judge" | "trace" | "agent", readonly AnyTask[]>
>;

export const JUDGE_PROMPT = {
  provider: "toy",
  model: "toy-1",
  messages: "Is ${answer} right?",
} as const;

/** Tasks with what a test does not care about filled in. */
export function parsed(buckets: Buckets) {
  const complete = (tasks: readonly AnyTask[] = []) =>
    tasks.map((task) => ({ operator: "IsNull", expected_value: null, ...task }));
  return taskBuckets.parse({
    assertion: complete(buckets.assertion),
    judge: complete(buckets.judge?.map((task) => ({ prompt: JUDGE_PROMPT, ...task }))),
    trace: complete(buckets.trace?.map((task) => ({ assertion: { TraceDuration: {} }, ...task }))),
    agent: complete(buckets.agent?.map((task) => ({ assertion: { ResponseModel: {} }, ...task }))),
  });
}

interface More {
  readonly signal?: AbortSignal;
  readonly traceId?: string;
  readonly maxValueBytes?: number;
  readonly ports?: Omit<EvaluationPorts, "clock">;
}

export function inputFor(buckets: Buckets, context: Json, more: More = {}) {
  const clock = new ManualClock({ startMs: Date.UTC(2025, 2, 1) });
  return {
    tasks: compileTasks(parsed(buckets)),
    context,
    recordUid: "record-1",
    entityUid: "entity-1",
    ...more,
    ports: { ...more.ports, clock },
  };
}

export function outcomes({ tasks }: RecordEvaluation): Record<string, string> {
  return Object.fromEntries(tasks.map((task) => [task.task_id, task.outcome]));
}

export function taskOf({ tasks }: RecordEvaluation, id: string): EvalTaskResult | undefined {
  return tasks.find((task) => task.task_id === id);
}

export function equals(
  id: string,
  context_path: string,
  expected_value: Json,
  more: object = {},
): AnyTask {
  return { id, context_path, operator: "Equals", expected_value, ...more };
}
