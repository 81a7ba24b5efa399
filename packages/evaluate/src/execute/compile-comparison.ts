import type { EvaluationTask, Json } from "@scouter/contracts";
import { shownJson } from "../json/shown-json.ts";
import { storableJson } from "../json/storable-json.ts";
import { operatorTable } from "../operator/operator-table.ts";
import type { PatternCache } from "../operator/pattern-cache.ts";
import { parsePath } from "../path/parse-path.ts";
import type { Path } from "../path/path.ts";
import { parseTemplate } from "../template/parse-template.ts";
import type { Checked, Expectation, PreparedExpectation } from "./compiled-task.ts";

/** The operator of a task, with its item path. */
export function checkedBy(task: EvaluationTask): Checked {
  return {
    operator: operatorTable[task.operator],
    operatorName: task.operator,
    itemPath: pathOf(task.task_type === "Assertion" ? task.item_context_path : null),
  };
}

export function pathOf(text: unknown): Path | undefined {
  return typeof text === "string" ? parsePath(text) : undefined;
}

export function compileExpectation(task: EvaluationTask, patterns: PatternCache): Expectation {
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
