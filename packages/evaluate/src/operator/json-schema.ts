import { isJsonObject } from "../json/json-type.ts";
import { schemaMismatch } from "../json-schema/check-schema.ts";
import { unknownKeyword } from "../json-schema/unknown-keyword.ts";
import { invalid } from "./expected.ts";
import type { Operator } from "./operator.ts";

/**
 * The value fits the JSON schema (draft 2020-12) that is expected: types, enumerations, bounds, objects, arrays,
 * combinations and references inside the schema. A schema with any other keyword is refused, not half obeyed.
 */
export const matchesJsonSchema: Operator = {
  arrays: "whole",
  prepare: (expected) => {
    if (!isJsonObject(expected)) throw invalid("MatchesJsonSchema", "a JSON schema", expected);
    const keyword = unknownKeyword(expected);
    if (keyword !== undefined) {
      throw invalid("MatchesJsonSchema", `a JSON schema without '${keyword}'`, expected);
    }
    return (actual) => schemaMismatch(actual, expected) === undefined;
  },
};
