import type { CustomProfile } from "@scouter/contracts";
import { isolated, type NotMeasured } from "../check/status.ts";
import { checkMetric, type MetricMeasure } from "./check-metric.ts";
import type { Tally } from "./tally.ts";
import { ownValue } from "../table/own-value.ts";

export type MetricResult = { readonly metric: string } & (MetricMeasure | NotMeasured);

export interface CustomCheck {
  /** Every metric of the profile, sorted by name. */
  readonly metrics: readonly MetricResult[];
}

/** Checks the metrics of a window, each by itself. A metric without observations is `no-data`. */
export function checkCustom(
  profile: CustomProfile,
  tallies: ReadonlyMap<string, Tally>,
): CustomCheck {
  const { alert_conditions: conditions } = profile.config.alert_config;
  const names = new Set([...Object.keys(profile.metrics), ...Object.keys(conditions ?? {})]);
  const metrics = [...names].sort().map((metric) => ({
    metric,
    ...isolated(() => checkMetric(metric, tallies.get(metric), ownValue(conditions, metric))),
  }));
  return { metrics };
}
