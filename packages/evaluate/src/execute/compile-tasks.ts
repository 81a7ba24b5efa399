import type { EvaluationTask, ExecutionPlanJson, Json, TaskBuckets } from "@scouter/contracts";
import { shownJson } from "../json/shown-json.ts";
import { storableJson } from "../json/storable-json.ts";
import type { Check, Operator } from "../operator/operator.ts";
import { operatorTable } from "../operator/operator-table.ts";
import { PatternCache } from "../operator/pattern-cache.ts";
import { parsePath } from "../path/parse-path.ts";
import type { Path } from "../path/path.ts";
import { executionPlanToJson, type ExecutionPlan } from "../plan/execution-plan.ts";
import { planGraph } from "../plan/plan-tasks.ts";
import { declaredTasks } from "../task/declared-tasks.ts";
import { taskGraph, type TaskGraph } from "../task/task-graph.ts";
import { validateTasks } from "../task/validate-tasks.ts";
import { parseTemplate } from "../template/parse-template.ts";
import type { Template } from "../template/template.ts";

/** Tasks made ready to run on any number of records. Immutable but for its pattern cache. */
export interface CompiledTasks {
  /** In declaration order: the order of results. */
  readonly tasks: readonly CompiledTask[];
  /** Positions in `tasks`, dependencies before dependents. */
  readonly order: readonly number[];
  readonly graph: TaskGraph;
  readonly plan: ExecutionPlan;
  readonly planJson: ExecutionPlanJson;
  /** No task needs a model or spans, so a record can be evaluated without waiting for anything. */
  readonly assertionOnly: boolean;
}

export interface CompiledTask {
  readonly id: string;
  readonly task: EvaluationTask;
  readonly stage: number;
  /** Positions of the dependencies in the order written. */
  readonly parents: readonly number[];
  readonly isGate: boolean;
  readonly path: Path | undefined;
  readonly itemPath: Path | undefined;
  readonly operator: Operator;
  readonly expectation: Expectation;
  /** The wire's tagged form of what the task looks at. */
  readonly assertion: Readonly<Record<string, Json>>;
}

/** The expected value: known now, or taken from each record by its template. */
export type Expectation =
  | ({ readonly kind: "constant" } & PreparedExpectation)
  | {
      readonly kind: "template";
      readonly template: Template;
      readonly prepare: (value: Json) => PreparedExpectation;
      /** The template as written, for results of tasks that could not fill it. */
      readonly written: Json;
    };

export interface PreparedExpectation {
  readonly value: Json;
  readonly storable: Json;
  /** `<operator> <value>` for messages. */
  readonly shown: string;
  readonly check: Check;
}

/**
 * Parses, checks and plans tasks once, for many records.
 * @throws EVALUATE_TASKS_INVALID with every problem
 * @example const compiled = compileTasks(profile.tasks);
 */
export function compileTasks(buckets: TaskBuckets): CompiledTasks {
  validateTasks(buckets);
  const graph = taskGraph(declaredTasks(buckets));
  const plan = planGraph(graph);
  const positions = new Map(graph.tasks.map((task, position) => [task.id, position]));
  const patterns = new PatternCache();
  return {
    tasks: graph.tasks.map((task, position) =>
      compileTask(task, graph.parents[position] ?? [], plan, patterns),
    ),
    order: plan.order.map((id) => positions.get(id) ?? 0),
    graph,
    plan,
    planJson: executionPlanToJson(plan),
    assertionOnly: graph.tasks.every((task) => task.task_type === "Assertion"),
  };
}

function compileTask(
  task: EvaluationTask,
  parents: readonly number[],
  plan: ExecutionPlan,
  patterns: PatternCache,
): CompiledTask {
  return {
    id: task.id,
    task,
    stage: plan.nodes.get(task.id)?.stage ?? 0,
    parents,
    isGate: task.condition,
    path: pathOf("context_path" in task ? task.context_path : null),
    itemPath: pathOf(task.task_type === "Assertion" ? task.item_context_path : null),
    operator: operatorTable[task.operator],
    expectation: compileExpectation(task, patterns),
    assertion: assertionOf(task),
  };
}

function pathOf(text: unknown): Path | undefined {
  return typeof text === "string" ? parsePath(text) : undefined;
}

function compileExpectation(task: EvaluationTask, patterns: PatternCache): Expectation {
  const operator = operatorTable[task.operator];
  const prepare = (value: Json): PreparedExpectation => ({
    value,
    storable: storableJson(value),
    shown: `${task.operator} ${shownJson(value)}`,
    check: operator.prepare(value, patterns),
  });
  const template = parseTemplate(task.expected_value);
  return template.kind === "constant"
    ? { kind: "constant", ...prepare(template.value) }
    : { kind: "template", template, prepare, written: storableJson(task.expected_value) };
}

function assertionOf(task: EvaluationTask): Readonly<Record<string, Json>> {
  if (task.task_type === "TraceAssertion") return { TraceAssertion: storableJson(task.assertion) };
  if (task.task_type === "AgentAssertion") return { AgentAssertion: storableJson(task.assertion) };
  return { FieldPath: task.context_path ?? null };
}
