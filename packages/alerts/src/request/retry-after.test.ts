import { expect, it } from "vitest";
import { retryAfterMs } from "./retry-after.ts";

it.each<[Record<string, string>, number | undefined]>([
  [{ "retry-after": "7" }, 7000],
  [{ "retry-after": "0.5" }, 500],
  [
    { "retry-after": "Thu, 01 Jan 2026 00:00:30 GMT", date: "Thu, 01 Jan 2026 00:00:00 GMT" },
    30_000,
  ],
  [{ "retry-after": "Thu, 01 Jan 2026 00:00:30 GMT" }, undefined],
  [{ "retry-after": "soon" }, undefined],
  [{ "retry-after": "-3" }, undefined],
  [{}, undefined],
])("%j", (headers, pauseMs) => {
  expect(retryAfterMs(new Headers(headers))).toBe(pauseMs);
});
