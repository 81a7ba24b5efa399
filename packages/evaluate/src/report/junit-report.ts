import type { RunReport } from "./run-report.ts";
import type { MetricRow } from "./metric-row.ts";
import type { ScenarioRow } from "./scenario-row.ts";

/** A test case's outcome, as JUnit names it. */
interface Outcome {
  readonly element: "failure" | "error" | "skipped";
  readonly message: string;
  readonly body: string;
}

interface TestCase {
  readonly name: string;
  readonly seconds: number;
  readonly outcome: Outcome | null;
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
  const own = (element: Outcome["element"]): Outcome => ({
    element,
    message: reason ?? verdict,
    body: told,
  });
  const outcomes: Partial<Record<MetricRow["verdict"], Outcome>> = {
    fail: own("failure"),
    invalid: own("error"),
    incomparable: own("skipped"),
  };
  return { name: id, seconds: 0, outcome: outcomes[verdict] ?? null, told };
}

function scenarioCase(row: ScenarioRow, report: RunReport): TestCase {
  const told = [
    ...(row.baseline === null ? [] : [`baseline ${row.baseline.passes}`]),
    row.candidate === null ? "not in the candidate" : `passed ${row.candidate.passes}`,
    ...problemsOf(row),
  ].join("\n");
  const repeats = row.candidate?.repeats ?? [];
  const seconds = repeats.reduce((sum, own) => sum + (own.duration_ms ?? 0), 0) / 1000;
  return { name: row.id, seconds, outcome: outcomeOf(row, report, told), told };
}

function outcomeOf(row: ScenarioRow, { verdict }: RunReport, body: string): Outcome | null {
  const { quarantine, status } = row;
  if (quarantine !== null) {
    const message = `in quarantine until ${quarantine.expires} (${quarantine.owner})`;
    return { element: "skipped", message, body };
  }
  const passes = row.candidate?.passes ?? "none";
  if (verdict === null) {
    if (status === "failed" || status === "flaky") {
      return { element: "failure", message: `passed ${passes}`, body };
    }
    return status === "error" ? { element: "error", message: "no outcome", body } : null;
  }
  if (verdict === "fail" && (status === "removed" || isWorse(row))) {
    const before = row.baseline?.passes ?? "-";
    return { element: "failure", message: `passed ${before} before, now ${passes}`, body };
  }
  if (verdict === "invalid" && status === "error") {
    return { element: "error", message: "no outcome is known", body };
  }
  return null;
}

function isWorse({ status, baseline, candidate }: ScenarioRow): boolean {
  if (status === "changed" || baseline === null || candidate === null) return false;
  const [before, after] = [baseline.tally, candidate.tally];
  return after.passed * before.runs < before.passed * after.runs;
}

/** What went wrong, repeat by repeat. */
function problemsOf({ candidate }: ScenarioRow): readonly string[] {
  return (candidate?.repeats ?? []).flatMap((repeat, index) => {
    const where = `repeat ${String(index + 1)}`;
    const own =
      repeat.outcome === "errored"
        ? [`${where}: error of the ${repeat.error_source ?? "agent"}: ${repeat.error ?? ""}`]
        : [];
    const aliases = Object.entries(repeat.aliases).map(
      ([alias, { tasks }]) => [`${alias}/`, tasks] as const,
    );
    const failed = [["", repeat.tasks] as const, ...aliases].flatMap(([prefix, tasks]) =>
      Object.entries(tasks)
        .filter(
          ([, { outcome, gate }]) => gate !== true && outcome !== "passed" && outcome !== "skipped",
        )
        .map(([task, { outcome, message, error }]) => {
          const why = message ?? error;
          return `${where}: ${prefix}${task} ${outcome}${why === undefined ? "" : `: ${why}`}`;
        }),
    );
    return [...own, ...failed];
  });
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
  const count = (element: Outcome["element"]) =>
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
