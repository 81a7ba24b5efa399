import type { OperatorName, Json } from "@scouter/contracts";
import { errors } from "../errors.ts";
import { isJsonArray, isNumber } from "../json/json-type.ts";
import { shownJson } from "../json/shown-json.ts";

export function expectedNumber(operator: OperatorName, value: Json): number {
  if (isNumber(value)) return value;
  throw invalid(operator, "a number", value);
}

export function expectedText(operator: OperatorName, value: Json): string {
  if (typeof value === "string") return value;
  throw invalid(operator, "a string", value);
}

export function expectedArray(operator: OperatorName, value: Json): readonly Json[] {
  if (isJsonArray(value)) return value;
  throw invalid(operator, "an array", value);
}

/** Two numbers whose meaning (`names`) the message tells. */
export function expectedPair(
  operator: OperatorName,
  value: Json,
  names: string,
): readonly [number, number] {
  if (isJsonArray(value) && value.length === 2) {
    const [first = null, second = null] = value;
    if (isNumber(first) && isNumber(second)) return [first, second];
  }
  throw invalid(operator, `an array of two numbers ${names}`, value);
}

export function invalid(operator: OperatorName, expected: string, value: Json): Error {
  return errors.EVALUATE_EXPECTED_INVALID({ operator, expected, got: shownJson(value) });
}
