import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseSchedule } from "../schedule/schedule.ts";
import { dueWindows, type DueWindowsInput, MOST_COUNTED } from "./due-windows.ts";

const MINUTE_MS = 60_000;
const T0 = Date.UTC(2024, 0, 1);
const everyMinute = parseSchedule("0 * * * * *");
const minutes = (input: Partial<DueWindowsInput> & { readonly nowMs: number }) =>
  dueWindows({
    schedule: everyMinute,
    lastWindowEndMs: T0,
    graceMs: 10_000,
    catchUp: "all",
    limit: 1000,
    ...input,
  });
const window = (startMinute: number, endMinute: number) => ({
  startMs: T0 + startMinute * MINUTE_MS,
  endMs: T0 + endMinute * MINUTE_MS,
});

describe("due windows", () => {
  it.each([
    ["nothing before the first slot", T0 + 59_999, [], T0 + MINUTE_MS + 10_000],
    ["nothing within the grace time", T0 + MINUTE_MS + 9_999, [], T0 + MINUTE_MS + 10_000],
    ["one at slot + grace", T0 + MINUTE_MS + 10_000, [window(0, 1)], T0 + 2 * MINUTE_MS + 10_000],
    [
      "all that were missed, oldest first",
      T0 + 3 * MINUTE_MS + 10_000,
      [window(0, 1), window(1, 2), window(2, 3)],
      T0 + 4 * MINUTE_MS + 10_000,
    ],
    ["nothing when the clock went back", T0 - MINUTE_MS, [], T0 + MINUTE_MS + 10_000],
  ])("%s", (_, nowMs, due, nextDueAtMs) => {
    expect(minutes({ nowMs })).toEqual({ due, skipped: undefined, nextDueAtMs });
  });

  it("skips all but the newest when only that is wanted", () => {
    const { due, skipped } = minutes({ nowMs: T0 + 5 * MINUTE_MS + 10_000, catchUp: "latest" });
    expect(due).toEqual([window(4, 5)]);
    expect(skipped).toEqual({
      ...window(0, 4),
      windows: 4,
      atLeast: false,
      reason: "catch-up-latest",
    });
  });

  it("skips the oldest beyond the limit", () => {
    const { due, skipped } = minutes({ nowMs: T0 + 10 * MINUTE_MS + 10_000, limit: 3 });
    expect(due).toEqual([window(7, 8), window(8, 9), window(9, 10)]);
    expect(skipped).toMatchObject({ ...window(0, 7), windows: 7, reason: "catch-up-limit" });
  });

  it("begins the first window at registration, between two slots", () => {
    const lastWindowEndMs = T0 + 30_000;
    const { due } = minutes({ lastWindowEndMs, nowMs: T0 + 2 * MINUTE_MS + 10_000 });
    expect(due).toEqual([{ startMs: lastWindowEndMs, endMs: T0 + MINUTE_MS }, window(1, 2)]);
  });

  it("ends with the schedule", () => {
    const schedule = parseSchedule("0 0 0 1 2 * 2024");
    const plan = minutes({ schedule, nowMs: Date.UTC(2030, 0) });
    expect(plan).toEqual({
      due: [{ startMs: T0, endMs: Date.UTC(2024, 1, 1) }],
      skipped: undefined,
      nextDueAtMs: undefined,
    });
  });

  it("stops counting what it skips", () => {
    const schedule = parseSchedule("* * * * * *");
    const { skipped } = minutes({ schedule, nowMs: T0 + 30 * 86_400_000, limit: 5 });
    expect(skipped).toMatchObject({ windows: MOST_COUNTED, atLeast: true });
  });

  it("tiles time without gap or overlap, whenever it is asked", () => {
    const text = fc.constantFrom(
      "0 * * * * *",
      "0 */7 * * * *",
      "30 1,5,8 * * * *",
      "*/40 * * * * *",
    );
    const zone = fc.constantFrom("UTC", "Europe/Berlin");
    // Around the end of summer time in Berlin.
    const start = fc.integer({ min: Date.UTC(2024, 9, 26, 22), max: Date.UTC(2024, 9, 27, 4) });
    const waits = fc.array(fc.integer({ min: 0, max: 3_600_000 }), { maxLength: 8 });
    const catchUp = fc.constantFrom<"all" | "latest">("all", "latest");
    const limit = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(
        text,
        zone,
        start,
        waits,
        catchUp,
        limit,
        (cron, timeZone, from, steps, mode, most) => {
          const schedule = parseSchedule(cron, { timeZone });
          let last = from;
          let nowMs = from;
          for (const step of steps) {
            nowMs += step;
            const input = { schedule, lastWindowEndMs: last, nowMs, graceMs: 10_000, limit: most };
            const { due, skipped } = dueWindows({ ...input, catchUp: mode });
            for (const { startMs, endMs } of skipped === undefined ? due : [skipped, ...due]) {
              expect(startMs).toBe(last);
              expect(endMs).toBeGreaterThan(startMs);
              last = endMs;
            }
            const [following] = schedule.nextSlots(1, last);
            expect(following).toBeGreaterThan(nowMs - 10_000);
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});
