import { expect, it } from "vitest";
import { shortText } from "./short-text.ts";

it.each([
  ["PSI of 'wind' was 1.1146334587371456, threshold 0.1", "PSI of 'wind' was 1.11, threshold 0.1"],
  ["'x' was -0.00012345, baseline 2", "'x' was -0.000123, baseline 2"],
  ["profile 0.1.0 of 1234567 rows", "profile 0.1.0 of 1234567 rows"],
])("%s", (text, short) => {
  expect(shortText(text)).toBe(short);
});
