import type { TaskBuckets } from "@scouter/contracts";
import { declaredTasks } from "../task/declared-tasks.ts";
import { taskGraph, type TaskGraph } from "../task/task-graph.ts";
import { validateTasks } from "../task/validate-tasks.ts";
import type { ExecutionNode, ExecutionPlan } from "./execution-plan.ts";

/**
 * Lays tasks out in stages by their dependencies (Kahn's algorithm).
 * @throws EVALUATE_TASKS_INVALID
 */
export function planTasks(buckets: TaskBuckets): ExecutionPlan {
  validateTasks(buckets);
  return planGraph(taskGraph(declaredTasks(buckets)));
}

/** The plan of a graph that is known to be valid. */
export function planGraph(graph: TaskGraph): ExecutionPlan {
  const stageOf = stageNumbers(graph);
  const stages: string[][] = [];
  const nodes = new Map<string, ExecutionNode>();
  const idAt = (position: number) => graph.tasks[position]?.id ?? "";
  for (const [position, { id }] of graph.tasks.entries()) {
    const stage = stageOf[position] ?? 0;
    (stages[stage] ??= []).push(id);
    nodes.set(id, {
      id,
      stage,
      parents: (graph.parents[position] ?? []).map(idAt),
      children: (graph.children[position] ?? []).map(idAt),
    });
  }
  return { stages, nodes, order: stages.flat() };
}

function stageNumbers(graph: TaskGraph): readonly number[] {
  const stageOf = graph.tasks.map(() => 0);
  const waiting = graph.parents.map((parents) => parents.length);
  const ready = [...waiting.keys()].filter((position) => waiting[position] === 0);
  for (const position of ready) {
    for (const child of graph.children[position] ?? []) {
      stageOf[child] = Math.max(stageOf[child] ?? 0, (stageOf[position] ?? 0) + 1);
      waiting[child] = (waiting[child] ?? 0) - 1;
      if (waiting[child] === 0) ready.push(child);
    }
  }
  return stageOf;
}
