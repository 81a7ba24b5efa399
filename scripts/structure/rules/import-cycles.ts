import { errorAt, type Finding } from "../finding.ts";
import { isModule, parsedModule } from "../parsed-module.ts";
import type { SourceTree } from "../source-tree.ts";
import { resolveInside, workspacePackages } from "../workspace.ts";

/**
 * No import cycles, between files and therefore between packages. Imports of types count: two files that need each
 * other's types hold one idea in two places. (The linter's own rule follows workspace imports only as far as built
 * output exists; this one reads the sources.)
 */
export function importCycles(tree: SourceTree): readonly Finding[] {
  const graph = importGraph(tree);
  return stronglyConnected(graph)
    .filter((group) => group.length > 1 || graph.get(group[0] as string)?.has(group[0] as string))
    .map((group) => {
      const cycle = cycleThrough(graph, group);
      const [first = ""] = cycle;
      return errorAt(first, `import cycle: ${[...cycle, first].join(" -> ")}`);
    });
}

type Graph = ReadonlyMap<string, ReadonlySet<string>>;

function importGraph(tree: SourceTree): Graph {
  const packages = workspacePackages(tree);
  const graph = new Map<string, ReadonlySet<string>>();
  for (const path of tree.paths.filter(isModule)) {
    const targets = parsedModule(tree, path)
      .imports.map(({ specifier }) => resolveInside(tree, packages, path, specifier))
      .filter((target) => target !== undefined && tree.has(target)) as string[];
    graph.set(path, new Set(targets.filter(isModule)));
  }
  return graph;
}

/** Tarjan's strongly connected components, iterative so that deep chains cannot overflow the stack. */
function stronglyConnected(graph: Graph): readonly (readonly string[])[] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  const groups: string[][] = [];

  for (const root of graph.keys()) {
    if (order.has(root)) continue;
    const path: { node: string; targets: Iterator<string> }[] = [];
    const enter = (node: string) => {
      order.set(node, order.size);
      lowest.set(node, order.get(node) as number);
      open.push(node);
      isOpen.add(node);
      path.push({ node, targets: (graph.get(node) ?? new Set<string>()).values() });
    };
    const lower = (node: string, to: number) =>
      lowest.set(node, Math.min(lowest.get(node) as number, to));

    enter(root);
    while (path.length > 0) {
      const { node, targets } = path.at(-1) as (typeof path)[number];
      const next = targets.next();
      if (next.done !== true) {
        if (!order.has(next.value)) enter(next.value);
        else if (isOpen.has(next.value)) lower(node, order.get(next.value) as number);
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined) lower(parent.node, lowest.get(node) as number);
      if (lowest.get(node) === order.get(node)) {
        const group = open.splice(open.indexOf(node));
        for (const member of group) isOpen.delete(member);
        groups.push(group);
      }
    }
  }
  return groups;
}

/** A shortest cycle inside a component, from its first member in byte order. */
function cycleThrough(graph: Graph, group: readonly string[]): readonly string[] {
  const members = new Set(group);
  const start = [...group].sort()[0] as string;
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (const node of queue) {
    for (const target of graph.get(node) ?? []) {
      if (target === start) return pathTo(node, start, cameFrom);
      if (!members.has(target) || cameFrom.has(target)) continue;
      cameFrom.set(target, node);
      queue.push(target);
    }
  }
  return [...group].sort();
}

function pathTo(end: string, start: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const path = [end];
  for (let node = end; node !== start;) {
    node = cameFrom.get(node) as string;
    path.unshift(node);
  }
  return path;
}
