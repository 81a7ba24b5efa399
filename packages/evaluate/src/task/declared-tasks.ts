import type { EvaluationTask, TaskBuckets } from "@scouter/contracts";

/** All tasks in the order of results: assertions, judges, trace, agent, custom; within a bucket as written. */
export function declaredTasks(buckets: TaskBuckets): readonly EvaluationTask[] {
  return [
    ...buckets.assertion,
    ...buckets.judge,
    ...buckets.trace,
    ...buckets.agent,
    ...(buckets.custom ?? []),
  ];
}
