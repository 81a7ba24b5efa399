import type {
  CellStatus,
  DriftFeatureResult,
  DriftFeatureStatus,
  DriftType,
  DriftWindowStatus,
  FiredRule,
  GridCell,
  JsonObject,
  WindowFeature,
} from "@scouter/contracts";
import { alertCondition, firedRule } from "@scouter/contracts";
import { AGENT_METRIC, conditionLimits } from "@scouter/drift";
import { z } from "zod";
import { objectAt } from "./judge-window.ts";

export const cellStatusOf: Readonly<Record<DriftFeatureStatus, CellStatus>> = {
  ok: "ok",
  alert: "alert",
  "no-data": "no_data",
  "insufficient-data": "too_few_samples",
  error: "failed",
};

/** Of every feature of a window that is not done. */
export const cellStatusOfWindow: Readonly<Record<DriftWindowStatus, CellStatus>> = {
  due: "pending",
  running: "pending",
  failed: "failed",
  skipped: "skipped",
  done: "no_data",
};

const NO_FIGURES = { value: null, threshold: null, sample_size: null, needed: null, rules: [] };

export function cellWithout(status: CellStatus): GridCell {
  return { status, ...NO_FIGURES };
}

/** The figures of a feature in the words that all kinds of profile share. */
export function cellOf(feature: DriftFeatureResult): GridCell {
  const value =
    numberAt(feature, "psi") ?? numberAt(feature, "observed") ?? numberAt(feature, "mean");
  return {
    status: cellStatusOf[feature.status],
    value,
    threshold: numberAt(feature, "threshold") ?? limitNear(feature["condition"], value),
    sample_size:
      numberAt(feature, "rows") ??
      numberAt(feature, "count") ??
      numberAt(feature, "points") ??
      numberAt(feature, "have"),
    needed: numberAt(feature, "need"),
    rules: rulesOf(feature),
  };
}

export function windowFeature(feature: DriftFeatureResult): WindowFeature {
  const { code, message } = feature;
  const hasFailed = feature.status === "error";
  return {
    name: feature.name,
    ...cellOf(feature),
    p_value: numberAt(feature, "pValue"),
    adjusted_p_value: numberAt(feature, "adjustedPValue"),
    error: hasFailed ? { code: textOf(code), message: textOf(message) } : null,
  };
}

export function windowFeatureWithout(name: string, status: CellStatus): WindowFeature {
  return { name, ...cellWithout(status), p_value: null, adjusted_p_value: null, error: null };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function numberAt(feature: DriftFeatureResult, key: string): number | null {
  const value = feature[key];
  return typeof value === "number" ? value : null;
}

function rulesOf(feature: DriftFeatureResult): FiredRule[] {
  const parsed = z.array(firedRule).safeParse(feature["alerts"]);
  return parsed.success ? parsed.data : [];
}

/** Of the two limits of a condition the one on the side where the value lies. */
function limitNear(given: unknown, value: number | null): number | null {
  const parsed = alertCondition.safeParse(given);
  if (!parsed.success) return null;
  const { lower, upper } = conditionLimits(parsed.data);
  if (lower === null || upper === null) return lower ?? upper;
  return value !== null && value < parsed.data.baseline_value ? lower : upper;
}

/** The names that a profile has watched, sorted, as far as its body can be read. */
export function watchedFeatures(kind: DriftType, profile: JsonObject): readonly string[] {
  const alertConfig = objectAt(objectAt(profile, "config"), "alert_config");
  const asked = alertConfig["features_to_monitor"];
  const names = Array.isArray(asked) ? asked.filter((name) => typeof name === "string") : [];
  switch (kind) {
    case "Psi":
      return sorted(names);
    case "Spc":
      return sorted(names.length > 0 ? names : Object.keys(objectAt(profile, "features")));
    case "Custom":
      return sorted([
        ...Object.keys(objectAt(profile, "metrics")),
        ...Object.keys(objectAt(alertConfig, "alert_conditions")),
      ]);
    case "Agent":
      return [AGENT_METRIC, ...sorted(Object.keys(objectAt(alertConfig, "task_conditions")))];
  }
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}
