import type { RunComparison } from "../compare/comparison.ts";
import type { MetricRow } from "./metric-row.ts";
import { runReport, type RunReport } from "./run-report.ts";
import type { ScenarioRow } from "./scenario-row.ts";

/** Scenarios listed before the rest is only counted: a comment has a limited length. */
const SHOWN_SCENARIOS = 50;
/** Characters of a name or a sentence; a comment of GitHub holds 65,536 in all. */
const LONGEST_CELL = 300;

/** A comparison as a comment of a pull request; its answers are not needed. */
export function comparisonMarkdown(comparison: RunComparison): string {
  return markdownReport(runReport({ comparison }));
}

/** A report as a comment of a pull request: verdict, reasons, gated metrics, changed scenarios, notes, facts. */
export function markdownReport(report: RunReport): string {
  const isCompared = report.verdict !== null;
  const shown = report.scenarios.filter(
    ({ status }) => status !== "unchanged" && status !== "passed",
  );
  const gated = report.metrics.filter((metric) => metric.gated);
  const titles = isCompared
    ? ["metric", "baseline", "candidate", "change", "at worst", "p", "scenarios", "verdict"]
    : ["metric", "passed", "95 %", "scenarios"];
  return [
    `### ${report.headline}`,
    list(report.reasons),
    tableOf(titles, gated.map(isCompared ? comparedCells : ownCells)),
    tableOf(
      isCompared
        ? ["scenario", "change", "baseline", "candidate"]
        : ["scenario", "result", "passed"],
      shown.slice(0, SHOWN_SCENARIOS).map((row) => scenarioCells(row, isCompared)),
    ),
    shown.length > SHOWN_SCENARIOS ? `and ${String(shown.length - SHOWN_SCENARIOS)} more` : "",
    list(report.notes),
    factsOf(report),
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

/** A compared metric's row: name, rates with intervals, change, bound, p, scenarios, verdict. */
export function comparedCells({ id, cells }: MetricRow): readonly string[] {
  return [
    id,
    withInterval(cells.baseline, cells.baselineInterval),
    withInterval(cells.candidate, cells.candidateInterval),
    cells.change,
    cells.bound,
    cells.p,
    cells.scenarios,
    cells.verdict,
  ];
}

export function ownCells({ id, cells }: MetricRow): readonly string[] {
  return [id, cells.candidate, cells.candidateInterval, cells.scenarios];
}

/** A scenario's row: id, status, passes of repeats on both sides. */
export function scenarioCells(row: ScenarioRow, isCompared: boolean): readonly string[] {
  const { quarantine } = row;
  const held = quarantine === null ? "" : `, in quarantine until ${quarantine.expires}`;
  const before = isCompared ? [row.baseline?.passes ?? "-"] : [];
  return [row.id, row.status + held, ...before, row.candidate?.passes ?? "-"];
}

function withInterval(rate: string, interval: string): string {
  return interval === "" ? rate : `${rate} (${interval})`;
}

function factsOf({ facts, verdict }: RunReport): string {
  const rows = facts.map(({ name, baseline, candidate }) =>
    verdict === null ? [name, candidate] : [name, baseline ?? "", candidate],
  );
  const titles = verdict === null ? ["", "run"] : ["", "baseline", "candidate"];
  return `<details><summary>How it was measured</summary>\n\n${tableOf(titles, rows)}\n\n</details>`;
}

function tableOf(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(" | ")} |`;
  return [line(titles), line(titles.map(() => "---")), ...rows.map(line)].join("\n");
}

function list(sentences: readonly string[]): string {
  const shown = sentences.slice(0, SHOWN_SCENARIOS);
  const rest = sentences.length - shown.length;
  const lines = shown.map((sentence) => `- ${escaped(sentence)}`);
  return [...lines, ...(rest > 0 ? [`- and ${String(rest)} more`] : [])].join("\n");
}

/** Names come from suites: they must neither end a cell nor become markup, links or mentions. */
function escaped(text: string): string {
  const short = text.length > LONGEST_CELL ? `${text.slice(0, LONGEST_CELL)}…` : text;
  return short
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .replaceAll(/[\\|`*_~[\]<>#]/g, (mark) => (mark === "<" ? "&lt;" : `\\${mark}`))
    .replaceAll("@", "&#64;");
}
