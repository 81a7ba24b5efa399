import type {
  AgentAssertionTask,
  AssertionTask,
  ComparisonOperator,
  Json,
  LlmJudgeTask,
  TraceAssertionTask,
} from "@scouter/contracts";

/** What every kind of task says. */
export interface TaskFields {
  /** Unique within the profile; stored in lower case. */
  readonly id: string;
  readonly operator: ComparisonOperator;
  /** What the value is compared with; may hold `${path}` references into the record's context. */
  readonly expectedValue: Json;
  readonly description?: string;
  /** Ids of tasks that must run before; a gate among them must pass. */
  readonly dependsOn?: readonly string[];
  /** True makes the task a gate: when it fails, the tasks that depend on it are skipped. */
  readonly condition?: boolean;
}

export interface AssertionTaskFields extends TaskFields {
  /** Path into the record's context, such as `answer.citations[0].url`; default: the whole context. */
  readonly contextPath?: string;
  /** Path within each item when the value is an array of which every item is checked. */
  readonly itemContextPath?: string;
}

/** A check of a value of the record. */
export function assertionTask(fields: AssertionTaskFields): AssertionTask {
  return {
    ...wireFields(fields),
    context_path: fields.contextPath ?? null,
    item_context_path: fields.itemContextPath ?? null,
    task_type: "Assertion",
  };
}

export interface LlmJudgeTaskFields extends TaskFields {
  /** The prompt in the wire's form: `request`, `model`, `provider`, `version`, `parameters`, `response_type`. */
  readonly prompt: Json;
  readonly contextPath?: string;
  readonly maxRetries?: number;
}

/** A check of what a model answers about the record. */
export function llmJudgeTask(fields: LlmJudgeTaskFields): LlmJudgeTask {
  return {
    ...wireFields(fields),
    prompt: fields.prompt,
    context_path: fields.contextPath ?? null,
    max_retries: fields.maxRetries ?? null,
    task_type: "LLMJudge",
  };
}

export interface TraceAssertionTaskFields extends TaskFields {
  /** Externally tagged, such as `{ SpanExists: { filter: { ByName: { name: "search" } } } }`. */
  readonly assertion: Readonly<Record<string, Json>>;
}

/** A check of the spans of the record's trace. */
export function traceAssertionTask(fields: TraceAssertionTaskFields): TraceAssertionTask {
  return {
    ...wireFields(fields),
    assertion: { ...fields.assertion },
    task_type: "TraceAssertion",
  };
}

export interface AgentAssertionTaskFields extends TaskFields {
  /** Externally tagged, such as `{ ToolCalled: { name: "search" } }`. */
  readonly assertion: Readonly<Record<string, Json>>;
  readonly provider?: string;
  readonly contextPath?: string;
}

/** A check of a model's reply that the record's context holds. */
export function agentAssertionTask(fields: AgentAssertionTaskFields): AgentAssertionTask {
  return {
    ...wireFields(fields),
    assertion: { ...fields.assertion },
    provider: fields.provider ?? null,
    context_path: fields.contextPath ?? null,
    task_type: "AgentAssertion",
  };
}

function wireFields(fields: TaskFields) {
  return {
    id: fields.id.toLowerCase(),
    operator: fields.operator,
    expected_value: fields.expectedValue,
    description: fields.description ?? null,
    depends_on: (fields.dependsOn ?? []).map((id) => id.toLowerCase()),
    condition: fields.condition ?? false,
  };
}
