import type { AlertMap } from "@scouter/contracts";
import { describe, expect, it } from "vitest";
import { alertText } from "./alert-item.ts";
import { alertSeverity } from "./alert-severity.ts";

describe("alertSeverity", () => {
  it.each([
    [{ OpsGenie: { team: "a", priority: "P1" } }, "critical"],
    [{ OpsGenie: { team: "a", priority: "p2" } }, "critical"],
    [{ OpsGenie: { team: "a", priority: "P3" } }, "warning"],
    [{ OpsGenie: { team: "a", priority: "P5" } }, "info"],
    [{ OpsGenie: { team: "a", priority: "urgent" } }, "warning"],
    [{ Slack: { channel: "c" } }, "warning"],
    [{ PagerDuty: { severity: "error" } }, "critical"],
    [{ PagerDuty: { severity: "info" } }, "info"],
    [{ PagerDuty: {} }, "warning"],
    [null, "warning"],
  ])("of %j is %s", (dispatch, severity) => {
    expect(alertSeverity(dispatch)).toBe(severity);
  });
});

describe("alertText", () => {
  const comparison = (delta: number | null) => ({
    metric_name: "x",
    baseline_value: 0.8,
    observed_value: 0.5,
    delta,
    alert_threshold: "Below" as const,
  });
  it.each<[AlertMap, string]>([
    ["None", "no data of 'x' came"],
    [{ Psi: { feature: "x", drift: 0.4, threshold: 0.1 } }, "PSI of 'x' was 0.4, threshold 0.1"],
    [{ Spc: { feature: "x", kind: "Trend", zone: "NotApplicable" } }, "'x' left control: Trend"],
    [
      { Spc: { feature: "x", kind: "OutOfBounds", zone: "Zone4" } },
      "'x' left control: OutOfBounds, Zone4",
    ],
    [{ Agent: comparison(0.1) }, "'x' was 0.5, baseline 0.8, allowed -0.1"],
    [{ Custom: comparison(null) }, "'x' was 0.5, baseline 0.8"],
  ])("of %j", (alert, text) => {
    expect(alertText("x", alert)).toBe(text);
  });
});
