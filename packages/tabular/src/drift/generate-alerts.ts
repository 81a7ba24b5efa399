import type { AlertZone } from "@scouter/contracts";
import { evaluateRule, parseControlRule, type SpcAlert } from "@scouter/drift";
import { errors } from "../errors.ts";

/** The wire's form: every feature has an entry, possibly without alerts. */
export interface SpcFeatureAlerts {
  readonly features: Readonly<
    Record<string, { readonly feature: string; readonly alerts: readonly SpcAlert[] }>
  >;
  readonly has_alerts: boolean;
}

export interface SpcAlertRule {
  readonly rule: string;
  readonly zones_to_monitor: readonly AlertZone[];
}

/**
 * What a control chart's rule finds in zone codes: one row for each point in the order of time, one column for each
 * feature, as `computeDrift` gives them feature by feature. Throws DRIFT_RULE_INVALID, TABULAR_INPUT_INVALID for rows of
 * another width or codes that are none.
 */
export function generateAlerts(
  codes: readonly (readonly number[])[],
  features: readonly string[],
  { rule, zones_to_monitor: zonesToMonitor }: SpcAlertRule,
): SpcFeatureAlerts {
  const parsed = parseControlRule(rule);
  const odd = codes.findIndex((row) => row.length !== features.length);
  if (odd >= 0) {
    const reason = `point ${odd} has ${codes[odd]?.length} codes for ${features.length} features`;
    throw errors.TABULAR_INPUT_INVALID({ reason });
  }
  const wrong = codes.flat().find((code) => !(Math.abs(code) <= 4));
  if (wrong !== undefined) {
    const reason = `${wrong} is no zone code: expected a number of -4 to 4`;
    throw errors.TABULAR_INPUT_INVALID({ reason });
  }
  const entries = features.map((feature, column) => {
    const own = codes.map((row) => row[column] as number);
    const alerts = evaluateRule({ codes: own, rule: parsed, zonesToMonitor });
    return [feature, { feature, alerts }] as const;
  });
  return {
    features: Object.fromEntries(entries),
    has_alerts: entries.some(([, { alerts }]) => alerts.length > 0),
  };
}
