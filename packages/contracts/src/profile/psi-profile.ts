import { z } from "zod";
import { dateTime, int32 } from "../record/scalar.ts";
import { alertPolicyFields, dispatchConfig, featureMap } from "./alert-config.ts";
import { verbatim } from "./verbatim.ts";

/** A bin's limit: a number, `"inf"` or `"-inf"` (JSON has no infinity), numeric text, or null for a category. */
export const binLimit = z.union([
  z.number(),
  z.null(),
  z.string().refine((text) => /^[+-]?inf$/.test(text) || isNumeric(text), {
    error: "expected a number, 'inf', '-inf' or null",
  }),
]);
export type BinLimit = z.output<typeof binLimit>;

const isNumeric = (text: string) => text.trim() !== "" && Number.isFinite(Number(text));

/** One bin: it holds lower_limit < value <= upper_limit, or the category whose code is its id. */
export const psiBin = z.looseObject({
  id: int32,
  lower_limit: binLimit,
  upper_limit: binLimit,
  /** Share of the baseline, 0..1. */
  proportion: z.number().min(0).max(1),
});
export type PsiBin = z.output<typeof psiBin>;

export const psiFeature = z.looseObject({
  id: z.string(),
  bins: z.array(psiBin),
  timestamp: dateTime,
  bin_type: z.enum(["Numeric", "Category"]),
  /** Values of the baseline that the proportions are shares of; without it the alarm rate cannot be kept. */
  baseline_count: z.number().int().min(1).optional(),
});
export type PsiFeature = z.output<typeof psiFeature>;

const alpha = z.number().min(0).lt(1);
export const psiThreshold = z.union(
  [
    z.strictObject({ Normal: z.looseObject({ alpha }) }),
    z.strictObject({ ChiSquare: z.looseObject({ alpha }) }),
    z.strictObject({ Fixed: z.looseObject({ threshold: z.number().min(0) }) }),
  ],
  {
    error:
      'expected {"Normal": {alpha}}, {"ChiSquare": {alpha}} with 0 <= alpha < 1, or {"Fixed": {threshold}} of 0 or more',
  },
);
export type PsiThreshold = z.output<typeof psiThreshold>;

const unit = z.null();
const equalWidthMethod = z.union([
  z.strictObject({ Manual: z.looseObject({ num_bins: z.number().int() }) }),
  z.strictObject({ SquareRoot: unit }),
  z.strictObject({ Sturges: unit }),
  z.strictObject({ Rice: unit }),
  z.strictObject({ Doane: unit }),
  z.strictObject({ Scott: unit }),
  z.strictObject({ TerrellScott: unit }),
  z.strictObject({ FreedmanDiaconis: unit }),
]);

export const binningStrategy = z.union(
  [
    z.strictObject({ QuantileBinning: z.looseObject({ num_bins: z.number().int() }) }),
    z.strictObject({ EqualWidthBinning: z.looseObject({ method: equalWidthMethod }) }),
  ],
  { error: 'expected {"QuantileBinning": {num_bins}} or {"EqualWidthBinning": {method}}' },
);
export type BinningStrategy = z.output<typeof binningStrategy>;

export const psiAlertConfig = z.looseObject({
  schedule: z.string(),
  features_to_monitor: z.array(z.string()),
  dispatch_config: dispatchConfig,
  threshold: psiThreshold,
  /** How the threshold's alpha is used: as the reference does, or so that it is the rate of false alarms. */
  form: z.enum(["reference", "calibrated"]).optional(),
  /** A shift with a smaller index never alerts, however certain it is. */
  min_effect: z.number().min(0).optional(),
  /** Over the features of one window: Benjamini-Hochberg, or each by itself. */
  false_discovery: z.enum(["bh", "none"]).optional(),
  ...alertPolicyFields,
});

/**
 * Binned distributions of a model's features. Kept as it came: fields that this version does not know stay, and parsing
 * adds none.
 */
export const psiProfile = verbatim(
  z.looseObject({
    features: z.record(z.string(), psiFeature),
    config: z.looseObject({
      space: z.string(),
      name: z.string(),
      version: z.string(),
      uid: z.string(),
      alert_config: psiAlertConfig,
      feature_map: featureMap.optional(),
      drift_type: z.string().optional(),
      categorical_features: z.array(z.string()).nullish(),
      binning_strategy: binningStrategy,
    }),
    scouter_version: z.string(),
  }),
);
export type PsiProfile = z.output<typeof psiProfile>;
