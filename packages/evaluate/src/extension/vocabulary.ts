import type { CustomTask, Json } from "@scouter/contracts";
import { errors } from "../errors.ts";
import type { RunScope } from "../execute/run-scope.ts";
import type { Operator } from "../operator/operator.ts";
import { operatorTable } from "../operator/operator-table.ts";

/**
 * What an app adds to the language of tasks. Contract: operators and the values of task types are functions of what they
 * are given; what they throw becomes the outcome `errored` of that one task.
 */
export interface EvaluationExtensions {
  /** By the name that tasks write. */
  readonly operators?: Readonly<Record<string, Operator>> | undefined;
  /** By the name that tasks of the bucket `custom` write as their `type`. */
  readonly taskTypes?: Readonly<Record<string, TaskType>> | undefined;
}

/** A kind of task: where the value comes from that its operator compares. */
export interface TaskType {
  /**
   * Reads and checks a task's own fields, once; what it throws is a problem of the profile.
   * @returns what takes the value from each record
   */
  readonly compile: (task: CustomTask) => ValueSource;
}

/** `context` is what the task sees: the record's context with the outputs of its dependencies. */
export type ValueSource = (context: Json, scope: RunScope) => Json | Promise<Json>;

/** Every operator and task type that tasks may name. */
export interface Vocabulary {
  readonly operators: ReadonlyMap<string, Operator>;
  readonly taskTypes: ReadonlyMap<string, TaskType>;
}

/** Operators of the wire and ours, no task type of an app. */
export const builtInVocabulary: Vocabulary = {
  operators: new Map(Object.entries(operatorTable)),
  taskTypes: new Map(),
};

/**
 * The built-in words and those of an app.
 *
 * @throws EVALUATE_EXTENSION_TAKEN: a built-in operator means the same everywhere
 *
 * @example
 * const vocabulary = vocabularyWith({ operators: { IsEven: { arrays: "each", prepare: () => isEven } } });
 * compileTasks(tasks, vocabulary);
 */
export function vocabularyWith({
  operators = {},
  taskTypes = {},
}: EvaluationExtensions): Vocabulary {
  for (const name of Object.keys(operators)) {
    if (builtInVocabulary.operators.has(name)) throw errors.EVALUATE_EXTENSION_TAKEN({ name });
  }
  return {
    operators: new Map([...builtInVocabulary.operators, ...Object.entries(operators)]),
    taskTypes: new Map(Object.entries(taskTypes)),
  };
}
