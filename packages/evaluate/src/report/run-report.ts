import type { RunDocument, RunScenario } from "@scouter/contracts";
import { mean } from "@scouter/stats";
import { comparedRun } from "../compare/compared-run.ts";
import type { ComparedRun, CompareVerdict, RunComparison } from "../compare/comparison.ts";
import { metricsOf } from "../compare/metric.ts";
import { rateInterval } from "../compare/metric-statistics.ts";
import { takesPart, tallyOf } from "../compare/observation.ts";
import { percent } from "../compare/percent.ts";
import { type MetricRow, metricRow } from "./metric-row.ts";
import { reportFacts, type ReportFact } from "./report-facts.ts";
import { byStatus, comparedRows, rowAlone, type ScenarioRow } from "./scenario-row.ts";

/** A run, a comparison, or a comparison with its runs: only these have the answers, to show them side by side. */
export type ReportInput =
  | { readonly candidate: RunDocument; readonly comparison?: undefined }
  | {
      readonly comparison: RunComparison;
      readonly candidate?: RunDocument | undefined;
      readonly baseline?: RunDocument | undefined;
    };

/** Everything that reports say, worded once: the outputs differ in form, never in numbers. */
export interface RunReport {
  readonly title: string;
  readonly suite: string;
  /** Null when nothing was compared. */
  readonly verdict: CompareVerdict | null;
  readonly headline: string;
  readonly reasons: readonly string[];
  readonly notes: readonly string[];
  readonly metrics: readonly MetricRow[];
  readonly scenarios: readonly ScenarioRow[];
  readonly facts: readonly ReportFact[];
}

const HEADLINES: Readonly<Record<CompareVerdict, string>> = {
  fail: "Regression",
  "non-inferior": "No worse than the baseline",
  "no-regression-found": "No regression found",
  invalid: "No verdict: too little is known",
};

export function runReport(input: ReportInput): RunReport {
  if (input.comparison === undefined) {
    const { candidate } = input;
    const own = comparedRun(candidate);
    return {
      title: `${own.suite}: results`,
      suite: own.suite,
      verdict: null,
      headline: headlineOf(own),
      reasons: [],
      notes: [],
      metrics: ownMetrics(candidate),
      scenarios: candidate.scenarios.map(rowAlone).toSorted(byStatus),
      facts: reportFacts(own, undefined),
    };
  }
  const { comparison, baseline, candidate } = input;
  return {
    title: `${comparison.candidate.suite}: comparison`,
    suite: comparison.candidate.suite,
    verdict: comparison.verdict,
    headline: HEADLINES[comparison.verdict],
    reasons: comparison.reasons,
    notes: comparison.notes,
    metrics: comparison.metrics.map(metricRow),
    scenarios: comparedRows(comparison, baseline, candidate).toSorted(byStatus),
    facts: reportFacts(comparison.candidate, comparison),
  };
}

function headlineOf({ flakiness }: ComparedRun): string {
  const always = Math.round((flakiness.passedAlways ?? 0) * flakiness.scenarios);
  return `${String(always)} of ${String(flakiness.scenarios)} scenarios passed in every repeat`;
}

/** The pass rates of one run alone. */
function ownMetrics(run: RunDocument): readonly MetricRow[] {
  return metricsOf(run).flatMap((metric): MetricRow[] => {
    const tallies = run.scenarios
      .filter((scenario: RunScenario) => takesPart(scenario, metric.part))
      .map((scenario) => tallyOf(scenario, metric.part));
    const known = tallies.filter(({ runs }) => runs > 0);
    const missing = tallies.reduce((sum, own) => sum + own.missing, 0);
    if (known.length === 0 && missing === 0) return [];
    const rate = known.length === 0 ? null : mean(known.map(({ passed, runs }) => passed / runs));
    const interval = rate === null ? null : rateInterval(rate, known.length);
    return [
      {
        id: metric.id,
        gated: metric.kind !== "task",
        verdict: "shown",
        cells: {
          baseline: "-",
          candidate: rate === null ? "-" : percent(rate),
          candidateInterval: interval === null ? "" : between(interval),
          baselineInterval: "",
          change: "-",
          bound: "-",
          p: "-",
          scenarios: String(known.length),
          missing: String(missing),
          verdict: "-",
        },
        reason: null,
        baseline: null,
        candidate: rate === null || interval === null ? null : { rate, ...interval },
      },
    ];
  });
}

function between({ lower, upper }: { readonly lower: number; readonly upper: number }): string {
  return `${percent(lower)} to ${percent(upper)}`;
}
