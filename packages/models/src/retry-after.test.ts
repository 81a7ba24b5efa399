import { expect, it } from "vitest";
import { retryAfterMs } from "./retry-after.ts";

it.each<[string, Record<string, string>, number | undefined]>([
  ["seconds", { "retry-after": "7" }, 7_000],
  ["fractions of a second", { "retry-after": "0.25" }, 250],
  ["milliseconds, which win", { "retry-after-ms": "120", "retry-after": "7" }, 120],
  [
    "a date",
    { "retry-after": "Wed, 01 Jan 2025 00:00:30 GMT", date: "Wed, 01 Jan 2025 00:00:00 GMT" },
    30_000,
  ],
  [
    "a date gone by",
    { "retry-after": "Wed, 01 Jan 2025 00:00:00 GMT", date: "Wed, 01 Jan 2025 00:00:30 GMT" },
    0,
  ],
  ["nothing", {}, undefined],
  [
    "a date without the answer's own",
    { "retry-after": "Wed, 01 Jan 2025 00:00:30 GMT" },
    undefined,
  ],
  ["a negative number", { "retry-after": "-5" }, undefined],
  ["a word", { "retry-after": "later" }, undefined],
])("reads %s", (_what, headers, expected) => {
  expect(retryAfterMs(headers)).toBe(expected);
});
