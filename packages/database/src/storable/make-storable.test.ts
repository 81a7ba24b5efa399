import type { Json } from "@scouter/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_JSON_DEPTH, makeStorable } from "./make-storable.ts";

describe("makeStorable", () => {
  it.each<{ name: string; json: Json; value: Json; replaced: number }>([
    { name: "NUL in a text", json: "a\u0000b\u0000", value: "a\uFFFDb\uFFFD", replaced: 2 },
    { name: "NUL in a key", json: { "\u0000": 1 }, value: { "\uFFFD": 1 }, replaced: 1 },
    { name: "a lone high surrogate", json: ["\uD83D"], value: ["\uFFFD"], replaced: 1 },
    { name: "a lone low surrogate", json: "x\uDE00", value: "x\uFFFD", replaced: 1 },
    { name: "a turned pair", json: "\uDE00\uD83D", value: "\uFFFD\uFFFD", replaced: 2 },
    { name: "a lone one before a pair", json: "\uD83D😀", value: "\uFFFD😀", replaced: 1 },
    {
      name: "keys that become equal",
      json: { "\u0000": 1, "\uD800": 2 },
      value: { "\uFFFD": 2 },
      replaced: 2,
    },
    {
      name: "the deep middle",
      json: [1, { a: ["ok", { b: "\u0000" }, null] }, "end"],
      value: [1, { a: ["ok", { b: "\uFFFD" }, null] }, "end"],
      replaced: 1,
    },
  ])("replaces $name", ({ json, value, replaced }) => {
    expect(makeStorable(json)).toEqual({ value, replaced });
  });

  it("returns the very object when nothing was wrong, and never changes its argument", () => {
    const good = { a: ["😀", 1, null, true, { b: "\\u0000" }] };
    expect(makeStorable(good).value).toBe(good);
    const bad = Object.freeze({ a: Object.freeze(["\u0000"]) });
    expect(makeStorable(bad).value).toEqual({ a: ["\uFFFD"] });
  });

  it("keeps a key named __proto__ a key", () => {
    const json = JSON.parse('{"__proto__":"\\u0000","a":1}') as Json;
    expect(JSON.stringify(makeStorable(json).value)).toBe('{"__proto__":"\uFFFD","a":1}');
  });

  it("limits the nesting", () => {
    const nested = (depth: number): Json => (depth === 0 ? 1 : [nested(depth - 1)]);
    expect(makeStorable(nested(MAX_JSON_DEPTH)).replaced).toBe(0);
    expect(() => makeStorable(nested(MAX_JSON_DEPTH + 1))).toThrow(
      expect.objectContaining({ code: "DATABASE_JSON_TOO_DEEP", kind: "invalid" }),
    );
  });

  it("leaves text that round-trips through UTF-8 without NUL, and is done after one go", () => {
    const anyText = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "binary" }), anyText, (json, text) => {
        const { value } = makeStorable({ json: json as Json, text });
        const written = JSON.stringify(value);
        expect(Buffer.from(written).toString()).toBe(written);
        expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(makeStorable(value).replaced).toBe(0);
        // An escape that PostgreSQL refuses: after an even number of backslashes.
        expect(written).not.toMatch(/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/);
      }),
    );
  });
});
