import type { Json } from "@scouter/contracts";
import { describe, expect, it } from "vitest";
import { schemaMismatch } from "./check-schema.ts";

const tree: Json = {
  $ref: "#/$defs/node",
  $defs: {
    node: {
      type: "object",
      properties: { name: { type: "string" }, children: { items: { $ref: "#/$defs/node" } } },
      required: ["name"],
    },
  },
};

describe("schemaMismatch", () => {
  it.each<[Json, Json, string | undefined]>([
    [1, true, undefined],
    [1, false, "the answer may not be there"],
    [1, {}, undefined],
    [1, { type: "integer" }, undefined],
    [1.5, { type: "integer" }, "the answer is number, expected integer"],
    [null, { type: ["string", "null"] }, undefined],
    ["b", { enum: ["a"] }, "the answer is not one of the allowed values"],
    [{ a: 1 }, { const: { a: 1 } }, undefined],
    [2, { const: 1 }, "the answer is not the allowed value"],
    [0, { minimum: 1 }, "the answer is below minimum 1"],
    [6, { maximum: 5 }, "the answer is above maximum 5"],
    [5, { exclusiveMaximum: 5 }, "the answer is out of its exclusive bounds"],
    ["", { minLength: 1 }, "the answer is below minLength 1"],
    ["\u{1F600}", { maxLength: 1 }, undefined],
    [[1, 2], { maxItems: 1 }, "the answer is above maxItems 1"],
    [["a"], { items: { type: "number" } }, "'[0]' is string, expected number"],
    [{}, { required: ["a"] }, "the answer lacks 'a'"],
    [{ b: 1 }, { properties: {}, additionalProperties: false }, "'b' may not be there"],
    [
      { a: { b: "x" } },
      { properties: { a: { properties: { b: { type: "number" } } } } },
      "'a.b' is string, expected number",
    ],
    [1, { anyOf: [{ type: "string" }, { minimum: 2 }] }, "the answer fits none of anyOf"],
    [3, { anyOf: [{ type: "string" }, { minimum: 2 }] }, undefined],
    [
      3,
      { oneOf: [{ minimum: 1 }, { minimum: 2 }] },
      "the answer does not fit exactly one of oneOf",
    ],
    [3, { allOf: [{ minimum: 1 }, { maximum: 2 }] }, "the answer is above maximum 2"],
    [{ name: "a", children: [{ name: "b" }] }, tree, undefined],
    [{ name: "a", children: [{}] }, tree, "'children[0]' lacks 'name'"],
    [1, { $ref: "#" }, "the answer is nested too deep"],
    [1, { $ref: "https://other.example/schema" }, undefined],
  ])("%j against %j", (value, schema, expected) => {
    expect(schemaMismatch(value, schema)).toBe(expected);
  });
});
