import { expect, it } from "vitest";
import { opsGeniePriority } from "./opsgenie-priority.ts";

it.each([
  ["P1", "P1"],
  ["p5", "P5"],
  ["Critical", "P1"],
  ["high", "P2"],
  ["P6", "P3"],
  ["", "P3"],
])("%s is %s", (given, priority) => {
  expect(opsGeniePriority(given)).toBe(priority);
});
