import { defineErrors } from "@scouter/contracts";
import { MAX_JSON_DEPTH, MAX_PATH_BYTES, MAX_PATH_SEGMENTS, MAX_PATTERN_WORK } from "./limits.ts";

/** The package's error catalogue. A task that errs carries the code in its result; see docs/reference/errors. */
export const errors = defineErrors({
  EVALUATE_PATH_EMPTY: {
    kind: "invalid",
    message: "empty context path: expected at least one field, index or quoted key",
    remedy: "name a field, or leave the path out (null) to take the whole context",
  },
  EVALUATE_PATH_TOO_LONG: {
    kind: "invalid",
    message: (p: { bytes: number }) =>
      `context path has ${p.bytes} bytes: at most ${MAX_PATH_BYTES} are allowed`,
    remedy: "shorten the path, or put the value nearer to the root of the context",
  },
  EVALUATE_PATH_TOO_MANY_SEGMENTS: {
    kind: "invalid",
    message: (p: { path: string }) =>
      `context path '${p.path}' has too many segments: at most ${MAX_PATH_SEGMENTS} are allowed`,
    remedy: "put the value nearer to the root of the context",
  },
  EVALUATE_PATH_SYNTAX: {
    kind: "invalid",
    message: (p: { path: string; position: number; expected: string; found: string }) =>
      `context path '${p.path}': ${p.found} at position ${p.position}, expected ${p.expected}`,
    remedy: 'write a.b, a[0], a[-1], a[*] or ["any key"]; quote keys that are not plain names',
  },
  EVALUATE_PATH_NOT_FOUND: {
    kind: "invalid",
    message: (p: { path: string; reason: string; at: string }) =>
      `${p.reason} (path '${p.path}'${p.at === "" ? "" : `, in '${p.at}'`})`,
    remedy: "correct the path, or send the value with every record",
  },
  EVALUATE_TEMPLATE_SYNTAX: {
    kind: "invalid",
    message: (p: { text: string; reason: string }) => `template '${p.text}': ${p.reason}`,
    remedy: "write ${path}; write $${ for a literal ${",
  },
  EVALUATE_TEMPLATE_NOT_FOUND: {
    kind: "invalid",
    message: (p: { path: string; reason: string }) =>
      `template '\${${p.path}}' cannot be filled: ${p.reason}`,
    remedy:
      "correct the path; templates see the record's context and the outputs of the task's own depends_on",
  },
  EVALUATE_EXPECTED_INVALID: {
    kind: "invalid",
    message: (p: { operator: string; expected: string; got: string }) =>
      `operator ${p.operator} needs ${p.expected} as expected_value, got ${p.got}`,
    remedy: "correct expected_value, or the value its template takes from the context",
  },
  EVALUATE_PATTERN_INVALID: {
    kind: "invalid",
    message: (p: { pattern: string; reason: string }) =>
      `pattern ${p.pattern} is not valid: ${p.reason}`,
    remedy: "use RE2 syntax: no look-around and no back-references",
  },
  EVALUATE_PATTERN_TOO_COSTLY: {
    kind: "invalid",
    message: (p: { instructions: number; characters: number }) =>
      `pattern of ${p.instructions} instructions on a text of ${p.characters} characters: their product may be at most ${MAX_PATTERN_WORK}`,
    remedy: "use a shorter pattern or smaller repeat counts, or point the path at a smaller text",
  },
  EVALUATE_TYPE_MISMATCH: {
    kind: "invalid",
    message: (p: { operator: string; wanted: string; got: string }) =>
      `operator ${p.operator} needs ${p.wanted}, got ${p.got}`,
    remedy: "point context_path at a value of that type, or use another operator",
  },
  EVALUATE_VALUE_TOO_DEEP: {
    kind: "invalid",
    message: `value is nested deeper than ${MAX_JSON_DEPTH} levels`,
    remedy: "flatten the value, or point context_path at a part of it",
  },
  EVALUATE_TASK_UNSUPPORTED: {
    kind: "invalid",
    message: (p: { taskType: string }) =>
      `tasks of type ${p.taskType} are not supported by this version`,
    remedy: "use Assertion tasks, or upgrade to a version that runs this type",
  },
  EVALUATE_TASK_CRASHED: {
    kind: "internal",
    message: (p: { reason: string }) => `task ended with an unexpected error: ${p.reason}`,
    remedy: "report it with the task and, if you may share it, the record",
  },
  EVALUATE_TASKS_INVALID: {
    kind: "invalid",
    message: (p: { list: string }) => p.list,
    remedy: "correct every problem listed; none of the tasks was accepted",
  },
});
