import type { EvaluationTask } from "@scouter/contracts";
import { stringify } from "yaml";
import { errors } from "../errors.ts";
import type { SuiteFormat } from "../suite/parse-suite-text.ts";
import { fileTask, type FileTaskType } from "../suite/suite-schema.ts";

/**
 * Tasks as a text that `readTaskText` reads back to the same, but for members that are null: a list in JSON and YAML, one task a line in JSONL. Prompts are
 * written out.
 *
 * @throws EVALUATE_TASK_UNSUPPORTED for a task of a type that an app added: files hold the four kinds of the wire
 */
export function writeTaskText(tasks: readonly EvaluationTask[], format: SuiteFormat): string {
  const written = tasks.map(fileForm);
  switch (format) {
    case "json":
      return `${JSON.stringify(written, null, 2)}\n`;
    case "jsonl":
      return written.map((task) => `${JSON.stringify(task)}\n`).join("");
    case "yaml":
      return stringify(written, { lineWidth: 0, aliasDuplicateObjects: false });
  }
}

/** Members in one order, the kind first; without those that say nothing. */
function fileForm(task: EvaluationTask): object {
  const { task_type, id } = task;
  if (!isFileTaskType(task_type)) {
    throw errors.EVALUATE_TASK_UNSUPPORTED({ taskType: task_type });
  }
  const given = new Map<string, unknown>(Object.entries(task));
  const members = Object.keys(fileTask[task_type].shape)
    .map((name) => [name, given.get(name)] as const)
    .filter(([name, value]) => !saysNothing(name, value));
  return { task_type, id, ...Object.fromEntries(members) };
}

function isFileTaskType(type: string): type is FileTaskType {
  return Object.hasOwn(fileTask, type);
}

/** `null` and `false` are values of their own for what is expected; elsewhere they are what is read without them. */
function saysNothing(name: string, value: unknown): boolean {
  if (name === "expected_value") return false;
  return (
    value === undefined ||
    value === null ||
    (name === "condition" && value === false) ||
    (name === "depends_on" && Array.isArray(value) && value.length === 0)
  );
}
