import { describe, expect, it } from "vitest";
import { bothRuns, filesToRunAgain, remarkOfDeath } from "./dead-files.mjs";

const death = {
  file: "",
  test: "outside of every test",
  message: "Error: because of Error: Worker exited unexpectedly with signal SIGTRAP during started",
};
const first = { passed: 90, failed: 1, skipped: 2, failures: [death], dead: ["a.test.ts"] };
const second = { passed: 6, failed: 0, skipped: 1, failures: [], dead: [] };

describe("files are run again", () => {
  it.each([
    ["when their process died", {}, ["a.test.ts"]],
    ["not when nothing died", { dead: [], failed: 0, failures: [] }, []],
    [
      "not when a test failed too, also when one death took two files",
      { dead: ["a", "b"], failed: 2, failures: [death, { file: "c", test: "adds", message: "" }] },
      [],
    ],
    ["not when many died", { dead: ["a", "b", "c"], failed: 3 }, []],
  ])("%s", (_name, fields, files) => {
    expect(filesToRunAgain({ ...first, ...fields })).toEqual(files);
  });
});

describe("both runs", () => {
  it("count what passed, in the first or in the second", () => {
    expect(bothRuns(first, second)).toEqual({
      passed: 96,
      failed: 0,
      skipped: 3,
      failures: [],
      dead: [],
    });
  });

  it.each([
    ["a second death", { ...second, failed: 1, failures: [death], dead: ["a.test.ts"] }],
    ["a second run that ran nothing", { ...second, passed: 0 }],
  ])("fail by %s", (_name, again) => {
    const { failed, failures } = bothRuns(first, again);
    expect(failed).toBeGreaterThan(0);
    expect(failures).toContain(death);
  });
});

it("a death is told, with what it said, also when all is well", () => {
  const words = "# Fatal error in , line 0\n# Check failed: it.";
  expect(remarkOfDeath("unit", first, true, words).split("\n")).toEqual([
    "a process of unit DIED (signal SIGTRAP) in a.test.ts, which passed when run again",
    "    # Fatal error in , line 0",
    "    # Check failed: it.",
  ]);
  expect(remarkOfDeath("unit", first, false, "")).toContain("FAILED when run again");
});
