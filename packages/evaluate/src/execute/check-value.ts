import type { Json, Quantifier } from "@scouter/contracts";
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
 * Compares a value. When it is an array and the operator looks at single values, or the task has a quantifier, each
 * element (or what the item path names in it) is checked; all must pass unless the quantifier says otherwise.
 */
export function checkValue(
  checked: Checked,
  expectation: PreparedExpectation,
  value: Json,
): Conclusion {
  if (isJsonArray(value) && iteratesValue(checked, expectation.value)) {
    return checkItems(checked, expectation, value, checked.itemPath);
  }
  if (checked.quantifier !== undefined) {
    const { operatorName: operator } = checked;
    const wanted = "an array, because the task has a quantifier";
    const error = errors.EVALUATE_TYPE_MISMATCH({ operator, wanted, got: shownJson(value) });
    return errored(error, { actual: value, expected: expectation.value });
  }
  return maybeNegated(checked, checkWhole(checked, expectation, value));
}

/** Checks what the path names in every item. */
export function checkItems(
  checked: Checked,
  expectation: PreparedExpectation,
  items: readonly Json[],
  path: Path | undefined,
): Conclusion {
  const { quantifier } = checked;
  const conclusion =
    quantifier === undefined || quantifier === "all"
      ? checkEach(checked, expectation, items, path)
      : checkCount({ checked, expectation, items, path, quantifier });
  return maybeNegated(checked, conclusion);
}

/** What came to no answer (nothing to look at, or a value that the operator is not defined on) stays as it is. */
function maybeNegated({ negate }: Checked, conclusion: Conclusion): Conclusion {
  const { outcome, isUndecided } = conclusion;
  if (!negate || outcome === "errored" || isUndecided === true) return conclusion;
  const opposite = outcome === "passed" ? "failed" : "passed";
  return { ...conclusion, outcome: opposite, detail: `${conclusion.detail} (negated)` };
}

function iteratesValue({ operator, itemPath, quantifier }: Checked, expected: Json): boolean {
  if (quantifier !== undefined) return true;
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

interface CountedItems {
  readonly checked: Checked;
  readonly expectation: PreparedExpectation;
  readonly items: readonly Json[];
  readonly path: Path | undefined;
  readonly quantifier: Exclude<Quantifier, "all">;
}

/**
 * Counts the items that pass. One that lacks the path does not pass. One that the operator is not defined on does not
 * pass either where passing items are asked for; where too many would fail the task it errs, because nothing was found out.
 */
function checkCount({ checked, expectation, items, path, quantifier }: CountedItems): Conclusion {
  const { least, most, words } = boundsOf(quantifier);
  let passed = 0;
  for (const [index, item] of items.entries()) {
    const resolution = path === undefined ? undefined : resolvePath(path, item);
    if (resolution?.found === false) continue;
    const value = resolution === undefined ? item : resolution.value;
    const verdict = expectation.check(value);
    if (verdict === true) passed += 1;
    if (typeof verdict !== "boolean" && verdict.mismatch === "errored" && most < Infinity) {
      return mismatched(checked, verdict, value, expectation, { items, index });
    }
  }
  return {
    outcome: passed >= least && passed <= most ? "passed" : "failed",
    actual: items,
    expected: expectation.value,
    detail: `: expected ${expectation.shown} of ${words}, true of ${passed} of ${items.length} items`,
    errorCode: null,
  };
}

function boundsOf(quantifier: Exclude<Quantifier, "all">) {
  if (quantifier === "any") return { least: 1, most: Infinity, words: "any item" };
  if (quantifier === "none") return { least: 0, most: 0, words: "no item" };
  const { at_least: least, at_most: most } = quantifier;
  const words = [
    least == null ? undefined : `at least ${least}`,
    most == null ? undefined : `at most ${most}`,
  ].filter((part) => part !== undefined);
  return { least: least ?? 0, most: most ?? Infinity, words: `${words.join(" and ")} items` };
}

/** Checks every item. Without any, nothing was checked, so the task fails. Nested arrays are not gone into further. */
function checkEach(
  checked: Checked,
  expectation: PreparedExpectation,
  items: readonly Json[],
  path: Path | undefined,
): Conclusion {
  const fail = (actual: Json, detail: string, isUndecided = false): Conclusion => ({
    outcome: "failed",
    actual,
    expected: expectation.value,
    detail,
    errorCode: null,
    isUndecided,
  });
  if (items.length === 0) {
    return fail(items, `: expected ${expectation.shown} of every item, got an empty array`, true);
  }
  for (const [index, item] of items.entries()) {
    const resolution = path === undefined ? undefined : resolvePath(path, item);
    if (resolution?.found === false) {
      const detail = `: expected ${expectation.shown} of every item, but item[${index}] has none: ${resolution.reason}`;
      return fail(items, detail, true);
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
    isUndecided: true,
  };
}

function comparable(operator: Operator, value: Json): Json {
  return operator.comparable?.(value) ?? value;
}
