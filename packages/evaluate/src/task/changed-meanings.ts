import type { EvaluationTask, Json, TaskBuckets } from "@scouter/contracts";
import { isJsonArray, isJsonObject } from "../json/json-type.ts";
import { parseTemplate } from "../template/parse-template.ts";
import { declaredTasks } from "./declared-tasks.ts";

/** Something that a task says and that means something else here than in the system that its file was written for. */
export interface ChangedMeaning {
  readonly taskId: string;
  readonly field: string;
  readonly message: string;
}

interface Rule {
  readonly field: string;
  readonly applies: (task: EvaluationTask) => boolean;
  readonly says: string;
}

const WITHOUT_EXPECTED: ReadonlySet<string> = new Set([
  "IsNumeric",
  "IsString",
  "IsBoolean",
  "IsNull",
  "IsArray",
  "IsObject",
  "IsEmail",
  "IsUrl",
  "IsUuid",
  "IsIso8601",
  "IsJson",
  "IsPositive",
  "IsNegative",
  "IsZero",
  "IsEmpty",
  "IsNotEmpty",
  "HasUniqueItems",
  "IsAlphabetic",
  "IsAlphanumeric",
  "IsLowerCase",
  "IsUpperCase",
]);
/** Of the trace assertions those that may give an empty array. */
const MAY_BE_EMPTY: ReadonlySet<string> = new Set(["SpanDuration", "SpanAttribute"]);

const hasTemplate = (value: Json) => parseTemplate(value).kind !== "constant";
const isWholeTemplate = (value: Json) => typeof value === "string" && /^\$\{[^{}]*\}$/.test(value);

const RULES: readonly Rule[] = [
  {
    field: "expected_value",
    applies: (task) =>
      (task.operator === "Equals" || task.operator === "NotEqual") &&
      isJsonArray(task.expected_value) &&
      (task.task_type !== "Assertion" || task.item_context_path == null),
    says: "an array is compared as a whole; it was compared with each element before",
  },
  {
    field: "operator",
    applies: ({ operator }) => operator === "NotContains",
    says: "on an array it is the opposite of Contains; each element was looked into before",
  },
  {
    field: "expected_value",
    applies: ({ operator, expected_value: value }) =>
      WITHOUT_EXPECTED.has(operator) && value === false,
    says: "false asks for the opposite; it was ignored before",
  },
  {
    field: "operator",
    applies: ({ operator }) => operator === "IsIso8601" || operator === "IsUrl",
    says: "the value must be a date that exists, or any absolute http URL; only its shape was looked at before",
  },
  {
    field: "expected_value",
    applies: ({ operator, expected_value: value }) =>
      (operator === "Matches" || operator === "MatchesRegex") &&
      typeof value === "string" &&
      /\\[dwbDWB]/.test(value),
    says: "\\d, \\w and \\b mean ASCII characters; they meant those of all scripts before",
  },
  {
    field: "expected_value",
    applies: ({ task_type: type, expected_value: value }) =>
      type !== "Assertion" && hasTemplate(value),
    says: "templates are filled from what the task sees; they were filled from its own value before",
  },
  {
    field: "expected_value",
    applies: ({ task_type: type, expected_value: value }) =>
      type === "Assertion" && hasTemplate(value) && !isWholeTemplate(value),
    says: "templates inside a text, an array or an object are filled; they were compared as written before",
  },
  {
    field: "assertion",
    applies: (task) =>
      task.task_type === "TraceAssertion" && MAY_BE_EMPTY.has(nameOf(task.assertion)),
    says: "without a matching span it fails; it passed before, because nothing was compared",
  },
  {
    field: "assertion",
    applies: (task) =>
      task.task_type === "AgentAssertion" && nameOf(task.assertion) === "ToolResult",
    says: "it is the tool's result; it was always null before",
  },
  {
    field: "max_retries",
    applies: (task) => task.task_type === "LLMJudge" && (task.max_retries ?? 0) > 0,
    says: "failed calls are made again so often; one attempt was all before",
  },
];

/**
 * What the tasks of a file or profile mean here and did not mean in the system that introduced the form, one entry for each
 * task and difference, in the order of declaration. Empty for tasks that mean the same. To be told once, when tasks are
 * loaded or registered; what became stricter shows in results of its own.
 */
export function changedMeanings(buckets: TaskBuckets): readonly ChangedMeaning[] {
  return declaredTasks(buckets).flatMap((task) =>
    RULES.filter(({ applies }) => applies(task)).map(({ field, says }) => ({
      taskId: task.id,
      field,
      message: `task '${task.id}', ${field}: ${says}`,
    })),
  );
}

function nameOf(assertion: Json): string {
  return isJsonObject(assertion) ? (Object.keys(assertion)[0] ?? "") : "";
}
