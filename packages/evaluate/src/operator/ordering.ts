import type { ComparisonOperator } from "@scouter/contracts";
import { isNumber } from "../json/json-type.ts";
import { expectedNumber, expectedPair } from "./expected.ts";
import { negationOf, unary, wanted, type Mismatch, type Operator } from "./operator.ts";

const NUMBER_WANTED = wanted("a number");
/** "Is it greater than 10?" has a plain answer for a text: no. */
const NOT_A_NUMBER: Mismatch = { mismatch: "failed", wanted: "a number" };

function ordering(name: ComparisonOperator, holds: (a: number, b: number) => boolean): Operator {
  return {
    arrays: "each",
    prepare: (value) => {
      const expected = expectedNumber(name, value);
      return (actual) => (isNumber(actual) ? holds(actual, expected) : NOT_A_NUMBER);
    },
  };
}

export const greaterThan = ordering("GreaterThan", (a, b) => a > b);
export const greaterThanOrEqual = ordering("GreaterThanOrEqual", (a, b) => a >= b);
export const lessThan = ordering("LessThan", (a, b) => a < b);
export const lessThanOrEqual = ordering("LessThanOrEqual", (a, b) => a <= b);

function rangeOperator(name: ComparisonOperator): Operator {
  return {
    arrays: "each",
    prepare: (value) => {
      const [min, max] = expectedPair(name, value, "[min, max]");
      return (actual) => (isNumber(actual) ? min <= actual && actual <= max : NUMBER_WANTED);
    },
  };
}

/** min <= actual <= max, both ends included. */
export const inRange = rangeOperator("InRange");
export const notInRange = negationOf(rangeOperator("NotInRange"));

function sign(holds: (actual: number) => boolean): Operator {
  return unary((actual) => (isNumber(actual) ? holds(actual) : NUMBER_WANTED));
}

export const isPositive = sign((actual) => actual > 0);
export const isNegative = sign((actual) => actual < 0);
/** -0 is zero. */
export const isZero = sign((actual) => actual === 0);

/** |actual - value| <= tolerance, absolute; a negative tolerance never holds. */
export const approximatelyEquals: Operator = {
  arrays: "each",
  prepare: (expected) => {
    const [value, tolerance] = expectedPair("ApproximatelyEquals", expected, "[value, tolerance]");
    return (actual) => (isNumber(actual) ? Math.abs(actual - value) <= tolerance : NUMBER_WANTED);
  },
};
