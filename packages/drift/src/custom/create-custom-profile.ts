import type { AlertCondition, AlertThreshold, CustomProfile } from "@scouter/contracts";
import { errors } from "../errors.ts";
import {
  type AlertPolicy,
  alertPolicyOf,
  ownerFields,
  type ProfileOwner,
} from "../profile/profile-defaults.ts";
import { conditionProblem } from "./alert-condition.ts";

export interface CustomMetric {
  /** Lower-cased, as the wire has it. */
  readonly name: string;
  readonly baseline: number;
  readonly threshold: AlertThreshold;
  /** In the metric's own unit, 0 or more; none: any difference in the threshold's direction. */
  readonly delta?: number;
}

export interface CreateCustomProfileInput extends ProfileOwner {
  readonly metrics: readonly CustomMetric[];
  /** Values that a client collects before it sends; 25 by default. */
  readonly sampleSize?: number;
  readonly alert?: AlertPolicy;
  readonly scouterVersion: string;
}

/** Throws DRIFT_METRICS_MISSING, DRIFT_CONDITION_INVALID (also for two metrics of one name), or what a schedule throws. */
export function createCustomProfile(input: CreateCustomProfileInput): CustomProfile {
  if (input.metrics.length === 0) throw errors.DRIFT_METRICS_MISSING({});
  const conditions = new Map<string, AlertCondition>();
  for (const { name, baseline, threshold, delta = null } of input.metrics) {
    const metric = name.toLowerCase();
    const condition = { baseline_value: baseline, alert_threshold: threshold, delta };
    const reason = conditions.has(metric)
      ? "the name is taken by another metric"
      : conditionProblem(condition);
    if (reason !== undefined) throw errors.DRIFT_CONDITION_INVALID({ metric, reason });
    conditions.set(metric, condition);
  }
  const baselines = [...conditions].map(([name, condition]): [string, number] => [
    name,
    condition.baseline_value,
  ]);
  return {
    config: {
      sample_size: input.sampleSize ?? 25,
      ...ownerFields(input),
      alert_config: {
        ...alertPolicyOf(input.alert ?? {}),
        alert_conditions: Object.fromEntries(conditions),
      },
      drift_type: "Custom",
    },
    metrics: Object.fromEntries(baselines),
    scouter_version: input.scouterVersion,
  };
}
