import type { EvaluationTask, Json } from "@scouter/contracts";
import { shownJson } from "../json/shown-json.ts";
import { storableJson } from "../json/storable-json.ts";
import { errors } from "../errors.ts";
import type { Vocabulary } from "../extension/vocabulary.ts";
import { adjustedOperator } from "../operator/adjusted-operator.ts";
import type { Operator } from "../operator/operator.ts";
import type { PatternCache } from "../operator/pattern-cache.ts";
import { parsePath } from "../path/parse-path.ts";
import type { Path } from "../path/path.ts";
import { parseTemplate } from "../template/parse-template.ts";
import type { Checked, Expectation, PreparedExpectation } from "./compiled-task.ts";

/** The operator of a task, with its item path. */
export function checkedBy(task: EvaluationTask, vocabulary: Vocabulary): Checked {
  return {
    operator: operatorOf(task, vocabulary),
    operatorName: task.operator,
    itemPath: pathOf(task.task_type === "Assertion" ? task.item_context_path : null),
    quantifier: task.quantifier ?? undefined,
    negate: task.negate ?? false,
  };
}

/**
 * The operator as the task wants it.
 * @throws EVALUATE_OPERATOR_UNKNOWN, EVALUATE_ADJUSTMENT_INVALID
 */
export function operatorOf(task: EvaluationTask, { operators }: Vocabulary): Operator {
  const { operator: name, ignore_case: ignoreCase, tolerance } = task;
  const operator = operators.get(name);
  if (operator === undefined) throw errors.EVALUATE_OPERATOR_UNKNOWN({ operator: name });
  if (ignoreCase !== true && tolerance == null) return operator;
  const how = { ignoreCase: ignoreCase ?? false, tolerance: tolerance ?? undefined };
  return adjustedOperator(name, operator, how);
}

export function pathOf(text: unknown): Path | undefined {
  return typeof text === "string" ? parsePath(text) : undefined;
}

export function compileExpectation(
  task: EvaluationTask,
  patterns: PatternCache,
  vocabulary: Vocabulary,
): Expectation {
  const operator = operatorOf(task, vocabulary);
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
