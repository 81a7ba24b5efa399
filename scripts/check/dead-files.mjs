/**
 * A process of the tests that the engine below it ended, by a signal, says nothing of the tests in it. Its files run once
 * more, each in what is a fresh process; what died and what it said stands among the notes of the summary, whatever the
 * second run brings. See docs/decisions/0040-test-processes-that-die.md.
 */

/** More than so many is no accident. */
const MAX_DEAD = 2;

/** @typedef {ReturnType<typeof import("./test-report.mjs").readReport>} Counts */

/**
 * @param {Counts} counts of the first run
 * @returns {readonly string[]} files to run again; none when something else failed too
 */
export function filesToRunAgain({ dead, failures }) {
  // With dead files, all that went wrong outside of tests are deaths; what a test failed by has its file.
  const areDeaths = failures.length > 0 && failures.every(({ file }) => file === "");
  return areDeaths && dead.length <= MAX_DEAD ? dead : [];
}

/**
 * Both runs as one: the deaths are forgiven only when everything passed the second time.
 *
 * @param {Counts} first
 * @param {Counts} second of the files that `filesToRunAgain` named
 * @returns {Counts}
 */
export function bothRuns(first, second) {
  const isFine = second.failed === 0 && second.passed > 0;
  return {
    passed: first.passed + second.passed,
    failed: isFine ? 0 : first.failed + second.failed,
    skipped: first.skipped + second.skipped,
    failures: isFine ? [] : [...first.failures, ...second.failures],
    dead: isFine ? [] : first.dead,
  };
}

/**
 * @param {string} suite
 * @param {Counts} first
 * @param {boolean} isFine whether the second run passed
 * @param {string} lastWords
 */
export function remarkOfDeath(suite, first, isFine, lastWords) {
  const causes = first.failures.map(({ message }) => /signal SIG\w+/.exec(message)?.[0]);
  const how = [...new Set(causes.filter((cause) => cause !== undefined))].join(", ");
  const then = isFine ? "passed when run again" : "FAILED when run again";
  const said = lastWords === "" ? ["    it said nothing"] : lastWords.split("\n");
  return [
    `a process of ${suite} DIED (${how}) in ${first.dead.join(", ")}, which ${then}`,
    ...said.map((line) => `    ${line.trim()}`),
  ].join("\n");
}
