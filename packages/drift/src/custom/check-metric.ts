import type { AlertCondition } from "@scouter/contracts";
import type { NotMeasured } from "../check/status.ts";
import { errors } from "../errors.ts";
import { conditionAlerts, conditionProblem } from "./alert-condition.ts";
import type { Tally } from "./tally.ts";

export interface MetricMeasure {
  readonly status: "ok" | "alert";
  /** Mean of all observations of the window. */
  readonly observed: number;
  readonly count: number;
  /** Undefined when the profile sets none: the metric is observed only. */
  readonly condition: AlertCondition | undefined;
}

/** One figure of a window against its condition. Throws DRIFT_CONDITION_INVALID or DRIFT_OBSERVATION_INVALID. */
export function checkMetric(
  metric: string,
  tally: Tally | undefined,
  condition: AlertCondition | undefined,
): MetricMeasure | NotMeasured {
  if (condition !== undefined) {
    const reason = conditionProblem(condition);
    if (reason !== undefined) throw errors.DRIFT_CONDITION_INVALID({ metric, reason });
  }
  if (tally === undefined || tally.count === 0) return { status: "no-data" };
  const observed = tally.sum / tally.count;
  if (!Number.isFinite(observed)) {
    const reason = `their mean is ${observed}, sum ${tally.sum} of ${tally.count}`;
    throw errors.DRIFT_OBSERVATION_INVALID({ name: metric, reason });
  }
  const alerts = condition !== undefined && conditionAlerts(condition, observed);
  return { status: alerts ? "alert" : "ok", observed, count: tally.count, condition };
}
