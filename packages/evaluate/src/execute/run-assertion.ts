import type { Json } from "@scouter/contracts";
import { errors } from "../errors.ts";
import { isJsonArray } from "../json/json-type.ts";
import { shownJson } from "../json/shown-json.ts";
import type { Mismatch, Operator } from "../operator/operator.ts";
import { printPath, type Path } from "../path/path.ts";
import { resolvePath } from "../path/resolve-path.ts";
import { resolveTemplate } from "../template/resolve-template.ts";
import type { CompiledTask, PreparedExpectation } from "./compile-tasks.ts";
import { errored, type Conclusion } from "./conclusion.ts";

/**
 * Runs an assertion on its context. Arrays:
 * 1. the context is an array and the path begins with a field: the path is taken in every element, all must pass;
 * 2. the value is an array and the operator looks at single values: each element, or what `item_context_path` names in
 *    it, is checked, and all must pass;
 * 3. otherwise the value is checked as a whole.
 * Without any element nothing was checked, so the task fails. Nested arrays are not gone into further.
 */
export function runAssertion(task: CompiledTask, context: Json): Conclusion {
  const expectation = expectationOf(task, context);
  if (isJsonArray(context) && task.path?.[0]?.kind === "field")
    return checkEach(task, expectation, context, task.path);
  let value = context;
  if (task.path !== undefined) {
    const resolution = resolvePath(task.path, context);
    if (!resolution.found) {
      const { reason, at } = resolution;
      const error = errors.EVALUATE_PATH_NOT_FOUND({ path: printPath(task.path), reason, at });
      return errored(error, { expected: expectation.value });
    }
    value = resolution.value;
  }
  return isJsonArray(value) && iteratesValue(task, expectation.value)
    ? checkEach(task, expectation, value, task.itemPath)
    : checkWhole(task, expectation, value);
}

function expectationOf(task: CompiledTask, context: Json): PreparedExpectation {
  const { expectation } = task;
  if (expectation.kind === "constant") return expectation;
  return expectation.prepare(resolveTemplate(expectation.template, context));
}

function iteratesValue(task: CompiledTask, expected: Json): boolean {
  if (task.operator.arrays === "whole") return false;
  if (task.operator.arrays === "each" || task.itemPath !== undefined) return true;
  return !isJsonArray(expected);
}

function checkWhole(task: CompiledTask, expectation: PreparedExpectation, value: Json): Conclusion {
  const verdict = expectation.check(value);
  const expected = expectation.value;
  if (typeof verdict !== "boolean") return mismatched(task, verdict, value, expectation);
  const actual = comparable(task.operator, value);
  return {
    outcome: verdict ? "passed" : "failed",
    actual,
    expected,
    detail: `: expected ${expectation.shown}, got ${shownJson(actual)}`,
    errorCode: null,
  };
}

function checkEach(
  task: CompiledTask,
  expectation: PreparedExpectation,
  items: readonly Json[],
  path: Path | undefined,
): Conclusion {
  const fail = (actual: Json, detail: string): Conclusion => ({
    outcome: "failed",
    actual,
    expected: expectation.value,
    detail,
    errorCode: null,
  });
  if (items.length === 0) {
    return fail(items, `: expected ${expectation.shown} of every item, got an empty array`);
  }
  for (const [index, item] of items.entries()) {
    const resolution = path === undefined ? undefined : resolvePath(path, item);
    if (resolution?.found === false) {
      const detail = `: expected ${expectation.shown} of every item, but item[${index}] has none: ${resolution.reason}`;
      return fail(items, detail);
    }
    const value = resolution === undefined ? item : resolution.value;
    const verdict = expectation.check(value);
    if (typeof verdict !== "boolean") {
      return mismatched(task, verdict, value, expectation, { items, index });
    }
    if (!verdict) {
      const actual = comparable(task.operator, value);
      const got = `item[${index}] is ${shownJson(actual)}`;
      return fail(actual, `: expected ${expectation.shown} of every item, but ${got}`);
    }
  }
  const count = items.length === 1 ? "the only item" : `all ${items.length} items`;
  return {
    outcome: "passed",
    actual: items,
    expected: expectation.value,
    detail: `: expected ${expectation.shown}, true of ${count}`,
    errorCode: null,
  };
}

function mismatched(
  task: CompiledTask,
  { mismatch, wanted }: Mismatch,
  value: Json,
  expectation: PreparedExpectation,
  place?: { readonly items: readonly Json[]; readonly index: number },
): Conclusion {
  const actual = place === undefined ? value : place.items;
  const got = `${shownJson(value)}${place === undefined ? "" : ` at item[${place.index}]`}`;
  if (mismatch === "errored") {
    const error = errors.EVALUATE_TYPE_MISMATCH({ operator: task.task.operator, wanted, got });
    return errored(error, { actual, expected: expectation.value });
  }
  return {
    outcome: "failed",
    actual,
    expected: expectation.value,
    detail: `: expected ${expectation.shown}, got ${got}, which is not ${wanted}`,
    errorCode: null,
  };
}

function comparable(operator: Operator, value: Json): Json {
  return operator.comparable?.(value) ?? value;
}
