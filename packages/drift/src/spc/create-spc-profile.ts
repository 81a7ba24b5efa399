import type { AlertZone, FeatureMap, SpcFeature, SpcProfile } from "@scouter/contracts";
import { errors } from "../errors.ts";
import {
  type AlertPolicy,
  alertPolicyOf,
  ownerFields,
  type ProfileOwner,
} from "../profile/profile-defaults.ts";
import { columnAsNumbers, featureMapOf } from "../table/category-codes.ts";
import { type Column, featureNames, monitoredFeatures, type Table } from "../table/column.ts";
import { type ControlLimits, controlLimits, type LimitsOf } from "./control-limits.ts";
import { DEFAULT_RULE, parseControlRule } from "./control-rule.ts";

export interface SpcAlertSettings extends AlertPolicy {
  /** Default: every feature. */
  readonly features_to_monitor?: readonly string[];
  /** Default: `8 16 4 8 2 4 1 1`. */
  readonly rule?: string;
  /** Default: zones 1 to 4. */
  readonly zones_to_monitor?: readonly AlertZone[];
  /** What a trend is looked for in: zone codes, or the points themselves. Default: `zones`. */
  readonly trend?: "zones" | "points";
}

export interface CreateSpcProfileInput extends ProfileOwner {
  /** The baseline, rows in the order in which they came about. */
  readonly table: Table;
  /** RFC 3339, kept in every feature. */
  readonly timestamp: string;
  /** Rows per subgroup, here and online; at least 2, 25 by default. */
  readonly sampleSize?: number;
  readonly limitsOf?: LimitsOf;
  readonly alert?: SpcAlertSettings;
  readonly scouterVersion: string;
}

export const DEFAULT_SAMPLE_SIZE = 25;
const ZONES: readonly AlertZone[] = ["Zone1", "Zone2", "Zone3", "Zone4"];

/**
 * Control limits of every feature of a baseline. Texts become their category's number.
 *
 * Throws DRIFT_TABLE_INVALID, DRIFT_FEATURE_UNKNOWN, DRIFT_PROFILE_NO_VALUES, DRIFT_RULE_INVALID and what a schedule
 * throws.
 */
export function createSpcProfile(input: CreateSpcProfileInput): SpcProfile {
  const { table } = input;
  const size = sampleSizeOf(input);
  const names = featureNames(table);
  const featureMap = featureMapOf(table);
  const limits = names.map((name): [string, ControlLimits] => {
    const values = columnAsNumbers(featureMap, name, table[name] as Column);
    return [name, controlLimits(name, values, size, input.limitsOf)];
  });
  return assembleSpcProfile(input, { limits: new Map(limits), featureMap });
}

/** What a profile needs besides the limits. */
export type SpcProfileSettings = Omit<CreateSpcProfileInput, "table">;

/** Throws DRIFT_TABLE_INVALID for a subgroup that has no deviation. */
export function sampleSizeOf({ sampleSize = DEFAULT_SAMPLE_SIZE }: SpcProfileSettings): number {
  if (Number.isInteger(sampleSize) && sampleSize >= 2) return sampleSize;
  const reason = `a subgroup of ${sampleSize} rows has no deviation: expected 2 or more`;
  throw errors.DRIFT_TABLE_INVALID({ reason });
}

/** A profile of limits that were made feature by feature. Throws as `createSpcProfile` does. */
export function assembleSpcProfile(
  input: SpcProfileSettings,
  made: {
    readonly limits: ReadonlyMap<string, ControlLimits>;
    readonly featureMap: FeatureMap;
  },
): SpcProfile {
  const { timestamp, alert = {} } = input;
  const { rule = DEFAULT_RULE, zones_to_monitor = ZONES, trend, ...policy } = alert;
  parseControlRule(rule);
  const names = [...made.limits.keys()].sort();
  const features = names.map((name): [string, SpcFeature] => [
    name,
    { id: name, ...(made.limits.get(name) as ControlLimits), timestamp },
  ]);
  return {
    features: Object.fromEntries(features),
    config: {
      sample_size: sampleSizeOf(input),
      sample: true,
      ...ownerFields(input),
      alert_config: {
        rule: { rule, zones_to_monitor: [...zones_to_monitor], ...(trend && { trend }) },
        ...alertPolicyOf(policy),
        features_to_monitor: [...monitoredFeatures(alert.features_to_monitor, names)],
      },
      feature_map: made.featureMap,
      drift_type: "Spc",
    },
    scouter_version: input.scouterVersion,
  };
}
