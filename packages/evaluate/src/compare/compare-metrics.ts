import type { RunDocument } from "@scouter/contracts";
import { holm } from "@scouter/stats";
import type { CompareOptions } from "./compare-options.ts";
import type { MetricComparison } from "./comparison.ts";
import type { ScenarioMatch } from "./match-scenarios.ts";
import { isNamed, metricsOf } from "./metric.ts";
import type { MeasuredMetric } from "./measured-metric.ts";
import { incomparability, pairMetric } from "./metric-pairs.ts";
import { detectableDropOf, metricStatistics } from "./metric-statistics.ts";
import { decideMetric } from "./decide-metric.ts";
import type { WorkflowComparison } from "./workflow-comparison.ts";

export function compareMetrics(
  runs: { readonly baseline: RunDocument; readonly candidate: RunDocument },
  judged: readonly ScenarioMatch[],
  workflows: readonly WorkflowComparison[],
  options: CompareOptions,
): readonly MetricComparison[] {
  const measured = metricsOf(runs.baseline, runs.candidate).map((metric): MeasuredMetric => {
    const outcomes = pairMetric(metric, judged, runs.candidate);
    const { pairs } = outcomes;
    const gated = metric.kind !== "task" || options.gate.some((name) => isNamed(metric, name));
    return {
      metric,
      gated,
      obstacle: incomparability(metric, runs.baseline, runs.candidate),
      outcomes,
      statistics: pairs.length === 0 ? undefined : metricStatistics(pairs, options, gated),
      adjustedPValue: undefined,
      workflows: workflows.find(({ alias }) => metric.kind === "alias" && alias === metric.alias),
    };
  });
  const family = measured.filter(isTested);
  const adjusted = holm(family.map(({ statistics }) => statistics?.permutation.p ?? 1));
  return measured.map((own) => {
    const adjustedPValue = adjusted[family.indexOf(own)];
    return comparisonOf({ ...own, adjustedPValue }, options, family.length);
  });
}

/** Gated, comparable and with something to compare: what Holm corrects for. */
function isTested({ gated, obstacle, statistics }: MeasuredMetric): boolean {
  return gated && obstacle === undefined && statistics !== undefined;
}

function comparisonOf(
  measured: MeasuredMetric,
  options: CompareOptions,
  familySize: number,
): MetricComparison {
  const { metric, gated, outcomes, statistics, adjustedPValue } = measured;
  return {
    id: metric.id,
    kind: metric.kind,
    gated,
    ...decideMetric(measured, options),
    scenarios: outcomes.pairs.length,
    missing: outcomes.missing,
    missingShare: outcomes.missingShare,
    skipped: outcomes.skipped,
    baselineRate: statistics?.baselineRate ?? null,
    baselineInterval: statistics?.baselineInterval ?? null,
    candidateRate: statistics?.candidateRate ?? null,
    candidateInterval: statistics?.candidateInterval ?? null,
    change: statistics?.change ?? null,
    pValue: statistics?.permutation.p ?? null,
    adjustedPValue: adjustedPValue ?? null,
    lowerBound: statistics?.lowerBound ?? null,
    detectableDrop:
      statistics === undefined
        ? null
        : detectableDropOf(outcomes.pairs, statistics, options, familySize),
  };
}
