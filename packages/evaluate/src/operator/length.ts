import type { ComparisonOperator, Json } from "@scouter/contracts";
import { isJsonArray, isJsonObject } from "../json/json-type.ts";
import { expectedNumber } from "./expected.ts";
import type { Mismatch, Operator } from "./operator.ts";

const NO_LENGTH: Mismatch = { mismatch: "failed", wanted: "a string, an array or an object" };

/** Elements of an array, keys of an object, Unicode scalar values of a string; undefined for everything else. */
export function lengthOf(value: Json): number | undefined {
  if (typeof value === "string") return scalarCount(value);
  if (isJsonArray(value)) return value.length;
  return isJsonObject(value) ? Object.keys(value).length : undefined;
}

/** Counted without an array of the characters: the text may have megabytes. */
function scalarCount(text: string): number {
  let count = text.length;
  for (let position = 0; position < text.length - 1; position += 1) {
    if (
      isHighSurrogate(text.charCodeAt(position)) &&
      isLowSurrogate(text.charCodeAt(position + 1))
    ) {
      count -= 1;
      position += 1;
    }
  }
  return count;
}

const isHighSurrogate = (unit: number) => unit >= 0xd800 && unit <= 0xdbff;
const isLowSurrogate = (unit: number) => unit >= 0xdc00 && unit <= 0xdfff;

function lengthOperator(
  name: ComparisonOperator,
  holds: (length: number, expected: number) => boolean,
): Operator {
  return {
    arrays: "whole",
    comparable: lengthOf,
    prepare: (value) => {
      const expected = expectedNumber(name, value);
      return (actual) => {
        const length = lengthOf(actual);
        return length === undefined ? NO_LENGTH : holds(length, expected);
      };
    },
  };
}

export const hasLengthEqual = lengthOperator("HasLengthEqual", (a, b) => a === b);
export const hasLengthGreaterThan = lengthOperator("HasLengthGreaterThan", (a, b) => a > b);
export const hasLengthLessThan = lengthOperator("HasLengthLessThan", (a, b) => a < b);
export const hasLengthGreaterThanOrEqual = lengthOperator(
  "HasLengthGreaterThanOrEqual",
  (a, b) => a >= b,
);
export const hasLengthLessThanOrEqual = lengthOperator(
  "HasLengthLessThanOrEqual",
  (a, b) => a <= b,
);
