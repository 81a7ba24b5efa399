import type { Json, Tolerance } from "@scouter/contracts";
import { isJsonArray, isJsonObject, isNumber } from "../json/json-type.ts";
import { errors } from "../errors.ts";
import { MAX_JSON_DEPTH } from "../limits.ts";
import { valuesEqual } from "./equality.ts";
import { negated, wanted, type Check, type Operator } from "./operator.ts";

/** How an operator is told to look away. */
export interface Adjustment {
  readonly ignoreCase: boolean;
  readonly tolerance: Tolerance | undefined;
}

/** Which operators compare text, and how each ignores its case. */
const CASES: Readonly<Record<string, "fold" | "pattern">> = {
  Equals: "fold",
  NotEqual: "fold",
  Contains: "fold",
  NotContains: "fold",
  StartsWith: "fold",
  EndsWith: "fold",
  ContainsWord: "fold",
  ContainsAll: "fold",
  ContainsAny: "fold",
  ContainsNone: "fold",
  SequenceMatches: "fold",
  HasUniqueItems: "fold",
  Matches: "pattern",
  MatchesRegex: "pattern",
};

const TOLERANT: ReadonlySet<string> = new Set(["Equals", "NotEqual", "SequenceMatches"]);

/**
 * An operator that ignores the case of text or allows for a tolerance of numbers, at every depth of both values.
 * @throws EVALUATE_ADJUSTMENT_INVALID when the operator has no use for it
 */
export function adjustedOperator(name: string, operator: Operator, how: Adjustment): Operator {
  const { ignoreCase, tolerance } = how;
  const cases = Object.hasOwn(CASES, name) ? CASES[name] : undefined;
  if (ignoreCase && cases === undefined) refuse("ignore_case", name, Object.keys(CASES));
  if (tolerance !== undefined && !TOLERANT.has(name)) refuse("tolerance", name, [...TOLERANT]);
  const tolerant = tolerance === undefined ? operator : tolerantEquality(name, operator, tolerance);
  if (!ignoreCase) return tolerant;
  return cases === "pattern" ? caselessPattern(operator) : folded(tolerant);
}

function refuse(field: string, operator: string, allowed: readonly string[]): never {
  throw errors.EVALUATE_ADJUSTMENT_INVALID({ field, operator, allowed: allowed.join(", ") });
}

function folded(operator: Operator): Operator {
  return {
    ...operator,
    prepare: (expected, patterns) => {
      const check = operator.prepare(foldedCase(expected), patterns);
      return (actual) => check(foldedCase(actual));
    },
  };
}

function caselessPattern(operator: Operator): Operator {
  return {
    ...operator,
    prepare: (expected, patterns) =>
      operator.prepare(typeof expected === "string" ? `(?i:${expected})` : expected, patterns),
  };
}

/**
 * Every text of a value without its case; keys of objects stay. By way of capitals, so that letters that share one (the
 * final sigma, sharp s) become the same.
 * @throws EVALUATE_VALUE_TOO_DEEP
 */
export function foldedCase(value: Json, depth = 0): Json {
  if (typeof value === "string") return value.toUpperCase().toLowerCase();
  if (depth > MAX_JSON_DEPTH) throw errors.EVALUATE_VALUE_TOO_DEEP(undefined);
  if (isJsonArray(value)) return value.map((item) => foldedCase(item, depth + 1));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, foldedCase(item, depth + 1)]),
  );
}

function tolerantEquality(name: string, operator: Operator, tolerance: Tolerance): Operator {
  return {
    arrays: operator.arrays,
    prepare: (expected, patterns) => {
      // What the plain operator refuses or is not defined on stays so.
      const plain = operator.prepare(expected, patterns);
      const near: Check = (actual) => nearlyEqual(actual, expected, tolerance);
      if (name === "NotEqual") return negated(near);
      if (name !== "SequenceMatches") return near;
      return (actual) => {
        const verdict = plain(actual);
        return typeof verdict === "boolean" ? near(actual) : wanted("an array");
      };
    },
  };
}

/**
 * Equal, but numbers may differ by the absolute tolerance or by the relative one times the expected number, whichever is
 * more; both bounds included.
 * @throws EVALUATE_VALUE_TOO_DEEP
 */
export function nearlyEqual(
  actual: Json,
  expected: Json,
  tolerance: Tolerance,
  depth = 0,
): boolean {
  if (isNumber(actual) && isNumber(expected)) {
    const { absolute, relative } = tolerance;
    const allowed = Math.max(absolute ?? 0, (relative ?? 0) * Math.abs(expected));
    return actual === expected || Math.abs(actual - expected) <= allowed;
  }
  if (depth > MAX_JSON_DEPTH) throw errors.EVALUATE_VALUE_TOO_DEEP(undefined);
  if (isJsonArray(actual) && isJsonArray(expected)) {
    return (
      actual.length === expected.length &&
      actual.every((item, at) => nearlyEqual(item, expected[at] ?? null, tolerance, depth + 1))
    );
  }
  if (isJsonObject(actual) && isJsonObject(expected)) {
    const keys = Object.keys(actual);
    return (
      keys.length === Object.keys(expected).length &&
      keys.every(
        (key) =>
          Object.hasOwn(expected, key) &&
          nearlyEqual(actual[key] ?? null, expected[key] ?? null, tolerance, depth + 1),
      )
    );
  }
  return valuesEqual(actual, expected);
}
