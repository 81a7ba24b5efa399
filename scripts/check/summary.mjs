/**
 * @typedef {object} SuiteResult
 * @property {string} name
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {number} seconds
 * @property {number} budgetSeconds
 * @property {string} [note]
 */

/**
 * The table and the closing line. The last line stands alone and reads `N passed, N failed`, with `, N skipped` when
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
    ...remarks.map((remark) => `NOTE: ${remark}`),
    `total ${total("seconds").toFixed(1)} s`,
    `${total("passed")} passed, ${total("failed")} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`,
  ].join("\n");
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
