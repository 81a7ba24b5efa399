import { z } from "zod";
import { alertThreshold } from "./alert-config.ts";
import { alertZone } from "./spc-profile.ts";

export const spcAlertKind = z.enum([
  "OutOfBounds",
  "Consecutive",
  "Alternating",
  "AllGood",
  "Trend",
]);
export type SpcAlertKind = z.output<typeof spcAlertKind>;

/** A figure that left the range its condition allows. */
export const comparisonMetricAlert = z.looseObject({
  metric_name: z.string(),
  baseline_value: z.number(),
  observed_value: z.number(),
  delta: z.number().nullable(),
  alert_threshold: alertThreshold,
});
export type ComparisonMetricAlert = z.output<typeof comparisonMetricAlert>;

export const psiFeatureAlert = z.looseObject({
  feature: z.string(),
  drift: z.number(),
  threshold: z.number(),
});
export type PsiFeatureAlert = z.output<typeof psiFeatureAlert>;

export const spcAlertEntry = z.looseObject({
  feature: z.string(),
  kind: spcAlertKind,
  zone: alertZone,
});
export type SpcAlertEntry = z.output<typeof spcAlertEntry>;

/** What an alert row says. Externally tagged: exactly one key. */
export const alertMap = z.union([
  z.strictObject({ Psi: psiFeatureAlert }),
  z.strictObject({ Spc: spcAlertEntry }),
  z.strictObject({ Custom: comparisonMetricAlert }),
  z.strictObject({ Agent: comparisonMetricAlert }),
  z.literal("None"),
]);
export type AlertMap = z.output<typeof alertMap>;
