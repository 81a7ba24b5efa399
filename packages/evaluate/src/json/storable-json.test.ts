import type { Json } from "@scouter/contracts";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalText, jsonEquals } from "./json-equals.ts";
import { shownJson } from "./shown-json.ts";
import { storableJson, TOO_DEEP } from "./storable-json.ts";

function nested(levels: number): Json {
  let value: Json = "core";
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { value };
  return value;
}

describe("storableJson", () => {
  it("returns plain JSON as it is", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        expect(storableJson(value)).toBe(value);
      }),
    );
  });

  it.each<[string, unknown, Json]>([
    ["NaN", Number.NaN, "NaN"],
    ["infinities inside", { a: [1, -Infinity] }, { a: [1, "-Infinity"] }],
    ["big integers", { id: 2n ** 64n }, { id: "18446744073709551616" }],
    ["undefined and functions", [undefined, () => 1, Symbol("s")], [null, null, null]],
    ["nothing", undefined, null],
  ])("replaces %s", (_what, value, stored) => {
    expect(storableJson(value)).toEqual(stored);
  });

  it("writes anything as JSON, also what a JSON writer overflows on", () => {
    expect(JSON.stringify(storableJson(nested(100_000)))).toContain(TOO_DEEP);
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withNullPrototype: true }), (value) => {
        expect(JSON.stringify(storableJson(value))).toBeTypeOf("string");
      }),
    );
  });

  it("keeps a key named __proto__", () => {
    const value = JSON.parse('{"__proto__":{"a":1e999}}') as Json;
    expect(JSON.stringify(storableJson(value))).toBe('{"__proto__":{"a":"Infinity"}}');
  });
});

describe("shownJson", () => {
  it("cuts long values between characters", () => {
    expect(shownJson("a".repeat(500))).toBe(`"${"a".repeat(499)}...`);
    const emoji = shownJson("😀".repeat(400));
    expect(emoji.isWellFormed()).toBe(true);
    expect(emoji.length).toBeLessThanOrEqual(503);
    expect(shownJson([1, { a: Number.NaN }])).toBe('[1,{"a":"NaN"}]');
    expect(shownJson(Number.NaN)).toBe("NaN");
  });
});

describe("canonicalText", () => {
  it("is equal exactly when the values are", () => {
    const json = fc.jsonValue({ maxDepth: 3 }).map((value) => value as Json);
    const shuffled = (value: Json): Json =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).toReversed())
        : value;
    fc.assert(
      fc.property(json, json, (a, b) => {
        expect(canonicalText(a) === canonicalText(b)).toBe(jsonEquals(a, b));
        expect(canonicalText(a)).toBe(canonicalText(shuffled(a)));
        expect(jsonEquals(a, shuffled(a))).toBe(true);
      }),
    );
  });

  it("and equality say so when a value is nested too deep", () => {
    const [left, right] = [nested(100_000), nested(100_000)];
    expect(() => jsonEquals(left, right)).toThrow(
      expect.objectContaining({ code: "EVALUATE_VALUE_TOO_DEEP" }),
    );
    expect(() => canonicalText(left)).toThrow(
      expect.objectContaining({ code: "EVALUATE_VALUE_TOO_DEEP" }),
    );
  });
});
