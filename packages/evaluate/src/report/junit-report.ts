import type { RunReport } from "./run-report.ts";
import type { MetricRow } from "./metric-row.ts";
import { scenarioOutcome, scenarioTold, type TestOutcome } from "./scenario-outcome.ts";
import type { ScenarioRow } from "./scenario-row.ts";

interface TestCase {
  readonly name: string;
  readonly seconds: number;
  readonly outcome: TestOutcome | null;
  readonly told: string;
}

/**
 * A report as JUnit XML: one suite of the gated metrics, one of the scenarios. What fails there fails the build and nothing
 * else: scenarios are failures when the verdict is `fail` and they got worse, errors when it is `invalid` and they are
 * unknown; otherwise what they did is told in their output. Without a comparison a scenario that failed is a failure.
 */
export function junitReport(report: RunReport): string {
  const suites = [
    suiteOf(
      "gate",
      report.metrics.filter(({ gated }) => gated).map((own) => gateCase(own, report)),
    ),
    suiteOf(
      "scenarios",
      report.scenarios.map((own) => scenarioCase(own, report)),
    ),
  ].filter(({ cases }) => cases.length > 0);
  const all = suites.flatMap(({ cases }) => cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${attribute(report.suite)}" ${totals(all)}>`,
    ...suites.flatMap(({ name, cases }) => [
      `  <testsuite name="${attribute(`${report.suite} ${name}`)}" ${totals(cases)}>`,
      ...cases.map((own) => caseText(own, `${report.suite}.${name}`)),
      "  </testsuite>",
    ]),
    "</testsuites>",
    "",
  ].join("\n");
}

function suiteOf(name: string, cases: readonly TestCase[]) {
  return { name, cases };
}

function gateCase({ id, verdict, reason, cells }: MetricRow, report: RunReport): TestCase {
  const told =
    report.verdict === null
      ? `${cells.candidate} (${cells.candidateInterval}), ${cells.scenarios} scenarios`
      : `baseline ${cells.baseline} (${cells.baselineInterval}), candidate ${cells.candidate} (${cells.candidateInterval}), change ${cells.change}, bound ${cells.bound}, p ${cells.p}, ${cells.scenarios} scenarios`;
  const own = (element: TestOutcome["element"]): TestOutcome => ({
    element,
    message: reason ?? verdict,
    body: told,
  });
  const outcomes: Partial<Record<MetricRow["verdict"], TestOutcome>> = {
    fail: own("failure"),
    invalid: own("error"),
    incomparable: own("skipped"),
  };
  return { name: id, seconds: 0, outcome: outcomes[verdict] ?? null, told };
}

function scenarioCase(row: ScenarioRow, report: RunReport): TestCase {
  const repeats = row.candidate?.repeats ?? [];
  const seconds = repeats.reduce((sum, own) => sum + (own.duration_ms ?? 0), 0) / 1000;
  const outcome = scenarioOutcome(row, report);
  return { name: row.id, seconds, outcome, told: scenarioTold(row) };
}

function caseText({ name, seconds, outcome, told }: TestCase, className: string): string {
  const opening = `    <testcase name="${attribute(name)}" classname="${attribute(className)}" time="${seconds.toFixed(3)}">`;
  const result =
    outcome === null
      ? []
      : [
          `      <${outcome.element} message="${attribute(outcome.message)}">${content(outcome.body)}</${outcome.element}>`,
        ];
  return [
    opening,
    ...result,
    `      <system-out>${content(told)}</system-out>`,
    "    </testcase>",
  ].join("\n");
}

function totals(cases: readonly TestCase[]): string {
  const count = (element: TestOutcome["element"]) =>
    String(cases.filter(({ outcome }) => outcome?.element === element).length);
  const seconds = cases.reduce((sum, own) => sum + own.seconds, 0);
  return `tests="${String(cases.length)}" failures="${count("failure")}" errors="${count("error")}" skipped="${count("skipped")}" time="${seconds.toFixed(3)}"`;
}

function attribute(text: string): string {
  return content(text)
    .replaceAll('"', "&quot;")
    .replaceAll(/[\n\t\r]/g, " ");
}

/** XML 1.0 has no place for most control characters, not even escaped, nor for halves of surrogate pairs. */
function content(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
