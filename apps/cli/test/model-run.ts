import type { DriftAlert, DriftFeatureResult, DriftWindow } from "@scouter/contracts";
import type { ModelDemoReport } from "@scouter/example-temperature-model";
import type { Summary } from "@scouter/sdk";
import type { StoredDrift } from "../src/quickstart/stored-drift.ts";

/** A small run of the model demo, and what a server holds of it. */

const name = { space: "s", name: "n", version: "0.1.0" };

export const modelReport: ModelDemoReport = {
  trainedAt: "Seattle",
  servedAt: "New York",
  trainingRows: 1000,
  requests: 200,
  observations: 50,
  samples: 8,
  features: ["heat", "wind"],
  expectedError: 2.144,
  observedError: 2.274,
  profiles: {
    psi: { ...name, uid: "psi-uid" },
    spc: { ...name, uid: "spc-uid" },
    custom: { ...name, uid: "custom-uid" },
  },
};

/** @param slot numbers windows of ten seconds */
export function window(slot: number, features: readonly DriftFeatureResult[]): DriftWindow {
  const at = (index: number) => new Date(Date.UTC(2026, 0, 1) + index * 10_000).toISOString();
  return {
    id: slot,
    profile_uid: "p",
    window_start: at(slot - 1),
    window_end: at(slot),
    status: "done",
    attempts: 0,
    last_error: null,
    revised: 0,
    skipped_windows: 0,
    result: { kind: "Psi", features: [...features] },
    observed: features.length,
    late: 0,
    started_at: at(slot + 1),
    ended_at: at(slot + 1),
  };
}

export function alert(id: number, entity: string, found: DriftAlert["alert"]): DriftAlert {
  const created_at = "2026-01-01T00:00:20Z";
  return { id, created_at, entity_name: entity, alert: found, active: true };
}

export const psiOf = (feature: string) => ({ Psi: { feature, drift: 0.5, threshold: 0.1 } });
export const spcOf = (feature: string, zone: "Zone1" | "Zone2") => ({
  Spc: { feature, kind: "Consecutive" as const, zone },
});

const inZones = (...zones: readonly string[]) =>
  zones.map((zone) => ({ kind: "Consecutive", zone }));

const psiWindow = window(1, [
  { name: "heat", status: "alert", rows: 200, psi: 0.5 },
  { name: "wind", status: "ok", rows: 200, psi: 0.01 },
]);
const spcWindow = window(1, [
  { name: "heat", status: "alert", points: 8, alerts: inZones("Zone1", "Zone2") },
]);
const customWindow = window(1, [{ name: "mae", status: "ok", count: 8, observed: 2.3 }]);
const silent = (...names: readonly string[]) =>
  window(
    2,
    names.map((feature) => ({ name: feature, status: "no-data" })),
  );

export const storedDrift: StoredDrift = {
  psi: { windows: [psiWindow, silent("heat", "wind")], alerts: [alert(1, "heat", psiOf("heat"))] },
  spc: {
    windows: [spcWindow, silent("heat")],
    alerts: [alert(2, "heat", spcOf("heat", "Zone1")), alert(3, "heat", spcOf("heat", "Zone2"))],
  },
  custom: { windows: [customWindow, silent("mae")], alerts: [] },
};

/** `heat` of two profiles drifted, two others did not; an earlier version of one has its own verdict. */
export const driftFeatures: Summary["features"] = {
  drifted: [
    { profile_uid: "earlier-uid", name: "wind" },
    { profile_uid: "psi-uid", name: "heat" },
    { profile_uid: "spc-uid", name: "heat" },
  ],
  stable: [
    { profile_uid: "psi-uid", name: "wind" },
    { profile_uid: "custom-uid", name: "mae" },
  ],
};

export function driftSummary(
  totalAlerts: number,
  features: Summary["features"] = driftFeatures,
): Summary {
  const tasks = { passed: 0, failed: 0, errored: 0, skipped: 0 };
  return {
    spans: 0,
    traces: 0,
    error_spans: 0,
    records: { pending: 0, processing: 0, processed: 0, failed: 0 },
    tasks,
    pass_rate: null,
    alerts: { active: totalAlerts, total: totalAlerts },
    windows: { due: 0, running: 0, done: 6, failed: 0, skipped: 0 },
    features,
    profiles: [],
  };
}
