/**
 * @typedef {object} SuiteResult
 * @property {string} name
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {number} seconds
 * @property {number} budgetSeconds
 * @property {string} [note]
 * @property {readonly import("./test-report.mjs").Failure[]} [failures]
 */

const MAX_FAILURES = 20;
const MAX_LINES_OF_FAILURE = 12;

/**
 * The table, what failed, and the closing line. Failures stand at the end, where a log that is cut still has them. The last line stands alone and reads `N passed, N failed`, with `, N skipped` when
 * there are any: machines read it.
 *
 * @param {readonly SuiteResult[]} results
 * @param {readonly string[]} remarks what a reader must know: what was left out and why
 */
export function summary(results, remarks) {
  const rows = [
    ["suite", "result", "passed", "failed", "skipped", "seconds", "budget", ""],
    ...results.map(rowOf),
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) => row.map((cell, column) => pad(cell, column, widths)).join("  "));
  const total = (field) => results.reduce((sum, result) => sum + result[field], 0);
  const skipped = total("skipped");
  return [
    "",
    ...lines.map((line) => line.trimEnd()),
    "",
    ...failureLines(results),
    ...remarks.map((remark) => `NOTE: ${remark}`),
    `total ${total("seconds").toFixed(1)} s`,
    `${total("passed")} passed, ${total("failed")} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`,
  ].join("\n");
}

function failureLines(results) {
  const all = results.flatMap(({ name, failures = [] }) =>
    failures.map((failure) => ({ suite: name, ...failure })),
  );
  const left = all.length - MAX_FAILURES;
  return [
    ...all.slice(0, MAX_FAILURES).flatMap(linesOf),
    ...(left > 0 ? [`... and ${left} more failures, see above`, ""] : []),
  ];
}

function linesOf({ suite, file, test, message }) {
  const lines = message.split("\n");
  const shown = lines.slice(0, MAX_LINES_OF_FAILURE).map((line) => `    ${line}`.trimEnd());
  const title = [suite, file, test].filter((text) => text !== "").join(" > ");
  return [`FAILED ${title}`, ...shown, ...(shown.length < lines.length ? ["    ..."] : []), ""];
}

function rowOf({ name, passed, failed, skipped, seconds, budgetSeconds, note }) {
  const overBudget = seconds > budgetSeconds ? "over budget" : "";
  return [
    name,
    failed > 0 ? "FAILED" : "ok",
    String(passed),
    String(failed),
    String(skipped),
    seconds.toFixed(1),
    String(budgetSeconds),
    [note ?? "", overBudget].filter((text) => text !== "").join("; "),
  ];
}

function pad(cell, column, widths) {
  const isText = column < 2 || column === widths.length - 1;
  return isText ? cell.padEnd(widths[column]) : cell.padStart(widths[column]);
}
