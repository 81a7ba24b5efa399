import type { AlertMap } from "@scouter/contracts";

/** What an alert found, in a few words. */
export function foundText(alert: AlertMap): string {
  if (alert === "None") return "no data came";
  if ("Psi" in alert) {
    const { drift, threshold } = alert.Psi;
    return `psi ${drift.toPrecision(4)}, threshold ${threshold.toPrecision(4)}`;
  }
  if ("Spc" in alert) return `${alert.Spc.kind} in ${alert.Spc.zone}`;
  const {
    observed_value: observed,
    baseline_value: baseline,
    alert_threshold: direction,
  } = "Custom" in alert ? alert.Custom : alert.Agent;
  return `${observed.toPrecision(4)}, ${direction.toLowerCase()} ${baseline.toPrecision(4)}`;
}
