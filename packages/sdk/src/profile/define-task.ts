import type {
  AgentAssertionTask,
  AssertionTask,
  ComparisonOperator,
  EvaluationTask,
  Json,
  LlmJudgeTask,
  Quantifier,
  Tolerance,
  TraceAssertionTask,
} from "@scouter/contracts";
import type { Expectation } from "./expected-value.ts";
import type { PathIn } from "./path-in.ts";

declare const names: unique symbol;

/** A task that remembers, for the compiler, its id and what it waits for. */
export type DefinedTask<
  Id extends string = string,
  After extends string = string,
  Task extends EvaluationTask = EvaluationTask,
> = Task & { readonly [names]?: { readonly id: Id; readonly after: After } };

/** What every task may say. */
export interface TaskOptions<Operator, After extends readonly string[]> {
  readonly operator: Operator;
  /** Ids of tasks that must run before; a gate among them must pass. */
  readonly after?: After;
  /** True: when it fails, the tasks that wait for it are skipped. */
  readonly gate?: boolean;
  /** How many elements of an array must pass; without it all must, where the operator looks at single values. */
  readonly quantifier?: Quantifier;
  /** Passed becomes failed and the reverse. */
  readonly not?: boolean;
  readonly ignoreCase?: boolean;
  /** Of `Equals`, `NotEqual` and `SequenceMatches`, for numbers. */
  readonly tolerance?: Tolerance;
  readonly description?: string;
}

type Options<Operator, After extends readonly string[]> = TaskOptions<Operator, After> &
  Expectation<Operator>;

export interface AssertionOptions<Path extends string> {
  /** Where in the record's context, such as `answer.citations[0].url`; the whole context when absent. */
  readonly path?: Path;
  /** What is taken from every item of an array. */
  readonly itemPath?: string;
}

export interface JudgeOptions {
  readonly prompt: JudgePrompt;
  /** Where in the judge's answer; the whole answer when absent. */
  readonly path?: string;
  /** Attempts after the first, default 3. */
  readonly maxRetries?: number;
  /** Answers asked for at most, of which more than half must pass, 1..25, default 1. */
  readonly votes?: number;
}

/** A question to a model. `${path}` in a message is filled from what the task sees. */
export interface JudgePrompt {
  /** `openai`, `anthropic`, `google`, or the name of a provider of your own. */
  readonly provider: string;
  readonly model: string;
  readonly messages: string | readonly string[];
  readonly system?: readonly string[];
  /** Of the answer: a JSON schema, or a schema that can write itself as one, such as zod's. Free text when absent. */
  readonly answer?: Readonly<Record<string, Json>> | { toJSONSchema(): unknown };
  /** Default 0, so that the same question has the same answer. */
  readonly temperature?: number;
  readonly maxOutputTokens?: number;
}

/**
 * A check of a value of the record's context.
 *
 * ```ts
 * assertion("cites", { path: "sources", operator: "HasLengthGreaterThan", expected: 0, after: ["answered"] });
 * ```
 */
export function assertion<
  const Id extends string,
  const Operator extends ComparisonOperator,
  const After extends readonly string[] = readonly [],
>(
  id: Id,
  options: AssertionOptions<string> & Options<Operator, After>,
): DefinedTask<Id, After[number], AssertionTask> {
  return {
    ...wireFields(id, options),
    context_path: options.path ?? null,
    item_context_path: options.itemPath ?? null,
    task_type: "Assertion",
  };
}

/** A check of what a model answers about the record. */
export function judge<
  const Id extends string,
  const Operator extends ComparisonOperator,
  const After extends readonly string[] = readonly [],
>(
  id: Id,
  options: JudgeOptions & Options<Operator, After>,
): DefinedTask<Id, After[number], LlmJudgeTask> {
  return {
    ...wireFields(id, options),
    prompt: wirePrompt(options.prompt),
    context_path: options.path ?? null,
    max_retries: options.maxRetries ?? null,
    ...(options.votes === undefined ? {} : { votes: options.votes }),
    task_type: "LLMJudge",
  };
}

