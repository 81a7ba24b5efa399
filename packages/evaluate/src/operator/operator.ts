import type { Json } from "@scouter/contracts";
import type { PatternCache } from "./pattern-cache.ts";

/** A value the operator is not defined on. `failed`: the check is simply not met; `errored`: the task is wrong. */
export interface Mismatch {
  readonly mismatch: "failed" | "errored";
  /** Such as "a string". */
  readonly wanted: string;
}

/** Whether the check holds, or why it cannot be said. */
export type Verdict = boolean | Mismatch;

/** An operator with its expected value taken in: pure, called once per value. */
export type Check = (actual: Json) => Verdict;

/**
 * What an operator does with an array: take it as a whole, apply itself to each element (all must pass), or the one
 * when the expected value is an array too and the other when it is not.
 */
export type ArrayMode = "whole" | "each" | "whole-against-array";

export interface Operator {
  readonly arrays: ArrayMode;
  /**
   * Takes in the expected value; patterns are compiled here, once.
   * @throws EVALUATE_EXPECTED_INVALID, EVALUATE_PATTERN_INVALID
   */
  readonly prepare: (expected: Json, patterns: PatternCache) => Check;
  /** What is compared and reported instead of the value itself, such as a length; undefined where there is none. */
  readonly comparable?: (actual: Json) => Json | undefined;
}

/** Turns passes into failures and the reverse; a mismatch stays one. */
export function negated(check: Check): Check {
  return (actual) => {
    const verdict = check(actual);
    return typeof verdict === "boolean" ? !verdict : verdict;
  };
}

/** The exact negation of another operator. */
export function negationOf(operator: Operator): Operator {
  return {
    ...operator,
    prepare: (expected, patterns) => negated(operator.prepare(expected, patterns)),
  };
}

/**
 * An operator that needs no expected value. `false` asks for the negation ("is a string: false"); any other value is
 * ignored, as files carry null or true there.
 */
export function unary(check: Check, arrays: ArrayMode = "each"): Operator {
  return { arrays, prepare: (expected) => (expected === false ? negated(check) : check) };
}

export function wanted(what: string): Mismatch {
  return { mismatch: "errored", wanted: what };
}
