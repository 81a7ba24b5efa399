import type { Json } from "@scouter/contracts";
import { canonicalText, jsonEquals } from "../json/json-equals.ts";
import { isJsonArray, isJsonObject } from "../json/json-type.ts";
import { expectedArray } from "./expected.ts";
import {
  negated,
  negationOf,
  unary,
  wanted,
  type Check,
  type Operator,
  type Verdict,
} from "./operator.ts";

const ARRAY_WANTED = wanted("an array");

/** Comparisons done pair by pair before an index of the elements is cheaper. */
const MAX_PAIRWISE_COMPARISONS = 1_024;

function isMember(items: readonly Json[], value: Json): boolean {
  return items.some((item) => jsonEquals(item, value));
}

/** Membership for many values in turn; large inputs go through an index, so the cost never is items x values. */
function membership(items: readonly Json[], valueCount: number): (value: Json) => boolean {
  if (items.length * valueCount <= MAX_PAIRWISE_COMPARISONS) {
    return (value) => isMember(items, value);
  }
  const index = new Set(items.map((item) => canonicalText(item)));
  return (value) => index.has(canonicalText(value));
}

/** A string contains a string as a part; an array contains a value as an element. */
export const contains: Operator = {
  arrays: "whole",
  prepare:
    (expected): Check =>
    (actual) => {
      if (isJsonArray(actual)) return isMember(actual, expected);
      if (typeof actual !== "string") return wanted("a string or an array");
      return typeof expected === "string"
        ? actual.includes(expected)
        : wanted("an array (expected_value is no string)");
    },
};

export const notContains = negationOf(contains);

/** Every expected element is in the array; an empty expectation asks for nothing and holds. */
export const containsAll: Operator = {
  arrays: "whole",
  prepare: (expected) => {
    const values = expectedArray("ContainsAll", expected);
    return (actual) =>
      isJsonArray(actual) ? values.every(membership(actual, values.length)) : ARRAY_WANTED;
  },
};

/** Some expected element is in the array, or is a part of the string; an empty expectation never holds. */
export const containsAny: Operator = {
  arrays: "whole",
  prepare: (expected) => {
    const values = expectedArray("ContainsAny", expected);
    return (actual) => containsSome(actual, values);
  },
};

/** No expected element is in the array or a part of the string: the negation of `containsAny`. */
export const containsNone: Operator = {
  arrays: "whole",
  prepare: (expected) => {
    const values = expectedArray("ContainsNone", expected);
    return negated((actual) => containsSome(actual, values));
  },
};

function containsSome(actual: Json, values: readonly Json[]): Verdict {
  if (isJsonArray(actual)) return values.some(membership(actual, values.length));
  if (typeof actual !== "string") return wanted("an array or a string");
  return values.some((value) => typeof value === "string" && actual.includes(value));
}

/** Same length and equal element by element. */
export const sequenceMatches: Operator = {
  arrays: "whole",
  prepare: (expected) => {
    const values = expectedArray("SequenceMatches", expected);
    return (actual) => (isJsonArray(actual) ? jsonEquals(actual, values) : ARRAY_WANTED);
  },
};

const emptiness: Check = (actual) => {
  if (actual === null) return true;
  if (typeof actual === "string" || isJsonArray(actual)) return actual.length === 0;
  return isJsonObject(actual)
    ? Object.keys(actual).length === 0
    : wanted("a string, an array, an object or null");
};

/** Null counts as empty. */
export const isEmpty = unary(emptiness, "whole");
export const isNotEmpty = unary(negated(emptiness), "whole");

/** No two elements are equal. */
export const hasUniqueItems = unary((actual) => {
  if (!isJsonArray(actual)) return ARRAY_WANTED;
  return new Set(actual.map((item) => canonicalText(item))).size === actual.length;
}, "whole");
