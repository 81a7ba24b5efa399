import type { Json } from "@scouter/contracts";
import { jsonEquals } from "../json/json-equals.ts";
import { negationOf, type Operator } from "./operator.ts";

/** Decimal numbers as text: optional sign, digits with optional point, optional exponent; no blanks, no hex. */
const DECIMAL_TEXT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const INFINITE_TEXT = /^([+-]?)inf(?:inity)?$/i;

/**
 * Deep equality. At the top level alone, a string that spells a number equals that number, because form values and
 * model answers arrive as text.
 */
export const equals: Operator = {
  arrays: "whole-against-array",
  prepare: (expected) => (actual) => valuesEqual(actual, expected),
};

export const notEqual = negationOf(equals);

export function valuesEqual(actual: Json, expected: Json): boolean {
  if (typeof actual === "string" && typeof expected === "number") {
    return numberOfText(actual) === expected;
  }
  if (typeof actual === "number" && typeof expected === "string") {
    return numberOfText(expected) === actual;
  }
  return jsonEquals(actual, expected);
}

function numberOfText(text: string): number | undefined {
  if (DECIMAL_TEXT.test(text)) return Number(text);
  const infinite = INFINITE_TEXT.exec(text);
  if (infinite === null) return undefined;
  return infinite[1] === "-" ? -Infinity : Infinity;
}
