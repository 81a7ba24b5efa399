import type { Json } from "@scouter/contracts";
import { isNumber, jsonType, type JsonType } from "../json/json-type.ts";
import { unary, type Operator } from "./operator.ts";

function typeTest(type: JsonType): Operator {
  return unary((actual: Json) => jsonType(actual) === type, "whole");
}

/** A JSON number; a string that spells one is not. */
export const isNumeric = unary(isNumber, "whole");
export const isString = typeTest("string");
export const isBoolean = typeTest("boolean");
export const isNull = typeTest("null");
export const isArray = typeTest("array");
export const isObject = typeTest("object");
