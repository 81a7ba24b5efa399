import type { AlertItem, AlertMap, ComparisonMetricAlert } from "@scouter/contracts";
import type { AlertEntry } from "@scouter/database";
import { plainDecimal } from "@scouter/drift";
import { cellOf } from "../drift/feature-figures.ts";
import { alertSeverity } from "./alert-severity.ts";

/** An alert as lists show it. */
export function alertItemOf(entry: AlertEntry): AlertItem {
  const { alert, feature, lastResult } = entry;
  const opening = openingFigures(alert);
  const last = lastResult === null ? undefined : cellOf(lastResult);
  return {
    id: entry.id,
    severity: alertSeverity(entry.dispatch),
    status: entry.status,
    since: entry.openedAt,
    resolved_at: entry.resolvedAt,
    profile: entry.profile,
    feature,
    text: alertText(feature, alert),
    alert,
    last_value: last?.value ?? opening.value,
    threshold: last?.threshold ?? opening.threshold,
    windows: entry.windows,
    first_window_end: entry.firstWindowEnd,
    last_window_end: entry.lastWindowEnd,
    first_window_id: entry.firstWindowId,
    last_window_id: entry.lastWindowId,
  };
}

interface OpeningFigures {
  readonly value: number | null;
  readonly threshold: number | null;
}

function openingFigures(alert: AlertMap): OpeningFigures {
  if (alert === "None") return { value: null, threshold: null };
  if ("Psi" in alert) return { value: alert.Psi.drift, threshold: alert.Psi.threshold };
  if ("Spc" in alert) return { value: null, threshold: null };
  const { observed_value: value } = comparisonOf(alert);
  return { value, threshold: null };
}

/** One line that says what happened when it opened. */
export function alertText(feature: string, alert: AlertMap): string {
  if (alert === "None") return `no data of '${feature}' came`;
  if ("Psi" in alert) {
    const { drift, threshold } = alert.Psi;
    return `PSI of '${feature}' was ${plainDecimal(drift)}, threshold ${plainDecimal(threshold)}`;
  }
  if ("Spc" in alert) {
    const { kind, zone } = alert.Spc;
    return `'${feature}' left control: ${kind}${zone === "NotApplicable" ? "" : `, ${zone}`}`;
  }
  const {
    observed_value: observed,
    baseline_value: baseline,
    delta,
    alert_threshold,
  } = comparisonOf(alert);
  const margin = delta === null ? "" : `, allowed ${sign[alert_threshold]}${plainDecimal(delta)}`;
  return `'${feature}' was ${plainDecimal(observed)}, baseline ${plainDecimal(baseline)}${margin}`;
}

const sign = { Above: "+", Below: "-", Outside: "±" } as const;

function comparisonOf(
  alert: { readonly Custom: ComparisonMetricAlert } | { readonly Agent: ComparisonMetricAlert },
): ComparisonMetricAlert {
  return "Custom" in alert ? alert.Custom : alert.Agent;
}
