import type { DemoReport } from "@scouter/example-support-agent";
import type { Summary } from "@scouter/sdk";
import type { RunFigures } from "./run-figures.ts";
import { type StoredRun, verdictOf } from "./stored-run.ts";

export interface Check {
  readonly what: string;
  readonly expected: number | string;
  readonly found: number | string | null;
  readonly holds: boolean;
}

export interface CheckedRun {
  readonly report: DemoReport;
  readonly stored: StoredRun;
  readonly figures: RunFigures;
  /** The server's summary right before and right after the run; nobody else sends meanwhile. */
  readonly before: Summary;
  readonly after: Summary;
}

/** Compares what the demo sent with what the server holds, and the server's summary with its own details. */
export function checkRun(run: CheckedRun): readonly Check[] {
  const { report, stored, figures, before, after } = run;
  const verdict = verdictOf(after, report.profile.uid);
  const { passRate } = figures;
  return [
    equal("records acknowledged", report.recordsOffered, report.acknowledged),
    equal("spans readable in the traces of this run", report.spansExported, figures.spans),
    equal("spans stored more than once", 0, stored.repeatedSpans),
    equal("traces readable", report.answers.length, figures.traces),
    equal("records evaluated", report.acknowledged, figures.recordsEvaluated),
    equal("records evaluated more than once", 0, stored.repeatedRecords),
    equal("spans that the summary gained", report.spansExported, after.spans - before.spans),
    equal("traces that the summary gained", report.answers.length, after.traces - before.traces),
    equal("records of the profile in the summary", report.acknowledged, verdict?.records_evaluated),
    equal("pass rate of the profile in the summary", passRate ?? "none", verdict?.pass_rate),
    equal(
      "skipped tasks of the profile in the summary",
      figures.tasksSkipped,
      verdict?.tasks.skipped,
    ),
    {
      what: "pass rate",
      expected: "between 0 and 1, bounds excluded",
      found: passRate,
      holds: passRate !== null && passRate > 0 && passRate < 1,
    },
    atLeast("tasks skipped by a gate", 1, figures.tasksSkipped),
  ];
}

/** Rates are quotients of the same counts, formed in two places: a billionth apart is the same. */
const RATE_TOLERANCE = 1e-9;

export function equal(
  what: string,
  expected: number | string,
  found: number | string | null | undefined,
): Check {
  const near =
    typeof expected === "number" &&
    typeof found === "number" &&
    Math.abs(expected - found) <= RATE_TOLERANCE;
  return { what, expected, found: found ?? null, holds: near || expected === found };
}

export function atLeast(what: string, minimum: number, found: number): Check {
  return { what, expected: `${String(minimum)} at least`, found, holds: found >= minimum };
}

export function describeCheck({ what, expected, found }: Check): string {
  return `${what}: expected ${String(expected)}, found ${String(found ?? "nothing")}`;
}
