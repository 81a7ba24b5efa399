import type { Json } from "@scouter/contracts";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cappedJson } from "./capped-json.ts";

describe("cappedJson", () => {
  it.each<[string, Json]>([
    ["a number", 5],
    ["null", null],
    ["a short text", "abc"],
    ["a small object", { a: [1, { b: "c" }], d: null }],
  ])("leaves %s as it is", (_what, value) => {
    expect(cappedJson(value, 1_000)).toBe(value);
  });

  it.each<[string, Json, string]>([
    ["a long text", "x".repeat(2_000), "x".repeat(1_000)],
    ["many small items", Array.from({ length: 1_000 }, () => 1), "[1,1,1"],
    ["long keys", { ["k".repeat(2_000)]: 1 }, '{"kkk'],
    ["a long text of few characters", "\u4e2d".repeat(400), "\u4e2d\u4e2d"],
    ["deep nesting", JSON.parse(`${"[".repeat(2_000)}${"]".repeat(2_000)}`) as Json, "[[[["],
  ])("cuts %s and says so", (_what, value, beginning) => {
    const cut = cappedJson(value, 1_000);
    expect(cut).toMatchObject({ truncated: true, max_bytes: 1_000 });
    expect((cut as { readonly beginning: string }).beginning.startsWith(beginning)).toBe(true);
  });

  it("keeps nothing that is more than ten times too large, and cuts nothing of a quarter of the limit", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 16, max: 400 }), (value, maxBytes) => {
        const json = value as Json;
        const bytes = Buffer.byteLength(JSON.stringify(json));
        const isKept = cappedJson(json, maxBytes) === json;
        const isScalar = typeof json !== "string" && (typeof json !== "object" || json === null);
        expect(isKept || (!isScalar && bytes > maxBytes / 4)).toBe(true);
        expect(!isKept || isScalar || bytes <= maxBytes * 10).toBe(true);
      }),
    );
  });
});
