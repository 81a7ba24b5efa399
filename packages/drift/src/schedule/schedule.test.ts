import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CommonCrons } from "./common-crons.ts";
import { parseCronExpression } from "./cron-expression.ts";
import { parseSchedule } from "./schedule.ts";

const at = (text: string) => Date.parse(`${text.length === 10 ? `${text}T00:00:00` : text}Z`);
const iso = (ms: number | undefined) =>
  ms === undefined ? undefined : new Date(ms).toISOString().replace(".000Z", "");
const next = (text: string, after: string, count = 1, timeZone = "UTC") =>
  parseSchedule(text, { timeZone }).nextSlots(count, at(after)).map(iso);

describe("next slot in UTC", () => {
  it.each([
    ["strictly after", "0 0 0 * * *", "2024-01-01", "2024-01-02T00:00:00"],
    ["after a fraction", "0 0 */6 * * *", "2024-01-01T05:59:59.5", "2024-01-01T06:00:00"],
    ["seven fields", "0 0,30 * * * * *", "2024-01-01T10:15:00", "2024-01-01T10:30:00"],
    ["day by name", "0 0 0 * * SUN", "2024-01-01", "2024-01-07T00:00:00"],
    ["day by number", "0 0 0 * * 1", "2024-01-01", "2024-01-07T00:00:00"],
    ["both days", "0 0 0 13 * FRI", "2024-01-01", "2024-09-13T00:00:00"],
    ["days by range of names", "0 0 0 * * mon-FRI", "2024-01-05", "2024-01-08T00:00:00"],
    ["names with a step", "0 0 0 * * MON-FRI/2", "2024-01-01", "2024-01-03T00:00:00"],
    ["full names", "0 0 0 1 September Sunday", "2024-01-01", "2024-09-01T00:00:00"],
    ["number with a step", "0 50/4 * * * *", "2024-01-01T00:54:00", "2024-01-01T00:58:00"],
    ["question mark", "0 0 0 1 * ?", "2024-01-01", "2024-02-01T00:00:00"],
    ["a year", "0 0 0 1 1 * 2030", "2024-01-01", "2030-01-01T00:00:00"],
    ["years in steps", "0 0 0 1 1 * */4", "2024-01-01", "2026-01-01T00:00:00"],
    ["leap day", "0 0 0 29 2 *", "2024-02-29", "2028-02-29T00:00:00"],
    ["every five seconds", "*/5 * * * * *", "2024-01-01T00:00:03", "2024-01-01T00:00:05"],
    ["shorthand", "@weekly", "2024-01-01", "2024-01-07T00:00:00"],
    ["five fields", "*/5 * * * *", "2024-01-01T00:00:00", "2024-01-01T00:05:00"],
    ["five fields, Sunday 0", "0 0 * * 0", "2024-01-01", "2024-01-07T00:00:00"],
    ["five fields, Sunday 7", "0 0 * * 7", "2024-01-01", "2024-01-07T00:00:00"],
    ["five fields, either day", "0 0 13 * 5", "2024-01-01", "2024-01-05T00:00:00"],
    ["five fields, either day, one of all", "0 0 13 * 0-6", "2024-01-01", "2024-01-02T00:00:00"],
    ["five fields, one day free", "0 0 13 * *", "2024-01-01", "2024-01-13T00:00:00"],
  ])("%s: %s", (_, text, after, expected) => {
    expect(next(text, after)).toEqual([expected]);
  });

  it.each(Object.entries(CommonCrons))("knows %s", (_, text) => {
    const [first, second] = parseSchedule(text).nextSlots(2, at("2024-01-01"));
    expect(second).toBeGreaterThan(first as number);
  });

  it("ends with the years named", () => {
    expect(next("0 0 0 1 1 * 2025", "2024-06-01", 3)).toEqual(["2025-01-01T00:00:00"]);
    expect(parseSchedule("0 0 0 1 1 * 2025").previousSlot(at("2025-01-01"))).toBeUndefined();
  });
});

describe("refuses", () => {
  it.each([
    ["no field", " ", "has 0 fields: expected 5"],
    ["four fields", "0 0 0 *", "has 4 fields"],
    ["eight fields", "0 0 0 * * * * *", "has 8 fields"],
    ["? outside the days", "? * * * * *", "'?' in the second field, expected 0-59, '*', ranges"],
    [
      "weekday 0 of six fields",
      "* * * * * 0",
      "'0' in the day-of-week field, expected 1-7 or SUN-SAT",
    ],
    ["weekday 8", "* * * * * 8", "'8' in the day-of-week field"],
    ["a second above 59", "0-65 * * * * *", "'0-65' in the second field, expected 0-59"],
    ["a range that wraps round", "* * * * * FRI-MON", "expected a range from the lower"],
    ["a step after a name", "* * * * * MON/2", "'MON/2' in the day-of-week field"],
    ["step 0", "*/0 * * * * *", "expected a step of 1 to 59"],
    ["a step above the maximum", "*/60 * * * * *", "expected a step of 1 to 59"],
    ["two steps", "0 1/2/3 * * * *", "'1/2/3' in the minute field"],
    ["an empty list item", "0 1,, * * * *", "'' in the minute field"],
    ["month 13", "0 0 0 1 13 *", "'13' in the month field, expected 1-12 or JAN-DEC"],
    ["L", "0 0 0 L * *", "'L' in the day-of-month field"],
    ["a nickname that is none", "@often", "has 1 field"],
    ["a sign", "0 +5 * * * *", "'+5' in the minute field"],
    ["a year before 1970", "0 0 0 1 1 * 1969", "'1969' in the year field, expected 1970-2100"],
    ["a day that no month has", "0 0 0 31 2,4 *", "never comes: none of its months has a day 31"],
  ])("%s", (_, text, message) => {
    expect(() => parseSchedule(text)).toThrow(message);
  });

  it("an unknown time zone", () => {
    expect(() => parseSchedule("@daily", { timeZone: "Mars/Base" })).toThrow("'Mars/Base' is not");
  });
});

