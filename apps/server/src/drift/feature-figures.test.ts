import type { DriftFeatureResult } from "@scouter/contracts";
import { describe, expect, it } from "vitest";
import { cellOf, watchedFeatures, windowFeature } from "./feature-figures.ts";

const condition = (alert_threshold: string) => ({ baseline_value: 5, alert_threshold, delta: 1 });

describe("cellOf", () => {
  it.each<[string, DriftFeatureResult, object]>([
    [
      "PSI",
      { name: "a", status: "ok", psi: 0.1, threshold: 0.2, rows: 500 },
      { status: "ok", value: 0.1, threshold: 0.2, sample_size: 500 },
    ],
    [
      "PSI without a threshold",
      { name: "a", status: "ok", psi: 0.1, threshold: null, rows: 500 },
      { threshold: null },
    ],
    [
      "a control chart",
      { name: "a", status: "alert", points: 9, alerts: [{ kind: "Trend", zone: "NotApplicable" }] },
      { value: null, sample_size: 9, rules: [{ kind: "Trend", zone: "NotApplicable" }] },
    ],
    [
      "a metric above",
      { name: "a", status: "alert", observed: 7, count: 2, condition: condition("Above") },
      { value: 7, threshold: 6, sample_size: 2 },
    ],
    [
      "a metric below",
      { name: "a", status: "alert", observed: 3, count: 2, condition: condition("Below") },
      { threshold: 4 },
    ],
    [
      "a metric outside, low",
      { name: "a", status: "alert", observed: 3, count: 2, condition: condition("Outside") },
      { threshold: 4 },
    ],
    [
      "a metric outside, high",
      { name: "a", status: "alert", observed: 7, count: 2, condition: condition("Outside") },
      { threshold: 6 },
    ],
    [
      "too little data",
      { name: "a", status: "insufficient-data", have: 3, need: 21 },
      { status: "too_few_samples", sample_size: 3, needed: 21, value: null },
    ],
    ["no data", { name: "a", status: "no-data" }, { status: "no_data", rules: [] }],
  ])("of %s", (_name, feature, cell) => {
    expect(cellOf(feature)).toMatchObject(cell);
  });

  it("tells why a feature failed", () => {
    const failed = { name: "a", status: "error", code: "DRIFT_BINS_INVALID", message: "no bins" };
    expect(windowFeature(failed as DriftFeatureResult)).toMatchObject({
      status: "failed",
      error: { code: "DRIFT_BINS_INVALID", message: "no bins" },
    });
    expect(windowFeature({ name: "a", status: "ok" }).error).toBeNull();
  });
});

describe("watchedFeatures", () => {
  const body = (alert_config: object, rest: object = {}) => ({ config: { alert_config }, ...rest });
  it.each([
    ["Psi", body({ features_to_monitor: ["b", "a", "a"] }), ["a", "b"]],
    ["Psi", body({}, { features: { a: {} } }), []],
    ["Spc", body({ features_to_monitor: [] }, { features: { b: {}, a: {} } }), ["a", "b"]],
    ["Spc", body({ features_to_monitor: ["b"] }, { features: { b: {}, a: {} } }), ["b"]],
    ["Custom", body({ alert_conditions: { n: {} } }, { metrics: { m: 1 } }), ["m", "n"]],
    ["Custom", body({ alert_conditions: null }), []],
    ["Agent", {}, ["agent_workflow_metric"]],
    ["Psi", { config: null }, []],
  ] as const)("of %s %j", (kind, profile, names) => {
    expect(watchedFeatures(kind, profile as never)).toEqual(names);
  });
});
