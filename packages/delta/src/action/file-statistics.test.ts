import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeStatistics,
  encodeStatistics,
  textLowerBound,
  textUpperBound,
  timestampLowerBound,
  timestampUpperBound,
} from "./file-statistics.ts";

describe("statistics of a file", () => {
  it("are JSON in which longs keep every digit and unbounded numbers are left out", () => {
    const stats = encodeStatistics({
      numRecords: 2,
      minValues: { nano: -9_007_199_254_740_993n, ratio: -Infinity, name: 'a"b', nested: { x: 1 } },
      maxValues: {
        nano: 1_700_000_000_000_000_001n,
        ratio: 0.5,
        name: "z",
        nested: { x: Number.NaN },
      },
      nullCount: { nano: 0 },
    });
    expect(stats).toBe(
      '{"numRecords":2,"minValues":{"nano":-9007199254740993,"name":"a\\"b","nested":{"x":1}},' +
        '"maxValues":{"nano":1700000000000000001,"ratio":0.5,"name":"z","nested":{}},"nullCount":{"nano":0}}',
    );
    expect(decodeStatistics(stats)).toMatchObject({
      minValues: { nano: -9_007_199_254_740_993n, name: 'a"b' },
      maxValues: { nano: 1_700_000_000_000_000_001n, ratio: 0.5 },
    });
  });

  it.each([[undefined], [""], ["{"], ["null"], ["{}"], ['{"stats_json":"{\\"numRecords\\":1}"}']])(
    "read from %s are none",
    (stats) => {
      expect(decodeStatistics(stats)).toBeUndefined();
    },
  );
});

describe("bounds of instants", () => {
  it.each([
    [0n, "1970-01-01T00:00:00.000Z", "1970-01-01T00:00:00.000Z"],
    [1n, "1970-01-01T00:00:00.000Z", "1970-01-01T00:00:00.001Z"],
    [999n, "1970-01-01T00:00:00.000Z", "1970-01-01T00:00:00.001Z"],
    [1000n, "1970-01-01T00:00:00.001Z", "1970-01-01T00:00:00.001Z"],
    [-1n, "1969-12-31T23:59:59.999Z", "1970-01-01T00:00:00.000Z"],
    [-1000n, "1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"],
    [1_738_324_800_123_456n, "2025-01-31T12:00:00.123Z", "2025-01-31T12:00:00.124Z"],
  ])("%d us are widened to whole milliseconds", (microseconds, lower, upper) => {
    expect(timestampLowerBound(microseconds)).toBe(lower);
    expect(timestampUpperBound(microseconds)).toBe(upper);
  });

  it("always hold the instant", () => {
    fc.assert(
      fc.property(fc.bigInt(-8_640_000_000_000_000_000n, 8_640_000_000_000_000_000n), (instant) => {
        expect(BigInt(Date.parse(timestampLowerBound(instant))) * 1000n <= instant).toBe(true);
        expect(BigInt(Date.parse(timestampUpperBound(instant))) * 1000n >= instant).toBe(true);
      }),
    );
  });
});

describe("bounds of texts", () => {
  const last = "\u{10ffff}";
  it.each([
    ["short", "short", "short"],
    ["x".repeat(32), "x".repeat(32), "x".repeat(32)],
    ["x".repeat(33), "x".repeat(32), "x".repeat(32) + last],
    ["😀".repeat(40), "😀".repeat(32), "😀".repeat(32) + last],
    [`${"x".repeat(32)}${last}`, "x".repeat(32), `${"x".repeat(32)}${last}`],
    [`${"x".repeat(32)}${last}yz`, "x".repeat(32), `${"x".repeat(32)}${last}${last}`],
  ])("of '%s'", (text, lower, upper) => {
    expect(textLowerBound(text)).toBe(lower);
    expect(textUpperBound(text)).toBe(upper);
  });

  it("hold the text in the order of its UTF-8 bytes", () => {
    const text = fc.string({
      minLength: 28,
      maxLength: 40,
      unit: fc.constantFrom("a", "é", "😀", last),
    });
    fc.assert(
      fc.property(text, (value) => {
        const bytes = Buffer.from(value);
        expect(Buffer.compare(Buffer.from(textLowerBound(value)), bytes)).toBeLessThanOrEqual(0);
        expect(Buffer.compare(Buffer.from(textUpperBound(value)), bytes)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
