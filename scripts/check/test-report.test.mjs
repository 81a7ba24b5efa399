import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readReport } from "./test-report.mjs";

let folder;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "scouter-report-"))));
afterAll(() => rmSync(folder, { recursive: true }));

function read(report, endedWell) {
  const path = join(folder, "report.json");
  writeFileSync(path, JSON.stringify(report));
  return readReport(path, endedWell);
}

describe("readReport", () => {
  it("takes a suite's own counts and failures", () => {
    const failures = [{ file: "a.test.ts", test: "adds", message: "no" }];
    const report = { passed: 8, failed: 2, skipped: 1 };
    expect(read({ ...report, failures }, false)).toEqual({ ...report, failures, dead: [] });
    expect(read(report, false)).toEqual({ ...report, failures: [], dead: [] });
  });

  it.each([
    ["ended badly although nothing failed", { passed: 8, failed: 0, skipped: 0 }, false],
    ["passed nothing", { passed: 0, failed: 0, skipped: 3 }, true],
  ])("fails a run that %s", (_name, report, endedWell) => {
    expect(read(report, endedWell)).toEqual({ ...report, failed: 1, failures: [], dead: [] });
  });

  it("fails a run that left no report", () => {
    expect(readReport(join(folder, "none.json"), true)).toMatchObject({ passed: 0, failed: 1 });
  });
});
