import type { AlertCondition } from "@scouter/contracts";

/**
 * Whether an observed figure alerts. Above: more than baseline + delta. Below: less than baseline - delta. Outside:
 * either; without a delta, any difference. All comparisons are strict. NaN never alerts: callers tell it as an error.
 */
export function conditionAlerts(condition: AlertCondition, observed: number): boolean {
  const { baseline_value: baseline, alert_threshold: threshold } = condition;
  const delta = condition.delta ?? 0;
  const above = observed > baseline + delta;
  const below = observed < baseline - delta;
  if (threshold === "Above") return above;
  return threshold === "Below" ? below : above || below;
}

/** What is wrong with a condition, if anything. */
export function conditionProblem({ baseline_value, delta }: AlertCondition): string | undefined {
  if (!Number.isFinite(baseline_value)) return `baseline ${baseline_value} is not finite`;
  if (delta === null || delta === undefined || (Number.isFinite(delta) && delta >= 0)) {
    return undefined;
  }
  return `delta ${delta} is not a number of 0 or more`;
}

/** Beyond these a figure alerts; null on a side that never does. */
export interface ConditionLimits {
  readonly lower: number | null;
  readonly upper: number | null;
}

export function conditionLimits(condition: AlertCondition): ConditionLimits {
  const { baseline_value: baseline, alert_threshold: threshold } = condition;
  const delta = condition.delta ?? 0;
  return {
    lower: threshold === "Above" ? null : baseline - delta,
    upper: threshold === "Below" ? null : baseline + delta,
  };
}
