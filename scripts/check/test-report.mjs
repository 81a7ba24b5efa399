import { existsSync, readFileSync } from "node:fs";

/**
 * @typedef {object} Failure
 * @property {string} file empty when none is known
 * @property {string} test
 * @property {string} message several lines
 */

/**
 * What a suite wrote of itself: `{ passed, failed, skipped, failures?, dead? }`. A run that ended badly although it
 * counted no failure has one, and so has one that passed nothing or left no report.
 *
 * @param {string} path
 * @param {boolean} endedWell
 * @returns {{ passed: number, failed: number, skipped: number, failures: readonly Failure[], dead: readonly string[] }}
 *   `dead` are files whose process died under them; nothing of them is in `passed`
 */
export function readReport(path, endedWell) {
  if (!existsSync(path)) return { ...wholeRun(false), failures: [], dead: [] };
  const {
    passed,
    failed,
    skipped,
    failures = [],
    dead = [],
  } = JSON.parse(readFileSync(path, "utf8"));
  const isBroken = failed === 0 && (!endedWell || passed === 0);
  return { passed, failed: isBroken ? 1 : failed, skipped, failures, dead };
}

export function wholeRun(endedWell) {
  return { passed: endedWell ? 1 : 0, failed: endedWell ? 0 : 1, skipped: 0 };
}
