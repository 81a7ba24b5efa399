import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTimeRange, spanOf, textOfSpan } from "./time-range.ts";

describe("parseTimeRange", () => {
  it.each<[string, number]>([
    ["25m", 1_500_000],
    ["2h", 7_200_000],
    ["3d", 259_200_000],
    [" 90s ", 90_000],
    ["1.5 hours", 5_400_000],
    ["last 2 Weeks", 1_209_600_000],
  ])("takes '%s' for the time that ends now", (text, durationMs) => {
    expect(parseTimeRange(text)).toEqual({ kind: "last", durationMs });
  });

  it("takes two points in time", () => {
    const expected = {
      kind: "between",
      fromMs: Date.UTC(2026, 10, 20, 10),
      toMs: Date.UTC(2026, 10, 20, 11, 30),
    };
    expect(parseTimeRange("2026-11-20T10:00Z/2026-11-20T11:30Z")).toEqual(expected);
    expect(parseTimeRange("2026-11-20 10:00Z to 2026-11-20 11:30Z")).toEqual(expected);
  });

  it("takes days, the last one whole", () => {
    const at = (day: number) => new Date(2026, 10, day).getTime();
    expect(parseTimeRange("2026-11-20")).toEqual({ kind: "between", fromMs: at(20), toMs: at(21) });
    expect(parseTimeRange("2026-11-20/2026-11-22")).toMatchObject({ fromMs: at(20), toMs: at(23) });
  });

  it.each([
    "",
    "soon",
    "0h",
    "-5m",
    "5",
    "99999w",
    "2026-11-20T11:00Z/2026-11-20T10:00Z",
    "a/b",
    "2026-13-40",
    "1h/2h",
  ])("refuses '%s'", (text) => {
    expect(parseTimeRange(text)).toBeUndefined();
  });

  it("reads back what it writes into the address", () => {
    const point = fc.integer({ min: 0, max: 4_000_000_000_000 });
    fc.assert(
      fc.property(point, fc.integer({ min: 1, max: 1e10 }), (fromMs, lengthMs) => {
        const span = { fromMs, toMs: fromMs + lengthMs };
        const range = parseTimeRange(textOfSpan(span));
        expect(range).toEqual({ kind: "between", ...span });
        expect(range && spanOf(range, 0)).toEqual(span);
      }),
    );
  });
});
