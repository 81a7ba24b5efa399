import type { EvaluationTask, Json, TaskBuckets } from "@scouter/contracts";
import { builtInVocabulary, type Vocabulary } from "../extension/vocabulary.ts";
import { storableJson } from "../json/storable-json.ts";
import { PatternCache } from "../operator/pattern-cache.ts";
import { executionPlanToJson, type ExecutionPlan } from "../plan/execution-plan.ts";
import { planGraph } from "../plan/plan-tasks.ts";
import { declaredTasks } from "../task/declared-tasks.ts";
import { taskGraph } from "../task/task-graph.ts";
import { validatingTasks } from "../task/validate-tasks.ts";
import { atOnce, inTurns, type Steps, type Turn } from "../turn/steps.ts";
import { checkedBy, compileExpectation, pathOf } from "./compile-comparison.ts";
import { compileSubject } from "./compile-subject.ts";
import type { CompiledTask, CompiledTasks } from "./compiled-task.ts";

/**
 * Parses, checks and plans tasks once, for many records. With operators or task types of your own, hand in the
 * vocabulary that knows them.
 * @throws EVALUATE_TASKS_INVALID with every problem
 * @example const compiled = compileTasks(profile.tasks);
 */
export function compileTasks(
  buckets: TaskBuckets,
  vocabulary: Vocabulary = builtInVocabulary,
): CompiledTasks {
  return atOnce(compiling(buckets, vocabulary));
}

/**
 * The same for a thread that has other things to do.
 * @throws (rejects with) EVALUATE_TASKS_INVALID
 */
export function compileTasksInTurns(
  buckets: TaskBuckets,
  vocabulary: Vocabulary,
  turn: Turn,
): Promise<CompiledTasks> {
  return inTurns(compiling(buckets, vocabulary), turn);
}

function* compiling(buckets: TaskBuckets, vocabulary: Vocabulary): Steps<CompiledTasks> {
  yield* validatingTasks(buckets, vocabulary);
  const graph = taskGraph(declaredTasks(buckets));
  const plan = planGraph(graph);
  const positions = new Map(graph.tasks.map((task, position) => [task.id, position]));
  const patterns = new PatternCache();
  const has = (...types: readonly EvaluationTask["task_type"][]) =>
    graph.tasks.some((task) => types.includes(task.task_type));
  const tasks: CompiledTask[] = [];
  for (const [position, task] of graph.tasks.entries()) {
    yield;
    tasks.push(compileTask(task, graph.parents[position] ?? [], { plan, patterns, vocabulary }));
  }
  return {
    tasks,
    order: plan.order.map((id) => positions.get(id) ?? 0),
    graph,
    plan,
    planJson: executionPlanToJson(plan),
    assertionOnly: !has("LLMJudge", "TraceAssertion", "Custom"),
    needsSpans: has("TraceAssertion"),
    hasJudges: has("LLMJudge"),
  };
}

function compileTask(
  task: EvaluationTask,
  parents: readonly number[],
  parts: {
    readonly plan: ExecutionPlan;
    readonly patterns: PatternCache;
    readonly vocabulary: Vocabulary;
  },
): CompiledTask {
  const { plan, patterns, vocabulary } = parts;
  return {
    id: task.id,
    task,
    stage: plan.nodes.get(task.id)?.stage ?? 0,
    parents,
    isGate: task.condition,
    path: pathOf("context_path" in task ? task.context_path : null),
    expectation: compileExpectation(task, patterns, vocabulary),
    subject: compileSubject(task, patterns, vocabulary),
    assertion: assertionOf(task),
    ...checkedBy(task, vocabulary),
  };
}

function assertionOf(task: EvaluationTask): Readonly<Record<string, Json>> {
  if (task.task_type === "TraceAssertion") return { TraceAssertion: storableJson(task.assertion) };
  if (task.task_type === "AgentAssertion") return { AgentAssertion: storableJson(task.assertion) };
  if (task.task_type === "Custom") return { Custom: { type: task.type } };
  return { FieldPath: task.context_path ?? null };
}
