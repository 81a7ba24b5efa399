import { existsSync, readFileSync } from "node:fs";

/**
 * Counts of a vitest JSON report. A test file that broke before its tests were known counts as one failure, and so
 * does a run that ended badly although every test passed (an unhandled error, a report that was never written).
 *
 * @param {string} path
 * @param {boolean} endedWell
 */
export function countTests(path, endedWell) {
  if (!existsSync(path)) return { passed: 0, failed: 1, skipped: 0 };
  const report = JSON.parse(readFileSync(path, "utf8"));
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((test) => test.status === "failed"),
  ).length;
  const failed = report.numFailedTests + brokenFiles;
  const passed = report.numPassedTests;
  return {
    passed,
    failed: failed === 0 && (!endedWell || passed === 0) ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** Counts that one of our own checks wrote (`{ passed, failed, skipped }`), else one for the whole run. */
export function readCounts(path, endedWell) {
  if (!existsSync(path)) return wholeRun(endedWell);
  const counts = JSON.parse(readFileSync(path, "utf8"));
  return endedWell || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

export function wholeRun(endedWell) {
  return { passed: endedWell ? 1 : 0, failed: endedWell ? 0 : 1, skipped: 0 };
}
