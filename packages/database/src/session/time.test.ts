import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { storableTime } from "./time.ts";

describe("storableTime", () => {
  it.each([
    { given: "2026-03-01T10:00:00Z", stored: "2026-03-01T10:00:00.000000Z" },
    { given: "2026-03-01T10:00:00.1z", stored: "2026-03-01T10:00:00.100000Z" },
    { given: "2026-03-01t10:00:00.123456999Z", stored: "2026-03-01T10:00:00.123456Z" },
    { given: "2026-03-01T10:00Z", stored: "2026-03-01T10:00:00.000000Z" },
    { given: "2026-03-01T00:30:00.5+01:00", stored: "2026-02-28T23:30:00.500000Z" },
    { given: "2026-03-01T00:00:00-23:59", stored: "2026-03-01T23:59:00.000000Z" },
    { given: "0001-01-01T00:00:00Z", stored: "0001-01-01T00:00:00.000000Z" },
    { given: "9999-12-31T23:59:59.999999999Z", stored: "9999-12-31T23:59:59.999999Z" },
  ])("reads $given as $stored", ({ given, stored }) => {
    expect(storableTime(given)).toBe(stored);
  });

  it.each([
    "0000-06-01T00:00:00Z",
    "0001-01-01T00:00:00+01:00",
    "9999-12-31T23:59:59-01:00",
    "now",
    "2026-03-01",
    "2026-99-01T00:00:00Z",
  ])("refuses %s", (given) => {
    expect(() => storableTime(given)).toThrow(
      expect.objectContaining({ code: "DATABASE_TIME_OUT_OF_RANGE", kind: "invalid" }),
    );
  });

  it("keeps the instant of every date, and reads its own output the same", () => {
    const date = fc.date({
      min: new Date("0001-01-01T00:00:00Z"),
      max: new Date("9999-12-31T00:00:00Z"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(date, (instant) => {
        const stored = storableTime(instant.toISOString());
        expect(Date.parse(stored)).toBe(instant.getTime());
        expect(storableTime(stored)).toBe(stored);
      }),
    );
  });
});
