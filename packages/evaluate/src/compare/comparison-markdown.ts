import type { CompareVerdict, MetricComparison, RunComparison } from "./comparison.ts";
import { percent, points, probability } from "./percent.ts";
import type { ScenarioChange } from "./scenario-change.ts";

const TITLES: Readonly<Record<CompareVerdict, string>> = {
  fail: "Regression",
  "non-inferior": "No worse than the baseline",
  "no-regression-found": "No regression found",
  invalid: "No verdict: too little is known",
};

/** Scenarios listed before the rest is only counted: a comment has a limited length. */
const SHOWN_SCENARIOS = 50;

/** A comparison as a comment of a pull request: verdict, reasons, gated metrics, changed scenarios, notes. */
export function comparisonMarkdown(comparison: RunComparison): string {
  const changed = comparison.scenarios.filter(({ status }) => status !== "unchanged");
  const gated = comparison.metrics.filter((metric) => metric.gated);
  return [
    `### ${TITLES[comparison.verdict]}`,
    list(comparison.reasons),
    tableOf(
      ["metric", "baseline", "candidate", "change", "p", "scenarios", "verdict"],
      gated.map(metricCells),
    ),
    tableOf(
      ["scenario", "change", "baseline", "candidate"],
      changed.slice(0, SHOWN_SCENARIOS).map(scenarioCells),
    ),
    changed.length > SHOWN_SCENARIOS ? `and ${changed.length - SHOWN_SCENARIOS} more` : "",
    list(comparison.notes),
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

/** A metric's row, the same in every output: name, rates, change, p after Holm, scenarios, verdict. */
export function metricCells(metric: MetricComparison): readonly string[] {
  const { baselineRate, baselineInterval, candidateRate, change, scenarios } = metric;
  const interval =
    baselineInterval === null
      ? ""
      : ` (${percent(baselineInterval.lower)} to ${percent(baselineInterval.upper)})`;
  const p = metric.adjustedPValue ?? metric.pValue;
  return [
    metric.id,
    baselineRate === null ? "-" : percent(baselineRate) + interval,
    candidateRate === null ? "-" : percent(candidateRate),
    change === null ? "-" : points(change),
    p === null ? "-" : probability(p),
    String(scenarios),
    metric.verdict,
  ];
}

/** A scenario's row, the same in every output: id, status, passes of repeats on both sides. */
export function scenarioCells(change: ScenarioChange): readonly string[] {
  const passes = (own: ScenarioChange["candidate"]) =>
    own === null
      ? "-"
      : `${own.passed}/${own.runs}${own.missing > 0 ? ` (${own.missing} missing)` : ""}`;
  const held =
    change.quarantine === null ? "" : `, in quarantine until ${change.quarantine.expires}`;
  return [change.scenario, change.status + held, passes(change.baseline), passes(change.candidate)];
}

function tableOf(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(" | ")} |`;
  return [line(titles), line(titles.map(() => "---")), ...rows.map(line)].join("\n");
}

function list(sentences: readonly string[]): string {
  return sentences.map((sentence) => `- ${escaped(sentence)}`).join("\n");
}

/** Names come from suites: they must neither end a cell nor become markup, links or mentions. */
function escaped(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .replaceAll(/[\\|`*_~[\]<>#]/g, (mark) => (mark === "<" ? "&lt;" : `\\${mark}`))
    .replaceAll("@", "&#64;");
}
