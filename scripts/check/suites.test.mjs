import { expect, it } from "vitest";
import { SUITES } from "./suites.mjs";

it("has time for all suites in 25 minutes", () => {
  const seconds = SUITES.reduce((sum, { budgetSeconds }) => sum + budgetSeconds, 0);
  expect(seconds).toBeLessThanOrEqual(25 * 60);
});

it("runs the files that are named, with the same configuration and reporters, after a death", () => {
  const tool = (name) => name;
  for (const { name, commands, again } of SUITES.filter((suite) => suite.again !== undefined)) {
    const whole = commands({ tool, report: "report.json" }).find(
      ([program]) => program === "vitest",
    );
    const some = again(tool, ["a.test.ts"]);
    expect(some, name).toContain("a.test.ts");
    expect(some.filter((part) => part !== "a.test.ts")).toEqual(whole);
  }
});
