import type {
  BinningStrategy,
  FeatureMap,
  PsiFeature,
  PsiProfile,
  PsiThreshold,
} from "@scouter/contracts";
import {
  type AlertPolicy,
  alertPolicyOf,
  ownerFields,
  type ProfileOwner,
} from "../profile/profile-defaults.ts";
import { errors } from "../errors.ts";
import { columnAsNumbers, featureMapOf } from "../table/category-codes.ts";
import {
  checkFeature,
  type Column,
  featureNames,
  isTextColumn,
  monitoredFeatures,
  type Table,
} from "../table/column.ts";
import {
  type BaselineBins,
  type BinningNote,
  categoryBaseline,
  numericBaseline,
} from "./baseline-bins.ts";

export interface PsiAlertSettings extends AlertPolicy {
  /** Default: every feature. */
  readonly features_to_monitor?: readonly string[];
  /** Default: `{ ChiSquare: { alpha: 0.05 } }`. */
  readonly threshold?: PsiThreshold;
  /** Default: `calibrated`, so that alpha is the rate of false alarms. */
  readonly form?: "reference" | "calibrated";
  /** Default: 0.1, below which a shift is not worth an alarm. */
  readonly min_effect?: number;
  /** Default: `bh`. */
  readonly false_discovery?: "bh" | "none";
}

export interface CreatePsiProfileInput extends ProfileOwner {
  /** The baseline: one column per feature, as it was in training. */
  readonly table: Table;
  /** RFC 3339, kept in every feature. */
  readonly timestamp: string;
  readonly alert?: PsiAlertSettings;
  /** Number columns to be binned by category. Text columns always are. */
  readonly categoricalFeatures?: readonly string[];
  /** Default: ten quantile bins. */
  readonly binning?: BinningStrategy;
  /** Version of the library that makes the profile. */
  readonly scouterVersion: string;
}

export interface CreatedPsiProfile {
  readonly profile: PsiProfile;
  /** What was not binned as asked. */
  readonly notes: readonly BinningNote[];
}

export const TEN_QUANTILES: BinningStrategy = { QuantileBinning: { num_bins: 10 } };

/**
 * Bins a baseline: numbers by the strategy, texts and `categoricalFeatures` one bin per category. Proportions are of the
 * values present. Computed in 64-bit numbers throughout; the order of rows does not matter.
 *
 * Throws DRIFT_TABLE_INVALID, DRIFT_FEATURE_UNKNOWN, DRIFT_PROFILE_NO_VALUES, DRIFT_CATEGORY_INVALID,
 * DRIFT_CATEGORIES_TOO_MANY, what the binning and the schedule throw.
 */
export function createPsiProfile(input: CreatePsiProfileInput): CreatedPsiProfile {
  const { table, binning = TEN_QUANTILES } = input;
  const names = featureNames(table);
  const listed = input.categoricalFeatures ?? [];
  for (const feature of listed) checkFeature(feature, "categoricalFeatures", names);
  const isText = (name: string) => isTextColumn(table[name] as Column);
  const featureMap = featureMapOf(table);
  const baselines = names.map((name): [string, BaselineBins] => {
    const values = columnAsNumbers(featureMap, name, table[name] as Column);
    const baseline =
      listed.includes(name) || isText(name)
        ? categoryBaseline(name, values)
        : numericBaseline(name, values, binning);
    return [name, baseline];
  });
  return assemblePsiProfile(input, { baselines: new Map(baselines), featureMap });
}

/** What a profile needs besides the bins. */
export type PsiProfileSettings = Omit<CreatePsiProfileInput, "table">;

/**
 * A profile of bins that were made feature by feature. Throws DRIFT_TABLE_INVALID when there is none, DRIFT_FEATURE_UNKNOWN,
 * and what a schedule throws.
 */
export function assemblePsiProfile(
  input: PsiProfileSettings,
  made: {
    readonly baselines: ReadonlyMap<string, BaselineBins>;
    readonly featureMap: FeatureMap;
  },
): CreatedPsiProfile {
  const { timestamp, alert = {}, binning = TEN_QUANTILES } = input;
  const names = [...made.baselines.keys()].sort();
  if (names.length === 0) throw errors.DRIFT_TABLE_INVALID({ reason: "it has no rows" });
  const baselineOf = (name: string) => made.baselines.get(name) as BaselineBins;
  const features = names.map((name): [string, PsiFeature] => {
    const { bins, bin_type, baseline_count } = baselineOf(name).feature;
    return [name, { id: name, bins, timestamp, bin_type, baseline_count }];
  });
  const categorical = names.filter((name) => baselineOf(name).feature.bin_type === "Category");
  const config: PsiProfile["config"] = {
    ...ownerFields(input),
    alert_config: {
      ...alertPolicyOf(alert),
      features_to_monitor: [...monitoredFeatures(alert.features_to_monitor, names)],
      threshold: alert.threshold ?? { ChiSquare: { alpha: 0.05 } },
      form: alert.form ?? "calibrated",
      min_effect: alert.min_effect ?? 0.1,
      false_discovery: alert.false_discovery ?? "bh",
    },
    feature_map: made.featureMap,
    drift_type: "Psi",
    categorical_features: categorical.length === 0 ? null : categorical,
    binning_strategy: binning,
  };
  const profile = {
    features: Object.fromEntries(features),
    config,
    scouter_version: input.scouterVersion,
  };
  return { profile, notes: names.flatMap((name) => baselineOf(name).notes) };
}
