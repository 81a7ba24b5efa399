import { describe, expect, it } from "vitest";
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

describe("failures", () => {
  const failure = (number, message = "Error: no") => ({
    file: "packages/stats/src/mean.test.ts",
    test: `mean > of ${number} values`,
    message,
  });

  it("are told with suite, file, name and message, right before the totals", () => {
    const failures = [failure(1, "Error: no\nat mean.test.ts:7:3"), failure(2)];
    const lines = summary([suite("unit", { failed: 2, failures })], []).split("\n");
    expect(lines.slice(-9, -2)).toEqual([
      "FAILED unit > packages/stats/src/mean.test.ts > mean > of 1 values",
      "    Error: no",
      "    at mean.test.ts:7:3",
      "",
      "FAILED unit > packages/stats/src/mean.test.ts > mean > of 2 values",
      "    Error: no",
      "",
    ]);
  });

  it("are cut when a message is long or there are many", () => {
    const long = Array.from({ length: 40 }, (_, line) => `line ${line}`).join("\n");
    const failures = Array.from({ length: 23 }, (_, number) => failure(number, long));
    const text = summary([suite("unit", { failed: 23, failures })], []);
    expect(text.match(/^FAILED unit > /gm)).toHaveLength(20);
    expect(text.match(/^ {4}line 11\n {4}\.\.\.$/gm)).toHaveLength(20);
    expect(text).not.toContain("line 12");
    expect(text).toContain("\n... and 3 more failures, see above\n");
  });
});
