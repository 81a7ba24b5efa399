import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { msBetween, nanosOfRfc3339, rfc3339OfNanos } from "./wire-time.ts";

describe("rfc3339OfNanos", () => {
  it.each([
    [0n, "1970-01-01T00:00:00Z"],
    [1n, "1970-01-01T00:00:00.000000001Z"],
    [1_000n, "1970-01-01T00:00:00.000001Z"],
    [1_000_000n, "1970-01-01T00:00:00.001Z"],
    [1_767_225_600_123_456_000n, "2026-01-01T00:00:00.123456Z"],
    [9_223_372_036_854_775_807n, "2262-04-11T23:47:16.854775807Z"],
    [-1n, "1969-12-31T23:59:59.999999999Z"],
  ])("%s is %s", (nanos, text) => {
    expect(rfc3339OfNanos(nanos)).toBe(text);
  });

  it("is undone by nanosOfRfc3339", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 60n), max: 2n ** 63n - 1n }), (nanos) => {
        expect(nanosOfRfc3339(rfc3339OfNanos(nanos))).toBe(nanos);
      }),
    );
  });
});

describe("nanosOfRfc3339", () => {
  it.each([
    ["1970-01-01T01:00:00+01:00", 0n],
    ["1970-01-01t00:00:00z", 0n],
    ["1970-01-01T00:00:00.1234567891Z", 123_456_789n],
    ["1970-01-01", undefined],
    ["1970-13-01T00:00:00Z", undefined],
    ["", undefined],
  ])("%s is %s", (text, nanos) => {
    expect(nanosOfRfc3339(text)).toBe(nanos);
  });
});

describe("msBetween", () => {
  it("rounds down", () => {
    expect(msBetween(0n, 1_999_999n)).toBe(1);
  });
});
