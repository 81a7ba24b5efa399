import { expect, it } from "vitest";
import { windowSchedule } from "./window-schedule.ts";

it.each([
  ["2026-01-01T00:00:00.000Z", "3,13,23,33,43,53 * * * * *"],
  ["2026-01-01T00:00:00.001Z", "4,14,24,34,44,54 * * * * *"],
  ["2026-01-01T00:00:47.900Z", "1,11,21,31,41,51 * * * * *"],
  ["2026-01-01T00:00:57.000Z", "0,10,20,30,40,50 * * * * *"],
])("has the first slot 3 to 4 seconds after %s", (now, schedule) => {
  expect(windowSchedule(Date.parse(now))).toBe(schedule);
});
