import type { EvaluationTask } from "@scouter/contracts";

/** Tasks by position, with their dependencies as positions. Ids may repeat here; the first one of an id is meant. */
export interface TaskGraph {
  readonly tasks: readonly EvaluationTask[];
  /** Positions of each task's dependencies: in the order written, each once. */
  readonly parents: readonly (readonly number[])[];
  /** Positions of each task's dependents, ascending. */
  readonly children: readonly (readonly number[])[];
  readonly unknown: readonly UnknownDependency[];
}

export interface UnknownDependency {
  readonly task: EvaluationTask;
  readonly dependency: string;
  /** Ids that differ from it by case only; two or more make it ambiguous. */
  readonly candidates: readonly string[];
}

/**
 * Connects tasks by `depends_on`. Ids are never changed, but a reference that matches no id exactly and exactly one id
 * when case is ignored means that one: some writers lower-case ids and not the references to them.
 */
export function taskGraph(tasks: readonly EvaluationTask[]): TaskGraph {
  const positions = new Map<string, number>();
  const idsByFold = new Map<string, Set<string>>();
  for (const [position, { id }] of tasks.entries()) {
    if (!positions.has(id)) positions.set(id, position);
    const fold = id.toLowerCase();
    idsByFold.set(fold, (idsByFold.get(fold) ?? new Set()).add(id));
  }
  const parents: number[][] = tasks.map(() => []);
  const children: number[][] = tasks.map(() => []);
  const unknown: UnknownDependency[] = [];
  for (const [position, task] of tasks.entries()) {
    for (const dependency of new Set(task.depends_on)) {
      const candidates = [...(idsByFold.get(dependency.toLowerCase()) ?? [])];
      const [only] = candidates.length === 1 ? candidates : [];
      const parent = positions.get(dependency) ?? positions.get(only ?? "");
      if (parent === undefined) unknown.push({ task, dependency, candidates });
      else if (!parents[position]?.includes(parent)) {
        parents[position]?.push(parent);
        children[parent]?.push(position);
      }
    }
  }
  return { tasks, parents, children, unknown };
}

/**
 * One cycle of every group of tasks that wait for each other, as ids in the order "depends on", ending where it began.
 */
export function dependencyCycles(graph: TaskGraph): readonly (readonly string[])[] {
  const cycles: (readonly string[])[] = [];
  const reported = new Set<number>();
  for (const position of unplaceable(graph)) {
    if (reported.has(position)) continue;
    const cycle = cycleThrough(graph, position);
    if (cycle === undefined) continue;
    const dependencies = reachable(graph.parents, position);
    for (const dependent of reachable(graph.children, position)) {
      if (dependencies.has(dependent)) reported.add(dependent);
    }
    cycles.push(cycle.map((at) => graph.tasks[at]?.id ?? ""));
  }
  return cycles;
}

/** Tasks that are on a cycle or wait for one. */
function unplaceable(graph: TaskGraph): readonly number[] {
  const waiting = graph.parents.map((parents) => parents.length);
  const ready = [...waiting.keys()].filter((position) => waiting[position] === 0);
  for (const position of ready) {
    for (const child of graph.children[position] ?? []) {
      waiting[child] = (waiting[child] ?? 0) - 1;
      if (waiting[child] === 0) ready.push(child);
    }
  }
  return [...waiting.keys()].filter((position) => (waiting[position] ?? 0) > 0);
}

function reachable(edges: TaskGraph["parents"], start: number): ReadonlySet<number> {
  const reached = new Set(edges[start]);
  // A set yields what is added while it is walked, so this is the whole search.
  for (const position of reached) {
    for (const next of edges[position] ?? []) reached.add(next);
  }
  return reached;
}

/** The shortest way from a task over its dependencies back to itself. */
function cycleThrough(graph: TaskGraph, start: number): readonly number[] | undefined {
  const cameFrom = new Map<number, number>();
  const queue = [start];
  for (const position of queue) {
    for (const parent of graph.parents[position] ?? []) {
      if (parent === start) return [...wayTo(cameFrom, start, position), start];
      if (cameFrom.has(parent)) continue;
      cameFrom.set(parent, position);
      queue.push(parent);
    }
  }
  return undefined;
}

function wayTo(cameFrom: ReadonlyMap<number, number>, start: number, end: number): number[] {
  const way = [end];
  for (let at = end; at !== start;) {
    at = cameFrom.get(at) ?? start;
    way.unshift(at);
  }
  return way;
}
