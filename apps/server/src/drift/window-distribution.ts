import {
  agentEvalProfile,
  customProfile,
  psiProfile,
  spcProfile,
  type AlertCondition,
  type DistributionBin,
  type DriftDistribution,
  type DriftFeatureResult,
  type PsiBin,
  type PsiFeature,
  type PsiProfile,
} from "@scouter/contracts";
import type { WindowDetails } from "@scouter/database";
import {
  agentAlertSettings,
  conditionLimits,
  featureBins,
  limitValue,
  stabilityTerm,
  zoneCode,
} from "@scouter/drift";
import type { ObservedWindows } from "../archive/observed-windows.ts";
import { errors } from "../errors.ts";
import { cellStatusOfWindow, windowFeature, windowFeatureWithout } from "./feature-figures.ts";

const MOST_POINTS = 1000;

/** A window, one of its features, and what the window found of it; undefined when it was not computed. */
interface Looked {
  readonly details: WindowDetails;
  readonly name: string;
  readonly result: DriftFeatureResult | undefined;
}

type Data = Pick<ObservedWindows, "spcPoints" | "agentTallies">;

/**
 * What lies behind the verdict on one feature of a window, held against the reference in the profile as it is now.
 *
 * @throws `SERVER_FEATURE_NOT_FOUND` when the profile has no reference of the feature
 */
export async function windowDistribution(
  details: WindowDetails,
  feature: string,
  data: Data,
): Promise<DriftDistribution> {
  const result = details.result?.features.find(({ name }) => name === feature);
  const looked: Looked = { details, name: feature, result };
  switch (details.reference.kind) {
    case "Psi":
      return psiOf(looked);
    case "Spc":
      return spcOf(looked, data);
    case "Custom":
      return customOf(looked);
    case "Agent":
      return agentOf(looked, data);
  }
}

function facts({ details, name, result }: Looked) {
  const { id, window_start, window_end, status } = details.window;
  return {
    profile: details.reference,
    window_id: id,
    window_start,
    window_end,
    feature:
      result === undefined
        ? windowFeatureWithout(name, cellStatusOfWindow[status])
        : windowFeature(result),
    profile_changed: details.profileChanged,
  };
}

function psiOf(looked: Looked): DriftDistribution {
  const profile = psiProfile.parse(looked.details.profile);
  const fitted = own(profile.features, looked.name);
  const { ids } = featureBins(looked.name, fitted);
  const byId = new Map(fitted.bins.map((bin) => [bin.id, bin]));
  const labels = categoryNames(profile, looked.name);
  const { result } = looked;
  const rows = numberOf(result?.["rows"]) ?? 0;
  const shares = (result?.["proportions"] ?? {}) as Readonly<Record<string, number>>;
  const unseen = (result?.["unseen"] ?? {}) as Readonly<Record<string, unknown>>;
  return {
    ...facts(looked),
    kind: "Psi",
    bin_type: fitted.bin_type,
    reference_count: fitted.baseline_count ?? null,
    bins: ids.flatMap((id) => {
      const bin = byId.get(id);
      if (bin === undefined) return [];
      return [shownBin(bin, { fitted, labels, share: shares[String(id)], rows })];
    }),
    unseen: { rows: numberOf(unseen["rows"]) ?? 0, share: numberOf(unseen["share"]) ?? 0 },
  };
}

interface BinFacts {
  readonly fitted: PsiFeature;
  readonly labels: ReadonlyMap<number, string>;
  readonly share: number | undefined;
  readonly rows: number;
}

function shownBin(bin: PsiBin, { fitted, labels, share, rows }: BinFacts): DistributionBin {
  const isNumeric = fitted.bin_type === "Numeric";
  const lower = isNumeric ? limitValue(bin.lower_limit) : null;
  const upper = isNumeric ? limitValue(bin.upper_limit) : null;
  const label =
    lower === null || upper === null
      ? (labels.get(bin.id) ?? String(bin.id))
      : intervalLabel(lower, upper);
  return {
    id: bin.id,
    label,
    lower: finite(lower),
    upper: finite(upper),
    reference: bin.proportion,
    current: share ?? null,
    // The share was this count by the rows; rounding brings it back.
    current_count: share === undefined ? null : Math.round(share * rows),
    psi_term: share === undefined ? null : stabilityTerm(bin.proportion, share),
  };
}

