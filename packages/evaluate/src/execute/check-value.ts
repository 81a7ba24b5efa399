import type { Json } from "@scouter/contracts";
import { errors } from "../errors.ts";
import { isJsonArray } from "../json/json-type.ts";
import { shownJson } from "../json/shown-json.ts";
import type { Mismatch, Operator } from "../operator/operator.ts";
import type { Path } from "../path/path.ts";
import { resolvePath } from "../path/resolve-path.ts";
import { resolveTemplate } from "../template/resolve-template.ts";
import type { Checked, Expectation, PreparedExpectation } from "./compiled-task.ts";
import { errored, type Conclusion } from "./conclusion.ts";

/**
 * The expected value with its templates filled from what the task sees.
 * @throws EVALUATE_TEMPLATE_NOT_FOUND, EVALUATE_EXPECTED_INVALID, EVALUATE_PATTERN_INVALID
 */
export function expectationFor(expectation: Expectation, context: Json): PreparedExpectation {
  if (expectation.kind === "constant") return expectation;
  return expectation.prepare(resolveTemplate(expectation.template, context));
}

/**
 * Compares a value. When it is an array and the operator looks at single values, each element (or what the item path
 * names in it) is checked, and all must pass.
 */
export function checkValue(
  checked: Checked,
  expectation: PreparedExpectation,
  value: Json,
): Conclusion {
  return isJsonArray(value) && iteratesValue(checked, expectation.value)
    ? checkEach(checked, expectation, value, checked.itemPath)
    : checkWhole(checked, expectation, value);
}

function iteratesValue({ operator, itemPath }: Checked, expected: Json): boolean {
  if (operator.arrays === "whole") return false;
  if (operator.arrays === "each" || itemPath !== undefined) return true;
  return !isJsonArray(expected);
}

function checkWhole(checked: Checked, expectation: PreparedExpectation, value: Json): Conclusion {
  const verdict = expectation.check(value);
  const expected = expectation.value;
  if (typeof verdict !== "boolean") return mismatched(checked, verdict, value, expectation);
  const actual = comparable(checked.operator, value);
  return {
    outcome: verdict ? "passed" : "failed",
    actual,
    expected,
    detail: `: expected ${expectation.shown}, got ${shownJson(actual)}`,
    errorCode: null,
  };
}

/** Checks every item. Without any, nothing was checked, so the task fails. Nested arrays are not gone into further. */
export function checkEach(
  checked: Checked,
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
      return mismatched(checked, verdict, value, expectation, { items, index });
    }
    if (!verdict) {
      const actual = comparable(checked.operator, value);
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
  { operatorName }: Checked,
  { mismatch, wanted }: Mismatch,
  value: Json,
  expectation: PreparedExpectation,
  place?: { readonly items: readonly Json[]; readonly index: number },
): Conclusion {
  const actual = place === undefined ? value : place.items;
  const got = `${shownJson(value)}${place === undefined ? "" : ` at item[${place.index}]`}`;
  if (mismatch === "errored") {
    const error = errors.EVALUATE_TYPE_MISMATCH({ operator: operatorName, wanted, got });
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
