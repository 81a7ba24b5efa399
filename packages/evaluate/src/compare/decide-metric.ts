import type { MeasuredMetric } from "./measured-metric.ts";
import type { CompareOptions } from "./compare-options.ts";
import type { MetricComparison } from "./comparison.ts";
import type { MetricStatistics } from "./metric-statistics.ts";
import { percent, points, probability } from "./percent.ts";
import { RATE_ROUNDING } from "./workflow-comparison.ts";

type Decision = Pick<MetricComparison, "verdict" | "reason">;

/** What the rules say about one metric. Strict mode judges scenarios, not metrics. */
export function decideMetric(measured: MeasuredMetric, options: CompareOptions): Decision {
  const { gated, obstacle, outcomes, statistics } = measured;
  if (obstacle !== undefined) return { verdict: "incomparable", reason: obstacle };
  if (!gated) return { verdict: "shown", reason: null };
  if (outcomes.missingShare > options.maxMissing) {
    const share = percent(outcomes.missingShare);
    const allowed = percent(options.maxMissing);
    return {
      verdict: "invalid",
      reason: `${share} of the outcomes are missing: at most ${allowed} may`,
    };
  }
  if (statistics === undefined) {
    return { verdict: "incomparable", reason: "no scenario has outcomes in both runs" };
  }
  if (options.mode === "statistical") return decideByTest(measured, statistics, options);
  if (options.mode === "threshold") return decideByThreshold(measured, statistics, options);
  return { verdict: "no-regression-found", reason: null };
}

function decideByTest(
  { adjustedPValue = 1 }: MeasuredMetric,
  { baselineRate, candidateRate, change, lowerBound }: MetricStatistics,
  { alpha, regressionThreshold }: CompareOptions,
): Decision {
  const isLarge = -change > regressionThreshold + RATE_ROUNDING;
  if (adjustedPValue <= alpha && isLarge) {
    return {
      verdict: "fail",
      reason: `${fall(baselineRate, candidateRate)}, p ${probability(adjustedPValue)}`,
    };
  }
  if (lowerBound !== null && lowerBound > -regressionThreshold) {
    const bound = points(lowerBound);
    return {
      verdict: "non-inferior",
      reason: `the change is above ${bound} with ${percent(1 - alpha)} confidence`,
    };
  }
  if (!isLarge) return { verdict: "no-regression-found", reason: null };
  const reason = `${fall(baselineRate, candidateRate)}, which chance explains (p ${probability(adjustedPValue)})`;
  return { verdict: "no-regression-found", reason };
}

/** An alias falls by its counted tasks, as far as it has any. */
function decideByThreshold(
  { workflows }: MeasuredMetric,
  { baselineRate, candidateRate }: MetricStatistics,
  { regressionThreshold }: CompareOptions,
): Decision {
  const before = workflows?.baselineRate ?? baselineRate;
  const after = workflows?.candidateRate ?? candidateRate;
  if (before - after > regressionThreshold + RATE_ROUNDING) {
    return { verdict: "fail", reason: fall(before, after) };
  }
  return { verdict: "no-regression-found", reason: null };
}

function fall(before: number, after: number): string {
  return `pass rate fell from ${percent(before)} to ${percent(after)} (${points(after - before)})`;
}
