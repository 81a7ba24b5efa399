import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countTests, readCounts } from "./test-report.mjs";

let folder;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "scouter-report-"))));
afterAll(() => rmSync(folder, { recursive: true }));

function write(content) {
  const path = join(folder, "report.json");
  writeFileSync(path, JSON.stringify(content));
  return path;
}

const report = (fields) => ({
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [],
  ...fields,
});

describe("countTests", () => {
  it("counts what the report says", () => {
    const path = write(report({ numFailedTests: 2, numPendingTests: 1 }));
    expect(countTests(path, false)).toEqual({ passed: 3, failed: 2, skipped: 1 });
  });

  it("counts a file that broke before its tests", () => {
    const path = write(report({ testResults: [{ status: "failed", assertionResults: [] }] }));
    expect(countTests(path, false)).toEqual({ passed: 3, failed: 1, skipped: 0 });
  });

  it("does not count a file again whose tests failed", () => {
    const file = { status: "failed", assertionResults: [{ status: "failed" }] };
    const path = write(report({ numFailedTests: 1, testResults: [file] }));
    expect(countTests(path, false).failed).toBe(1);
  });

  it("fails a run that ended badly although every test passed", () => {
    expect(countTests(write(report({})), false).failed).toBe(1);
  });

  it("fails a run without tests, and one without a report", () => {
    expect(countTests(write(report({ numPassedTests: 0 })), true).failed).toBe(1);
    expect(countTests(join(folder, "none.json"), true).failed).toBe(1);
  });
});

describe("readCounts", () => {
  it("takes our own checks' counts", () => {
    expect(readCounts(write({ passed: 8, failed: 2, skipped: 1 }), false)).toEqual({
      passed: 8,
      failed: 2,
      skipped: 1,
    });
  });

  it("fails when the check crashed after it had written its counts, or before", () => {
    expect(readCounts(write({ passed: 8, failed: 0, skipped: 0 }), false).failed).toBe(1);
    expect(readCounts(join(folder, "none.json"), false).failed).toBe(1);
  });
});
