import { describe, expect, it } from "vitest";
import { dateOfDay, partitionDay } from "./partition-day.ts";

const receivedAt = Date.UTC(2026, 2, 10, 12);
const nano = (ms: number) => BigInt(ms) * 1_000_000n;

describe("partitionDay", () => {
  it.each([
    { name: "now", start: nano(receivedAt), date: "2026-03-10" },
    { name: "7 days before", start: nano(Date.UTC(2026, 2, 3)), date: "2026-03-03" },
    { name: "a nanosecond earlier", start: nano(Date.UTC(2026, 2, 3)) - 1n, date: "2026-03-10" },
    { name: "the day after", start: nano(Date.UTC(2026, 2, 12)) - 1n, date: "2026-03-11" },
    { name: "two days after", start: nano(Date.UTC(2026, 2, 12)), date: "2026-03-10" },
    { name: "1970", start: 0n, date: "2026-03-10" },
    { name: "2262", start: 9_223_372_036_854_775_807n, date: "2026-03-10" },
  ])("$name goes to $date", ({ start, date }) => {
    expect(dateOfDay(partitionDay(start, receivedAt))).toBe(date);
  });
});
