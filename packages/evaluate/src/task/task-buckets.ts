import type { CustomTask, EvaluationTask, TaskBuckets } from "@scouter/contracts";

/** Tasks in the wire's form: one bucket per type, order kept within each. */
export function bucketsOf(tasks: readonly EvaluationTask[]): TaskBuckets {
  const custom: CustomTask[] = [];
  const buckets: TaskBuckets = { assertion: [], judge: [], trace: [], agent: [] };
  for (const task of tasks) {
    if (task.task_type === "Assertion") buckets.assertion.push(task);
    else if (task.task_type === "LLMJudge") buckets.judge.push(task);
    else if (task.task_type === "TraceAssertion") buckets.trace.push(task);
    else if (task.task_type === "AgentAssertion") buckets.agent.push(task);
    else custom.push(task);
  }
  return custom.length === 0 ? buckets : { ...buckets, custom };
}
