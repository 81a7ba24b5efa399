import { describe, expect, it } from "vitest";
import { timeTicks } from "./time-ticks.ts";

/** A time of the zone that the test runs in, in seconds. */
const at = (day: number, hour: number, minute = 0, second = 0) =>
  new Date(2026, 10, day, hour, minute, 0, second * 1000).getTime() / 1000;

describe("texts of a time axis", () => {
  it.each([
    [
      "hours",
      [at(21, 18), at(22, 0), at(22, 6)],
      21_600,
      ["18:00\n2026-11-21", "00:00\n2026-11-22", "06:00"],
    ],
    ["seconds", [at(22, 9, 5, 10), at(22, 9, 5, 20)], 10, ["09:05:10\n2026-11-22", "09:05:20"]],
    [
      "parts of a second",
      [at(22, 9, 5, 10), at(22, 9, 5, 10.5)],
      0.5,
      ["09:05:10.000\n2026-11-22", "09:05:10.500"],
    ],
    ["days", [at(21, 0), at(22, 0)], 86_400, ["2026-11-21", "2026-11-22"]],
    ["nothing", [], 60, []],
  ])("%s", (_, ticks, stepS, texts) => {
    expect(timeTicks(ticks, stepS)).toEqual(texts);
  });
});
