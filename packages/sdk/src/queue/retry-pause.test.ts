import { expect, test } from "vitest";
import { retryPauseMs } from "./retry-pause.ts";

const retry = { maxAttempts: 5, firstPauseMs: 100, maxPauseMs: 1_000 };

test.for([
  { attempt: 1, random: 0, retryAfterMs: undefined, pauseMs: 50 },
  { attempt: 1, random: 0.999, retryAfterMs: undefined, pauseMs: 99.95 },
  { attempt: 2, random: 0, retryAfterMs: undefined, pauseMs: 100 },
  { attempt: 4, random: 0.5, retryAfterMs: undefined, pauseMs: 600 },
  { attempt: 5, random: 0, retryAfterMs: undefined, pauseMs: 500 },
  { attempt: 5_000, random: 0, retryAfterMs: undefined, pauseMs: 500 },
  { attempt: 1, random: 0, retryAfterMs: 7_000, pauseMs: 7_000 },
  { attempt: 4, random: 0, retryAfterMs: 10, pauseMs: 400 },
])("try $attempt, random $random, asked $retryAfterMs: $pauseMs ms", (row) => {
  const { attempt, random, retryAfterMs, pauseMs } = row;
  expect(retryPauseMs(attempt, retry, random, retryAfterMs)).toBeCloseTo(pauseMs, 6);
});
