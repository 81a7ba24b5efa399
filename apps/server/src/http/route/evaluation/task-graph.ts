import { agentEvalProfile, type TaskCounts, type TaskGraph } from "@scouter/contracts";
import type { RegisteredProfile, TaskTally } from "@scouter/database";
import { planTasks } from "@scouter/evaluate";
import { addedCounts, NO_TASKS, passRateOf } from "./pass-rate.ts";
import { tasksOfProfile } from "./tasks-of-profile.ts";

type Graph = Pick<TaskGraph, "stages" | "nodes" | "edges">;

/** The tasks of a profile as it is now, laid out by their dependencies, with what each did. */
export function tasksInGraph(profile: RegisteredProfile, tallies: readonly TaskTally[]): Graph {
  const parsed = agentEvalProfile.safeParse(profile.profile);
  if (!parsed.success) return { stages: [], nodes: [], edges: [] };
  const plan = planTasks(parsed.data.tasks);
  const declared = tasksOfProfile(profile);
  const byTask = Map.groupBy(tallies, ({ taskId }) => taskId);
  const nodes = plan.order.flatMap((id) => {
    const task = declared.get(id);
    const node = plan.nodes.get(id);
    if (task === undefined || node === undefined) return [];
    const counts = (byTask.get(id) ?? []).reduce<TaskCounts>(
      (sum, tally) => addedCounts(sum, tally.counts),
      NO_TASKS,
    );
    return {
      task_id: id,
      kind: task.task_type,
      gate: task.condition,
      stage: node.stage,
      depends_on: [...node.parents],
      description: task.description ?? null,
      operator: task.operator,
      counts,
      ...passRateOf(counts),
    };
  });
  const edges = nodes.flatMap(({ task_id: to, depends_on }) =>
    depends_on.map((from) => ({ from, to, skipped: skippedFor(byTask.get(to), from) })),
  );
  return { stages: plan.stages.map((stage) => [...stage]), nodes, edges };
}

function skippedFor(tallies: readonly TaskTally[] | undefined, from: string): number {
  return tallies?.find(({ skippedBy }) => skippedBy === from)?.counts.skipped ?? 0;
}
