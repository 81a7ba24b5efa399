import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { captureValue, truncateText, TRUNCATED } from "./capture-value.ts";

const circle: Record<string, unknown> = { name: "a" };
circle["self"] = circle;
const throwing = {
  get bad(): never {
    throw new Error("no");
  },
};
function deep(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = { in: value };
  return value;
}

describe("captureValue", () => {
  test.each<[string, unknown, unknown]>([
    ["text", "a", "a"],
    ["numbers", [1, -0.5], [1, -0.5]],
    ["what JSON has no number for", [Number.NaN, Infinity], [null, null]],
    ["undefined", undefined, null],
    ["null", null, null],
    ["a missing field", { a: undefined, b: 1 }, { b: 1 }],
    ["a bigint", 12n, "12"],
    ["a function", { run() {} }, { run: "[function run]" }],
    ["a symbol", Symbol("s"), "[Symbol(s)]"],
    ["a date", new Date(0), "1970-01-01T00:00:00.000Z"],
    ["an invalid date", new Date(Number.NaN), null],
    ["an error", new TypeError("bad"), "TypeError: bad"],
    ["a map", new Map([["a", 1]]), { a: 1 }],
    ["a set", new Set([1, 2]), [1, 2]],
    ["bytes", new Uint8Array([1, 2, 3]), "AQID"],
    ["a typed array", new Float32Array([0.5]), [0.5]],
    ["a circle", circle, { name: "a", self: "[circular]" }],
    ["a getter that throws", { ok: 1, throwing }, { ok: 1, throwing: "[not readable]" }],
    ["its own JSON form", { toJSON: () => ({ a: 1 }) }, { a: 1 }],
    ["a name that means something", JSON.parse('{"__proto__": 1}'), JSON.parse('{"__proto__": 1}')],
    ["a lone surrogate", "\ud800", "\ufffd"],
  ])("has a form for %s", (_, value, expected) => {
    expect(JSON.parse(captureValue(value))).toEqual(expected);
  });

  test("cuts long texts, each by itself, never within a character", () => {
    const text = captureValue(["abcdef", "ab\u{1f600}x", "abc"], { maxLength: 3 });
    expect(JSON.parse(text)).toEqual([`abc${TRUNCATED}`, `ab${TRUNCATED}`, "abc"]);
  });

  test("stops at a depth", () => {
    expect(JSON.parse(captureValue(deep(5), { maxDepth: 2 }))).toEqual({
      in: { in: "[too deep]" },
    });
    expect(() => captureValue(deep(100_000))).not.toThrow();
  });

  test("a value seen twice is no circle", () => {
    const shared = { a: 1 };
    expect(JSON.parse(captureValue([shared, shared]))).toEqual([shared, shared]);
  });

  test("bounds the whole text, and says where it stopped", () => {
    const text = captureValue(
      Array.from({ length: 100_000 }, () => "word"),
      { maxSize: 1_000 },
    );
    expect(text.length).toBeLessThan(1_600);
    expect((JSON.parse(text) as unknown[]).at(-1)).toBe("[too large]");
  });

  test("never throws, and gives JSON of bounded size, for anything", () => {
    fc.assert(
      fc.property(
        fc.anything({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withSet: true,
          withTypedArray: true,
          withNullPrototype: true,
          withObjectString: true,
          withSparseArray: true,
        }),
        (value) => {
          const text = captureValue(value, { maxSize: 500, maxLength: 50 });
          expect(() => JSON.parse(text) as unknown).not.toThrow();
          expect(text.length).toBeLessThan(20_000);
        },
      ),
    );
  });

  test("plain JSON within the limits comes back as it was", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const wellFormed = JSON.parse(JSON.stringify(value).toWellFormed()) as unknown;
        fc.pre(JSON.stringify(wellFormed) === JSON.stringify(value));
        const limits = { maxLength: 10_000, maxSize: 1_000_000 };
        expect(JSON.parse(captureValue(value, limits))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

test("truncateText leaves short texts alone", () => {
  expect(truncateText("abc", 3)).toBe("abc");
});
