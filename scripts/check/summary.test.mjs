import { expect, it } from "vitest";
import { summary } from "./summary.mjs";

const suite = (name, fields) => ({
  name,
  passed: 0,
  failed: 0,
  skipped: 0,
  seconds: 1,
  budgetSeconds: 10,
  ...fields,
});

const lastLine = (text) => text.split("\n").at(-1);

it("ends with one plain line that machines read", () => {
  const results = [suite("lint", { passed: 1 }), suite("unit", { passed: 40, failed: 2 })];
  expect(lastLine(summary(results, []))).toBe("41 passed, 2 failed");
});

it("tells what was skipped, and why, before that line", () => {
  const text = summary([suite("unit", { passed: 5, skipped: 3 })], ["no database here"]);
  expect(lastLine(text)).toBe("5 passed, 0 failed, 3 skipped");
  expect(text).toContain("\nNOTE: no database here\n");
});

it("marks what failed and what took longer than planned", () => {
  const results = [suite("docs", { failed: 1, seconds: 12, note: "exit code 1" })];
  expect(summary(results, [])).toMatch(/^docs +FAILED .* 12\.0 +10 +exit code 1; over budget$/m);
});
