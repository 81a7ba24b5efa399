import { expect, it } from "vitest";
import { limitWords } from "./limit-words.ts";

it.each([
  [1, 3, "below 1 or above 3"],
  [null, 3, "above 3"],
  [1, null, "below 1"],
  [null, null, "never"],
])("limits %s and %s read '%s'", (lower_limit, upper_limit, words) => {
  expect(limitWords({ lower_limit, upper_limit }, String)).toBe(words);
});