describe("in a zone with summer time", () => {
  const berlin = (text: string, after: string, count: number) =>
    next(text, after, count, "Europe/Berlin");

  it("moves a skipped daily time behind the gap, and takes a repeated one once", () => {
    expect(berlin("0 30 2 * * *", "2024-03-30T12:00:00", 2)).toEqual([
      "2024-03-31T01:00:00",
      "2024-04-01T00:30:00",
    ]);
    expect(berlin("0 30 2 * * *", "2024-10-26T12:00:00", 2)).toEqual([
      "2024-10-27T00:30:00",
      "2024-10-28T01:30:00",
    ]);
  });

  it("has both hours of a repeated one for an hourly schedule", () => {
    expect(berlin("0 0 * * * *", "2024-10-26T23:30:00", 4)).toEqual([
      "2024-10-27T00:00:00",
      "2024-10-27T01:00:00",
      "2024-10-27T02:00:00",
      "2024-10-27T03:00:00",
    ]);
  });
});

/** The definition itself: does an instant suit the expression in UTC? */
function suiting(text: string): (ms: number) => boolean {
  const { second, minute, hour, dayOfMonth, month, dayOfWeek, bothDays } =
    parseCronExpression(text);
  return (ms) => {
    const date = new Date(ms);
    const day = dayOfMonth.values.includes(date.getUTCDate());
    const weekday = dayOfWeek.values.includes(date.getUTCDay());
    return (
      second.values.includes(date.getUTCSeconds()) &&
      minute.values.includes(date.getUTCMinutes()) &&
      hour.values.includes(date.getUTCHours()) &&
      month.values.includes(date.getUTCMonth() + 1) &&
      (bothDays ? day && weekday : day || weekday)
    );
  };
}

const field = (lowest: number, highest: number) =>
  fc.oneof(
    fc.constant("*"),
    fc.integer({ min: lowest, max: highest }).map(String),
    fc
      .tuple(fc.integer({ min: lowest, max: highest }), fc.integer({ min: lowest, max: highest }))
      .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
    fc.integer({ min: 1, max: highest }).map((step) => `*/${step}`),
    fc
      .array(fc.integer({ min: lowest, max: highest }), { minLength: 1, maxLength: 3 })
      .map((list) => list.join(",")),
  );
const sixFields = fc
  .tuple(field(0, 59), field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(1, 7))
  .map((fields) => fields.join(" "));
const fiveFields = fc
  .tuple(field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 7))
  .map((fields) => fields.join(" "));
const expression = fc.oneof(sixFields, fiveFields);
const instant = fc.integer({ min: at("2023-01-01"), max: at("2026-01-01") });
const zone = fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe");

describe("slots of any schedule", () => {
  it("suit the expression, and none between them does", () => {
    fc.assert(
      fc.property(expression, instant, (text, after) => {
        const [first, second] = parseSchedule(text).nextSlots(2, after);
        const suits = suiting(text);
        const slots = [first, second].filter((slot) => slot !== undefined);
        expect(slots.every(suits)).toBe(true);
        const from = Math.floor(after / 1000) * 1000 + 1000;
        const end = Math.min(first ?? Infinity, from + 7_200_000);
        const between = Array.from(
          { length: Math.max(0, end - from) / 1000 },
          (_, i) => from + i * 1000,
        );
        expect(between.filter(suits)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it("increase strictly, forwards and backwards alike, in every zone", () => {
    fc.assert(
      fc.property(expression, instant, zone, (text, after, timeZone) => {
        const schedule = parseSchedule(text, { timeZone });
        const slots = schedule.nextSlots(5, after);
        for (const [i, slot] of slots.entries()) {
          expect(slot).toBeGreaterThan(slots[i - 1] ?? after);
          expect(schedule.previousSlot(slot + 1)).toBe(slot);
          expect(schedule.nextSlots(1, slot - 1)).toEqual([slot]);
          const before = schedule.previousSlot(slot) ?? -1;
          expect(before).toBe(i === 0 ? before : slots[i - 1]);
          expect(i > 0 || before <= after).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("are enumerated between two instants, the first left out and the last kept", () => {
    fc.assert(
      fc.property(sixFields, instant, fc.integer({ min: 0, max: 100 }), (text, after, count) => {
        const schedule = parseSchedule(text);
        const slots = schedule.nextSlots(count, after);
        const last = slots.at(-1);
        expect([...schedule.slotsBetween(after, last ?? after)]).toEqual(slots);
        expect([...schedule.slotsBetween(last ?? after, last ?? after)]).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});
