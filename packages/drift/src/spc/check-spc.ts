import type { SpcProfile } from "@scouter/contracts";
import { isolated, type NotMeasured } from "../check/status.ts";
import { errors } from "../errors.ts";
import type { ControlLimits } from "./control-limits.ts";
import { type ControlRule, parseControlRule } from "./control-rule.ts";
import { evaluateRule, type SpcAlert } from "./evaluate-rule.ts";
import { zoneCode } from "./zone-code.ts";
import { ownValue } from "../table/own-value.ts";

/** Points of one feature: means of subgroups, in the order of time. */
export interface SpcPoints {
  readonly window: readonly number[];
  /** The last points before the window (see `lookBackPoints`), so that a run across its border is seen. */
  readonly before?: readonly number[];
}

export interface SpcMeasure {
  readonly status: "ok" | "alert";
  /** Finite points of the window. */
  readonly points: number;
  /** Of those points: one figure for the window, on which no rule is judged. */
  readonly mean: number;
  /** Points that were not finite, and were left out. */
  readonly leftOut: number;
  /** Zone codes of the window, in the order of time. */
  readonly codes: readonly number[];
  readonly alerts: readonly SpcAlert[];
}

export type SpcFeatureResult = { readonly feature: string } & (SpcMeasure | NotMeasured);

export interface SpcCheck {
  /** Sorted by feature name. */
  readonly features: readonly SpcFeatureResult[];
}

/**
 * Checks the points of a window against a profile's control limits, each feature by itself. Monitored are
 * `features_to_monitor`, or all features when that is empty. Throws DRIFT_RULE_INVALID when the rule cannot be read.
 */
export function checkSpc(profile: SpcProfile, points: ReadonlyMap<string, SpcPoints>): SpcCheck {
  const { alert_config } = profile.config;
  const rule = parseControlRule(alert_config.rule.rule);
  const all = Object.keys(profile.features);
  const asked = alert_config.features_to_monitor;
  const names = [...new Set(asked.length === 0 ? all : asked)].sort();
  const features = names.map((feature) => ({
    feature,
    ...isolated(() => checkFeaturePoints(profile, rule, feature, points.get(feature))),
  }));
  return { features };
}

function checkFeaturePoints(
  profile: SpcProfile,
  rule: ControlRule,
  feature: string,
  points: SpcPoints | undefined,
): SpcMeasure | NotMeasured {
  const limits = limitsOf(profile, feature);
  const window = (points?.window ?? []).filter(Number.isFinite);
  if (window.length === 0) return { status: "no-data" };
  const before = (points?.before ?? []).filter(Number.isFinite);
  const values = [...before, ...window];
  const codes = values.map((value) => zoneCode(value, limits));
  const { zones_to_monitor: zonesToMonitor, trend } = profile.config.alert_config.rule;
  const alerts = evaluateRule({
    codes,
    rule,
    zonesToMonitor,
    ...(trend === "points" && { trendIn: values }),
    from: before.length,
  });
  return {
    status: alerts.length > 0 ? "alert" : "ok",
    points: window.length,
    mean: meanOf(window),
    leftOut: (points?.window.length ?? 0) - window.length,
    codes: codes.slice(before.length),
    alerts,
  };
}

/** Step by step, so that large values do not add up past a double's range. */
function meanOf(values: readonly number[]): number {
  let mean = 0;
  for (const [index, value] of values.entries()) {
    const count = index + 1;
    mean += value / count - mean / count;
  }
  return mean;
}

function limitsOf(profile: SpcProfile, feature: string): ControlLimits {
  const limits = ownValue(profile.features, feature);
  if (limits !== undefined) return limits;
  const available = Object.keys(profile.features).sort();
  throw errors.DRIFT_FEATURE_UNKNOWN({ feature, where: "features_to_monitor", available });
}
