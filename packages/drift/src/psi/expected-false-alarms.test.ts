import type { PsiProfile } from "@scouter/contracts";
import { describe, expect, it } from "vitest";
import { parseSchedule } from "../schedule/schedule.ts";
import { windowsAMonth } from "../schedule/windows-a-month.ts";
import { createPsiProfile, type PsiAlertSettings } from "./create-psi-profile.ts";
import { expectedFalseAlarms } from "./expected-false-alarms.ts";

const values = Array.from({ length: 100 }, (_, i) => i);
function profileOf(alert: PsiAlertSettings): PsiProfile {
  return createPsiProfile({
    uid: "0194f0c3-7c5e-7000-8000-000000000000",
    timestamp: "2026-01-01T00:00:00Z",
    scouterVersion: "0.1.0",
    table: { a: values, b: values },
    alert,
  }).profile;
}

const ALPHA = { ChiSquare: { alpha: 0.05 } };
describe("expected false alarms of 100 windows", () => {
  it.each<[string, PsiAlertSettings, number | null]>([
    ["as by default", {}, 5],
    ["another alpha", { threshold: { Normal: { alpha: 0.01 } } }, 1],
    ["without a correction", { threshold: ALPHA, false_discovery: "none" }, 100 * (1 - 0.95 ** 2)],
    ["two windows of two", { persistence: { hits: 2, of: 2 } }, 100 * 0.05 * 0.05],
    ["two windows of three", { persistence: { hits: 2, of: 3 } }, 100 * 0.05 * (1 - 0.95 ** 2)],
    ["the reference's form", { form: "reference" }, null],
    ["a fixed threshold", { threshold: { Fixed: { threshold: 0.25 } } }, null],
  ])("%s", (_, alert, expected) => {
    const found = expectedFalseAlarms(profileOf(alert), 100);
    expect(found === null ? null : Number(found.toFixed(9))).toBe(
      expected === null ? null : Number(expected.toFixed(9)),
    );
  });

  it("are not promised for a feature whose baseline was not counted, or for none", () => {
    const profile = profileOf({});
    const { baseline_count: _, ...uncounted } = profile.features["a"]!;
    expect(
      expectedFalseAlarms({ ...profile, features: { ...profile.features, a: uncounted } }, 9),
    ).toBeNull();
    const alert_config = { ...profile.config.alert_config, features_to_monitor: [] };
    expect(
      expectedFalseAlarms({ ...profile, config: { ...profile.config, alert_config } }, 9),
    ).toBeNull();
  });
});

it.each([
  ["0 0 0 * * *", 30.4375],
  ["0 0 * * * *", 24 * 30.4375],
  ["*/10 * * * * *", 6 * 60 * 24 * 30.4375],
  ["0 0 0 1 * *", (12 / 365) * 30.4375],
  ["0 0 0 1 1 * 2020", 0],
])("the schedule %s makes %d windows a month", (text, expected) => {
  const found = windowsAMonth(parseSchedule(text), Date.UTC(2026, 0, 1));
  expect(Math.abs(found - expected)).toBeLessThanOrEqual(expected * 0.005);
});
