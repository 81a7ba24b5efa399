import type { Json } from "@scouter/contracts";
import { expect, it } from "vitest";
import { matchesTopLevelType } from "./structured-answer.ts";

it.each<[Json, Json, boolean]>([
  [{}, { type: "object" }, true],
  [[], { type: "object" }, false],
  [null, { type: "object" }, false],
  [[1], { type: "array" }, true],
  [3, { type: "integer" }, true],
  [3.5, { type: "integer" }, false],
  [3.5, { type: "number" }, true],
  ["a", { type: "string" }, true],
  [true, { type: "boolean" }, true],
  [null, { type: ["object", "null"] }, true],
  ["a", { type: ["object", "null"] }, false],
  ["a", { properties: {} }, true],
  ["a", true, true],
])("%j fits %j: %s", (value, schema, expected) => {
  expect(matchesTopLevelType(value, schema)).toBe(expected);
});
