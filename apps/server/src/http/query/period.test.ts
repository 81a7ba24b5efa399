import { describe, expect, it } from "vitest";
import { bucketSeconds, filledBuckets, periodOf } from "./period.ts";

const NOW_MS = Date.parse("2026-03-02T12:00:00Z");

describe("periodOf", () => {
  it.each([
    ["nothing", {}, "2026-03-01T12:00:00.001Z", "2026-03-02T12:00:00.001Z"],
    ["an end", { end: "2026-03-01T00:00:00Z" }, "2026-02-28T00:00:00Z", "2026-03-01T00:00:00Z"],
    [
      "a start",
      { start: "2026-03-02T11:00:00Z" },
      "2026-03-02T11:00:00Z",
      "2026-03-02T12:00:00.001Z",
    ],
    [
      "both, with offsets",
      { start: "2026-03-01T01:00:00+01:00", end: "2026-03-01T01:00:00Z" },
      "2026-03-01T00:00:00Z",
      "2026-03-01T01:00:00Z",
    ],
  ])("of %s", (_name, query, start, end) => {
    const expected = { startMs: Date.parse(start), endMs: Date.parse(end) };
    expect(periodOf(query, NOW_MS)).toEqual(expected);
  });

  it.each([
    ["2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z", "it begins at 2026-03-01"],
    ["2026-03-02T00:00:00Z", "2026-03-01T00:00:00Z", "it begins at 2026-03-02"],
    ["2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "365 days long; at most 92"],
  ])("refuses %s to %s", (start, end, problem) => {
    expect(() => periodOf({ start, end }, NOW_MS)).toThrow(problem);
  });

  it("takes the longest period", () => {
    const query = { start: "2026-01-01T00:00:00Z", end: "2026-04-03T00:00:00Z" };
    expect(periodOf(query, NOW_MS).endMs).toBe(Date.parse(query.end));
  });
});

describe("filledBuckets", () => {
  it("tiles the period without gap", () => {
    const period = { startMs: 0, endMs: 3000 };
    expect(filledBuckets(period, 3, (bucket) => ({ bucket }))).toEqual([
      { start: "1970-01-01T00:00:00.000Z", end: "1970-01-01T00:00:01.000Z", bucket: 0 },
      { start: "1970-01-01T00:00:01.000Z", end: "1970-01-01T00:00:02.000Z", bucket: 1 },
      { start: "1970-01-01T00:00:02.000Z", end: "1970-01-01T00:00:03.000Z", bucket: 2 },
    ]);
    expect(bucketSeconds(period, 3)).toBe(1);
  });
});
