import { z } from "zod";
import { alertCondition, alertPolicyFields, dispatchConfig } from "./alert-config.ts";
import { verbatim } from "./verbatim.ts";

export const customAlertConfig = z.looseObject({
  dispatch_config: dispatchConfig,
  schedule: z.string(),
  /** By metric name. */
  alert_conditions: z.record(z.string(), alertCondition).nullish(),
  ...alertPolicyFields,
});

/**
 * Named metrics with a baseline and a condition each. Kept as it came: fields that this version does not know stay, and
 * parsing adds none.
 */
export const customProfile = verbatim(
  z.looseObject({
    config: z.looseObject({
      /** Values that a client collects before it sends their mean. */
      sample_size: z.number().int().min(1),
      space: z.string(),
      name: z.string(),
      version: z.string(),
      uid: z.string(),
      alert_config: customAlertConfig,
      drift_type: z.string().optional(),
    }),
    /** Baseline by metric name (lower case). */
    metrics: z.record(z.string(), z.number()),
    scouter_version: z.string(),
  }),
);
export type CustomProfile = z.output<typeof customProfile>;
