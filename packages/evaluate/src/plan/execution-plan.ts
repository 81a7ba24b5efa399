import type { ExecutionPlanJson } from "@scouter/contracts";

/** What runs after what: plain data, the same for every record. */
export interface ExecutionPlan {
  /** Ids by stage, from 0; a task's stage is one more than the highest of its dependencies. Declaration order inside. */
  readonly stages: readonly (readonly string[])[];
  readonly nodes: ReadonlyMap<string, ExecutionNode>;
  /** Every id, dependencies before dependents: the stages one after the other. */
  readonly order: readonly string[];
}

export interface ExecutionNode {
  readonly id: string;
  readonly stage: number;
  /** Dependencies as written, each once, by their real ids. */
  readonly parents: readonly string[];
  /** Dependents in declaration order. */
  readonly children: readonly string[];
}

/** The wire's form of a plan. */
export function executionPlanToJson(plan: ExecutionPlan): ExecutionPlanJson {
  return {
    stages: plan.stages.map((stage) => [...stage]),
    nodes: Object.fromEntries(
      [...plan.nodes].map(([id, node]) => [
        id,
        { id, stage: node.stage, parents: [...node.parents], children: [...node.children] },
      ]),
    ),
  };
}