function intervalLabel(lower: number, upper: number): string {
  if (lower === -Infinity && upper === Infinity) return "all values";
  if (lower === -Infinity) return `up to ${shortNumber(upper)}`;
  if (upper === Infinity) return `above ${shortNumber(lower)}`;
  return `${shortNumber(lower)} to ${shortNumber(upper)}`;
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function categoryNames(profile: PsiProfile, feature: string): ReadonlyMap<number, string> {
  const codes = profile.config.feature_map?.features ?? {};
  const ofFeature = Object.hasOwn(codes, feature) ? codes[feature] : undefined;
  return new Map(Object.entries(ofFeature ?? {}).map(([name, code]) => [code, name]));
}

async function spcOf(looked: Looked, data: Data): Promise<DriftDistribution> {
  const limits = own(spcProfile.parse(looked.details.profile).features, looked.name);
  const { points, total } = await data.spcPoints({
    profileUid: looked.details.reference.uid,
    feature: looked.name,
    ...spanOf(looked),
    limit: MOST_POINTS,
  });
  return {
    ...facts(looked),
    kind: "Spc",
    centre: limits.center,
    one_sigma: { lower: limits.one_lcl, upper: limits.one_ucl },
    two_sigma: { lower: limits.two_lcl, upper: limits.two_ucl },
    three_sigma: { lower: limits.three_lcl, upper: limits.three_ucl },
    points: points.map(({ at, value }) => ({ at, value, zone: zoneCode(value, limits) })),
    points_total: total,
  };
}

function customOf(looked: Looked): DriftDistribution {
  const { metrics, config } = customProfile.parse(looked.details.profile);
  const conditions = config.alert_config.alert_conditions ?? {};
  const baseline = ownOr(metrics, looked.name);
  const condition = ownOr(conditions, looked.name);
  if (baseline === undefined && condition === undefined && looked.result === undefined) {
    throw unknownFeature(looked.name, [...Object.keys(metrics), ...Object.keys(conditions)]);
  }
  const said = facts(looked);
  return {
    ...said,
    kind: "Custom",
    value: said.feature.value,
    baseline: baseline ?? null,
    condition: comparisonWith(condition),
  };
}

async function agentOf(looked: Looked, data: Data): Promise<DriftDistribution> {
  const { details } = looked;
  const settings = agentAlertSettings(agentEvalProfile.parse(details.profile));
  const { byTask } = await data.agentTallies(details.reference.uid, spanOf(looked));
  const said = facts(looked);
  return {
    ...said,
    kind: "Agent",
    value: said.feature.value,
    condition: comparisonWith(
      ownOr(settings.task_conditions ?? {}, looked.name) ?? settings.alert_condition ?? undefined,
    ),
    tasks: [...byTask].map(([task_id, tally]) => ({ task_id, ...tally })),
  };
}

function comparisonWith(condition: AlertCondition | undefined) {
  if (condition === undefined) return null;
  const { lower, upper } = conditionLimits(condition);
  return {
    baseline: condition.baseline_value,
    alert_threshold: condition.alert_threshold,
    delta: condition.delta ?? null,
    lower_limit: lower,
    upper_limit: upper,
  };
}

function spanOf({ details: { window } }: Looked) {
  return { startMs: Date.parse(window.window_start), endMs: Date.parse(window.window_end) };
}

function own<Value>(values: Readonly<Record<string, Value>>, name: string): Value {
  const value = ownOr(values, name);
  if (value === undefined) throw unknownFeature(name, Object.keys(values));
  return value;
}

function ownOr<Value>(values: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

const MOST_NAMES = 20;

function unknownFeature(feature: string, known: readonly string[]): Error {
  const names = [...new Set(known)].sort();
  const more = names.length > MOST_NAMES ? ["..."] : [];
  return errors.SERVER_FEATURE_NOT_FOUND({
    feature,
    known: [...names.slice(0, MOST_NAMES), ...more],
  });
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}
