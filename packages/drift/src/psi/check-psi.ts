import type { PsiProfile, PsiThreshold } from "@scouter/contracts";
import { benjaminiHochberg } from "@scouter/stats";
import { isolated, type NotMeasured } from "../check/status.ts";
import { errors } from "../errors.ts";
import type { BinTally } from "./bin-tally.ts";
import { type CalibratedTest, calibratedTest } from "./calibrated-test.ts";
import { type FeatureBins, featureBins } from "./feature-bins.ts";
import { populationStabilityIndex } from "./population-stability-index.ts";
import { referenceThreshold } from "./psi-threshold.ts";
import { unseenCategoriesPValue } from "./unseen-categories.ts";
import { ownValue } from "../table/own-value.ts";

/** What was measured of one feature in one window. */
export interface PsiMeasure {
  readonly status: "ok" | "alert";
  /** The index over the profile's bins; rows of unseen categories count in no bin. */
  readonly psi: number;
  /** The index from which the feature alerts by itself; null when none does. */
  readonly threshold: number | null;
  /** Rows observed in the window. */
  readonly rows: number;
  readonly bins: number;
  /** Share of the window by bin id. */
  readonly proportions: Readonly<Record<string, number>>;
  readonly unseen: {
    readonly rows: number;
    readonly share: number;
    readonly pValue: number | null;
  };
  /** Null in the reference's form, which has none. */
  readonly pValue: number | null;
  /** After the correction for the number of features; null as `pValue`. */
  readonly adjustedPValue: number | null;
  /** Whether alpha is kept as the rate of false alarms: needs the form `calibrated` and a baseline count. */
  readonly calibrated: boolean;
  /** Why it alerts. */
  readonly reasons: readonly ("distribution" | "unseen-categories")[];
}

export type PsiFeatureResult = { readonly feature: string } & (PsiMeasure | NotMeasured);

export interface PsiCheck {
  readonly form: "reference" | "calibrated";
  /** Sorted by feature name. */
  readonly features: readonly PsiFeatureResult[];
}

/** With fewer rows per bin the index is noise, and the chi-square approximation does not hold (Yurdakul, 2018). */
export const ROWS_PER_BIN = 10;
/** With an effect floor, new categories alert only from this share of the window. */
export const LEAST_UNSEEN_SHARE = 0.01;

/**
 * Checks the counts of a window against a profile's bins, feature by feature.
 *
 * Monitored are `features_to_monitor`; none when that is empty. A feature needs more than 10 rows per bin of its own.
 * `counts` has rows per bin id; an id that a categorical feature does not have is an unseen category.
 *
 * Form `reference` (also when the profile names none): alert when the index exceeds the threshold. Form `calibrated`:
 * alert when the p-value, corrected over the features of the window, is below the threshold's alpha and the index
 * reaches `min_effect`; a Fixed threshold stays what it is. One broken feature is an `error` of its own.
 */
export function checkPsi(profile: PsiProfile, counts: BinTally): PsiCheck {
  const settings = settingsOf(profile);
  const names = [...new Set(profile.config.alert_config.features_to_monitor)].sort();
  const drafts = names.map((feature) =>
    isolated(() => measure(profile, feature, counts.get(feature), settings)),
  );
  const judged = settings.form === "reference" ? drafts : withAdjusted(drafts, settings);
  const features = judged.map((result, i) => ({ feature: names[i] as string, ...result }));
  return { form: settings.form, features };
}

interface Settings {
  readonly threshold: PsiThreshold;
  readonly form: "reference" | "calibrated";
  /** Undefined for a fixed threshold. */
  readonly alpha: number | undefined;
  readonly minEffect: number;
  readonly adjust: boolean;
}

function settingsOf(profile: PsiProfile): Settings {
  const { threshold, form, min_effect, false_discovery } = profile.config.alert_config;
  const alpha =
    "Normal" in threshold
      ? threshold.Normal.alpha
      : "ChiSquare" in threshold
        ? threshold.ChiSquare.alpha
        : undefined;
  return {
    threshold,
    form: alpha === undefined ? "reference" : (form ?? "reference"),
    alpha,
    minEffect: min_effect ?? 0,
    adjust: false_discovery !== "none",
  };
}

function measure(
  profile: PsiProfile,
  feature: string,
  counts: ReadonlyMap<number, number> | undefined,
  settings: Settings,
): PsiMeasure | NotMeasured {
  const fitted = ownValue(profile.features, feature);
  if (fitted === undefined) {
    const available = Object.keys(profile.features).sort();
    throw errors.DRIFT_FEATURE_UNKNOWN({ feature, where: "features_to_monitor", available });
  }
  const bins = featureBins(feature, fitted);
  const window = windowOf(bins, counts);
  if (window.rows === 0) return { status: "no-data" };
  const need = ROWS_PER_BIN * bins.ids.length + 1;
  if (window.rows < need) return { status: "insufficient-data", have: window.rows, need };
  return settings.form === "reference"
    ? byThreshold(bins, window, settings)
    : byProbability(bins, window, settings);
}

interface WindowRows {
  readonly rows: number;
  readonly unseen: number;
  /** In the order of the bins' ids. */
  readonly counts: readonly number[];
}

