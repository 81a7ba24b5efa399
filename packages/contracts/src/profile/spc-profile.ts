import { z } from "zod";
import { dateTime } from "../record/scalar.ts";
import { alertPolicyFields, dispatchConfig, featureMap } from "./alert-config.ts";
import { verbatim } from "./verbatim.ts";

export const alertZone = z.enum(["Zone1", "Zone2", "Zone3", "Zone4", "NotApplicable"]);
export type AlertZone = z.output<typeof alertZone>;

/** Centre and control limits of one feature, in the feature's unit. */
export const spcFeature = z.looseObject({
  id: z.string(),
  center: z.number(),
  one_ucl: z.number(),
  one_lcl: z.number(),
  two_ucl: z.number(),
  two_lcl: z.number(),
  three_ucl: z.number(),
  three_lcl: z.number(),
  timestamp: dateTime,
});
export type SpcFeature = z.output<typeof spcFeature>;

export const spcAlertConfig = z.looseObject({
  /** Eight numbers: consecutive and alternating points of zones 1 to 4; 0 switches a check off. */
  rule: z.looseObject({
    rule: z.string(),
    zones_to_monitor: z.array(alertZone),
    /** What rises or falls seven times in a row in a trend: zone codes, or the points themselves; `zones` when absent. */
    trend: z.enum(["zones", "points"]).optional(),
  }),
  schedule: z.string(),
  /** Empty: all features. */
  features_to_monitor: z.array(z.string()),
  dispatch_config: dispatchConfig,
  ...alertPolicyFields,
});

/**
 * Control charts of a model's features. Kept as it came: fields that this version does not know stay, and parsing adds
 * none.
 */
export const spcProfile = verbatim(
  z.looseObject({
    features: z.record(z.string(), spcFeature),
    config: z.looseObject({
      /** Rows per subgroup, whose mean is one point of the chart. */
      sample_size: z.number().int().min(1),
      /** Without effect, here as elsewhere: every row counts. The wire requires it. */
      sample: z.boolean(),
      space: z.string(),
      name: z.string(),
      version: z.string(),
      uid: z.string(),
      alert_config: spcAlertConfig,
      feature_map: featureMap.optional(),
      drift_type: z.string().optional(),
    }),
    scouter_version: z.string(),
  }),
);
export type SpcProfile = z.output<typeof spcProfile>;
