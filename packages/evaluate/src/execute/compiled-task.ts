import type {
  AgentAssertion,
  EvaluationTask,
  ExecutionPlanJson,
  Json,
  Quantifier,
  ResponseProvider,
} from "@scouter/contracts";
import type { ValueSource } from "../extension/vocabulary.ts";
import type { CompiledJudge } from "../judge/compiled-judge.ts";
import type { Check, Operator } from "../operator/operator.ts";
import type { Path } from "../path/path.ts";
import type { ExecutionPlan } from "../plan/execution-plan.ts";
import type { TaskGraph } from "../task/task-graph.ts";
import type { Template } from "../template/template.ts";
import type { TraceExtractor } from "../trace-assertion/compile-trace-assertion.ts";

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
  /** Some task needs the spans of the record's trace. */
  readonly needsSpans: boolean;
  readonly hasJudges: boolean;
}

export interface CompiledTask extends Checked {
  readonly id: string;
  readonly task: EvaluationTask;
  readonly stage: number;
  /** Positions of the dependencies in the order written. */
  readonly parents: readonly number[];
  readonly isGate: boolean;
  readonly path: Path | undefined;
  readonly expectation: Expectation;
  readonly subject: Subject;
  /** The wire's tagged form of what the task looks at. */
  readonly assertion: Readonly<Record<string, Json>>;
}

/** How a value is compared, wherever it came from. */
export interface Checked {
  readonly operator: Operator;
  readonly operatorName: string;
  readonly itemPath: Path | undefined;
  readonly quantifier: Quantifier | undefined;
  readonly negate: boolean;
}

/** Where the value comes from that a task compares. */
export type Subject =
  | { readonly kind: "context" }
  | {
      readonly kind: "response";
      readonly assertion: AgentAssertion;
      readonly provider: ResponseProvider | null;
    }
  | { readonly kind: "trace"; readonly extract: TraceExtractor }
  | { readonly kind: "judge"; readonly judge: CompiledJudge }
  | { readonly kind: "custom"; readonly take: ValueSource };

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