function windowOf(bins: FeatureBins, counts: ReadonlyMap<number, number> = new Map()): WindowRows {
  let rows = 0;
  let unseen = 0;
  const known = new Set(bins.ids);
  for (const [id, count] of counts) {
    const problem = countProblem(bins, id, count, known);
    if (problem !== undefined) {
      throw errors.DRIFT_OBSERVATION_INVALID({ name: bins.feature, reason: problem });
    }
    rows += count;
    if (!known.has(id)) unseen += count;
  }
  return { rows, unseen, counts: bins.ids.map((id) => counts.get(id) ?? 0) };
}

function countProblem(
  bins: FeatureBins,
  id: number,
  count: number,
  known: ReadonlySet<number>,
): string | undefined {
  if (!Number.isSafeInteger(count) || count < 0) return `bin ${id} has a count of ${count}`;
  if (known.has(id) || bins.kind === "Category" || count === 0) return undefined;
  return `bin ${id} has ${count} rows, but the profile has no such bin`;
}

/** What both forms report. */
function measured(bins: FeatureBins, { rows, unseen, counts }: WindowRows) {
  const observed = counts.map((count) => count / rows);
  return {
    psi: populationStabilityIndex(bins.proportions, observed),
    rows,
    bins: bins.ids.length,
    proportions: Object.fromEntries(bins.ids.map((id, i) => [id, observed[i] as number])),
    unseen: { rows: unseen, share: unseen / rows, pValue: null },
  };
}

function byThreshold(bins: FeatureBins, window: WindowRows, settings: Settings): PsiMeasure {
  const facts = measured(bins, window);
  const base = referenceThreshold(settings.threshold, facts.bins, facts.rows);
  const alerts = facts.psi > base && facts.psi >= settings.minEffect;
  return {
    status: alerts ? "alert" : "ok",
    ...facts,
    threshold: finiteOrNull(Math.max(base, settings.minEffect)),
    pValue: null,
    adjustedPValue: null,
    calibrated: false,
    reasons: alerts ? ["distribution"] : [],
  };
}

/** Judged later, when the other features' p-values are known. */
function byProbability(bins: FeatureBins, window: WindowRows, settings: Settings): PsiMeasure {
  const facts = measured(bins, window);
  const { baselineRows, proportions } = bins;
  const knownRows = window.rows - window.unseen;
  const test: CalibratedTest | undefined =
    knownRows === 0
      ? undefined
      : calibratedTest({
          proportions,
          baselineRows,
          windowCounts: window.counts,
          unseenRows: window.unseen,
          ordered: bins.kind === "Numeric",
        });
  const threshold = Math.max(
    test?.thresholdAt(settings.alpha ?? 0) ?? Infinity,
    settings.minEffect,
  );
  return {
    status: "ok",
    ...facts,
    threshold: finiteOrNull(threshold),
    unseen: { ...facts.unseen, pValue: unseenPValue(bins, window) },
    pValue: test?.pValue ?? 1,
    adjustedPValue: null,
    calibrated: baselineRows !== undefined,
    reasons: [],
  };
}

function unseenPValue(bins: FeatureBins, window: WindowRows): number | null {
  const { baselineRows, proportions, kind } = bins;
  if (kind !== "Category" || baselineRows === undefined) return null;
  const seen = (times: number) =>
    proportions.filter((share) => Math.round(share * baselineRows) === times).length;
  return unseenCategoriesPValue({
    unseenRows: window.unseen,
    windowRows: window.rows,
    baselineRows,
    seenOnce: seen(1),
    seenTwice: seen(2),
  });
}

type Draft = PsiMeasure | NotMeasured;

/** Corrects the p-values of a window together, those of unseen categories among them, and decides. */
function withAdjusted(drafts: readonly Draft[], settings: Settings): readonly Draft[] {
  const pValues = drafts.flatMap((draft) =>
    isMeasure(draft)
      ? [draft.pValue ?? 1, ...(draft.unseen.pValue === null ? [] : [draft.unseen.pValue])]
      : [],
  );
  const adjusted = settings.adjust ? benjaminiHochberg(pValues) : pValues;
  let next = 0;
  return drafts.map((draft) => {
    if (!isMeasure(draft)) return draft;
    const distribution = adjusted[next] as number;
    next += 1;
    let unseen = 1;
    if (draft.unseen.pValue !== null) {
      unseen = adjusted[next] as number;
      next += 1;
    }
    return decided(draft, { distribution, unseen }, settings);
  });
}

function decided(
  draft: PsiMeasure,
  adjusted: { readonly distribution: number; readonly unseen: number },
  settings: Settings,
): PsiMeasure {
  const alpha = settings.alpha ?? 0;
  const leastShare = settings.minEffect > 0 ? LEAST_UNSEEN_SHARE : 0;
  const reasons: ("distribution" | "unseen-categories")[] = [];
  if (adjusted.distribution < alpha && draft.psi >= settings.minEffect) {
    reasons.push("distribution");
  }
  if (adjusted.unseen < alpha && draft.unseen.share >= leastShare) {
    reasons.push("unseen-categories");
  }
  return {
    ...draft,
    status: reasons.length > 0 ? "alert" : "ok",
    adjustedPValue: adjusted.distribution,
    reasons,
  };
}

function isMeasure(draft: Draft): draft is PsiMeasure {
  return draft.status === "ok" || draft.status === "alert";
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