/** A check of the spans of the record's trace, such as `{ SpanExists: { filter: { ByName: { name: "search" } } } }`. */
export function traceAssertion<
  const Id extends string,
  const Operator extends ComparisonOperator,
  const After extends readonly string[] = readonly [],
>(
  id: Id,
  options: { readonly of: Readonly<Record<string, Json>> } & Options<Operator, After>,
): DefinedTask<Id, After[number], TraceAssertionTask> {
  return {
    ...wireFields(id, options),
    assertion: { ...options.of },
    task_type: "TraceAssertion",
  };
}

/** A check of a model's response in the record's context, such as `{ ToolCalled: { name: "search" } }`. */
export function agentAssertion<
  const Id extends string,
  const Operator extends ComparisonOperator,
  const After extends readonly string[] = readonly [],
>(
  id: Id,
  options: {
    readonly of: Readonly<Record<string, Json>>;
    /** Where in the context the response is; the context itself when absent. */
    readonly path?: string;
    /** Whose response it is; told from its members when absent. */
    readonly provider?: string;
  } & Options<Operator, After>,
): DefinedTask<Id, After[number], AgentAssertionTask> {
  return {
    ...wireFields(id, options),
    assertion: { ...options.of },
    provider: options.provider ?? null,
    context_path: options.path ?? null,
    task_type: "AgentAssertion",
  };
}

/**
 * `assertion` for contexts of a known type: a path that leads nowhere does not compile.
 *
 * ```ts
 * const { assertion } = tasksOn<{ answer: { text: string; sources: { url: string }[] } }>();
 * assertion("linked", { path: "answer.sources[*].url", operator: "IsUrl" });
 * ```
 */
export function tasksOn<Context>() {
  return {
    assertion: assertion as <
      const Id extends string,
      const Operator extends ComparisonOperator,
      const After extends readonly string[] = readonly [],
    >(
      id: Id,
      options: AssertionOptions<PathIn<Context>> & Options<Operator, After>,
    ) => DefinedTask<Id, After[number], AssertionTask>,
    judge,
    traceAssertion,
    agentAssertion,
  };
}

function wireFields(
  id: string,
  options: TaskOptions<ComparisonOperator, readonly string[]> & { readonly expected?: unknown },
) {
  return {
    id,
    operator: options.operator,
    expected_value: (options.expected ?? true) as Json,
    description: options.description ?? null,
    depends_on: [...(options.after ?? [])],
    condition: options.gate ?? false,
    // Ours: written only where they are used, so that other readers of the profile see what they know.
    ...(options.quantifier === undefined ? {} : { quantifier: options.quantifier }),
    ...(options.not === undefined ? {} : { negate: options.not }),
    ...(options.ignoreCase === undefined ? {} : { ignore_case: options.ignoreCase }),
    ...(options.tolerance === undefined ? {} : { tolerance: options.tolerance }),
  };
}

function wirePrompt(prompt: JudgePrompt): Json {
  const { provider, model, messages, system, answer, temperature, maxOutputTokens } = prompt;
  const settings = {
    ...(temperature === undefined ? {} : { temperature }),
    ...(maxOutputTokens === undefined ? {} : { max_output_tokens: maxOutputTokens }),
  };
  return {
    provider,
    model,
    messages: typeof messages === "string" ? messages : [...messages],
    ...(system === undefined ? {} : { system_instructions: [...system] }),
    ...(answer === undefined ? {} : { response_format: schemaOf(answer) }),
    ...(Object.keys(settings).length === 0 ? {} : { settings }),
  };
}

function isSchemaWriter(
  answer: NonNullable<JudgePrompt["answer"]>,
): answer is { toJSONSchema(): unknown } {
  return "toJSONSchema" in answer && typeof answer["toJSONSchema"] === "function";
}

function schemaOf(answer: NonNullable<JudgePrompt["answer"]>): Json {
  return (isSchemaWriter(answer) ? answer.toJSONSchema() : answer) as Json;
}
