import { describe, expect, it } from "vitest";
import { PatternCache } from "./pattern-cache.ts";

describe("PatternCache", () => {
  it("compiles a pattern once", () => {
    const cache = new PatternCache();
    expect(cache.compiled("a+")).toBe(cache.compiled("a+"));
  });

  it("drops the least recently used pattern when full", () => {
    const cache = new PatternCache();
    const kept = cache.compiled("kept");
    const dropped = cache.compiled("dropped");
    for (let count = 0; count < 255; count += 1) {
      cache.compiled(`p${count}`);
      cache.compiled("kept");
    }
    expect(cache.compiled("kept")).toBe(kept);
    expect(cache.compiled("dropped")).not.toBe(dropped);
  });

  it.each(["[broken(", "(?=look)", "(a)\\1", "a{1001}", "(?<!x)y", "x".repeat(4_097)])(
    "refuses %.12s",
    (source) => {
      expect(() => new PatternCache().compiled(source)).toThrow(
        expect.objectContaining({ code: "EVALUATE_PATTERN_INVALID" }),
      );
    },
  );

  it("is linear on patterns that make a backtracking engine hang", () => {
    const pattern = new PatternCache().compiled("^(a+)+$");
    expect(pattern.matches(`${"a".repeat(50_000)}b`)).toBe(false);
  });

  it("refuses work without bound", () => {
    const pattern = new PatternCache().compiled("(?:[a-z ]{0,500}z){2}");
    expect(pattern.matches("fizz buzz")).toBe(true);
    expect(() => pattern.matches("a".repeat(1_000_000))).toThrow(
      expect.objectContaining({ code: "EVALUATE_PATTERN_TOO_COSTLY" }),
    );
  });
});
