import type { Json } from "@scouter/contracts";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePath } from "./parse-path.ts";
import { type PathResolution, resolvePath } from "./resolve-path.ts";

const document: Json = {
  steps: ["plan", "fetch", "write"],
  state: "under_review",
  info: { labels: ["red", "night"], box: { inner: { leaf: "kernel" } } },
  totals: { all: 58, done: 21 },
  none_yet: [],
  lone: ["solo"],
};

const at = (path: string, value: Json) => resolvePath(parsePath(path), value);

describe("resolvePath", () => {
  it.each<[string, Json]>([
    ["state", "under_review"],
    ["steps", ["plan", "fetch", "write"]],
    ["steps[0]", "plan"],
    ["steps[2]", "write"],
    ["steps[-1]", "write"],
    ["steps[-3]", "plan"],
    ["info.labels[1]", "night"],
    ["info.box.inner.leaf", "kernel"],
    ["totals.all", 58],
    ["none_yet", []],
    ["lone[0]", "solo"],
    ['["info"]["box"].inner', { leaf: "kernel" }],
  ])("finds %s", (path, value) => {
    expect(at(path, document)).toEqual({ found: true, value });
  });

  it.each<[string, number, string, string]>([
    ["nonexistent", 0, "", "field 'nonexistent' not found"],
    ["info.nonexistent", 1, "info", "field 'nonexistent' not found"],
    ["info.nonexistent.deeper", 1, "info", "field 'nonexistent' not found"],
    ["steps[99]", 1, "steps", "index 99 not found: the array has 3 elements"],
    ["lone[-2]", 1, "lone", "index -2 not found: the array has 1 element"],
    ["state[0]", 1, "state", "index 0 not found: the value is a string"],
    ["state.length", 1, "state", "field 'length' not found: the value is a string"],
    ["steps.length", 1, "steps", "field 'length' not found: the value is an array"],
    ["totals[0]", 1, "totals", "index 0 not found: the value is an object"],
    ["constructor", 0, "", "field 'constructor' not found"],
    ["totals[*]", 1, "totals", "[*] needs an array, got object"],
  ])("misses %s", (path, segment, found, reason) => {
    expect(at(path, document)).toEqual({ found: false, segment, at: found, reason });
  });

  it("finds members in arrays of objects", () => {
    expect(at("users[0].name", { users: [{ name: "a" }, { name: "b" }] })).toMatchObject({
      value: "a",
    });
    const nested = { recommendations: [{ action: { kind: "call" } }] };
    expect(at("recommendations[0].action.kind", nested)).toMatchObject({ value: "call" });
    expect(at("[1].name", [{}, { name: "b" }])).toMatchObject({ value: "b" });
  });

  it("reads own members only, whatever they are called", () => {
    const context = JSON.parse('{"__proto__":{"a":1},"toString":2}') as Json;
    expect(at("__proto__.a", context)).toMatchObject({ found: true, value: 1 });
    expect(at("toString", context)).toMatchObject({ found: true, value: 2 });
    expect(at("toString", {}).found).toBe(false);
  });

  describe("wildcards", () => {
    const shop = {
      orders: [
        { id: 1, lines: [{ price: 5 }, { price: 7 }] },
        { id: 2, lines: [{ price: 9 }] },
      ],
      empty: [],
    };

    it("yield one flat array in order", () => {
      expect(at("orders[*].id", shop)).toEqual({ found: true, value: [1, 2] });
      expect(at("orders[*].lines[*].price", shop)).toEqual({ found: true, value: [5, 7, 9] });
      expect(at("orders[*].lines", shop)).toEqual({
        found: true,
        value: [[{ price: 5 }, { price: 7 }], [{ price: 9 }]],
      });
      expect(at("orders[*].lines[0].price", shop)).toEqual({ found: true, value: [5, 9] });
      expect(at("[*].id", shop.orders)).toEqual({ found: true, value: [1, 2] });
    });

    it("yield an empty array of an empty array", () => {
      expect(at("empty[*].anything", shop)).toEqual({ found: true, value: [] });
    });

    it("miss as a whole when an element lacks the rest, and say which", () => {
      const partly = { orders: [{ id: 1 }, { name: "x" }] };
      expect(at("orders[*].id", partly)).toEqual({
        found: false,
        segment: 2,
        at: "orders[1]",
        reason: "field 'id' not found",
      });
    });

    it("take arrays of many elements", () => {
      const many = Array.from({ length: 300_000 }, (_, id) => ({ ids: [id] }));
      const resolution = at("[*].ids[*]", many);
      expect(resolution.found && (resolution.value as Json[]).length).toBe(300_000);
    });
  });

  it("never throws and never finds what is not there", () => {
    const segment = fc.oneof(
      fc.record({ kind: fc.constant("field" as const), name: fc.string({ maxLength: 3 }) }),
      fc.record({ kind: fc.constant("index" as const), index: fc.integer({ min: -3, max: 3 }) }),
      fc.constant({ kind: "wildcard" } as const),
    );
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 5 }), fc.jsonValue(), (path, value) => {
        const resolution = resolvePath(path, value as Json);
        expect(resolution).toSatisfy((one: PathResolution) =>
          one.found ? one.value !== undefined : one.segment < path.length && one.reason !== "",
        );
      }),
    );
  });
});
