import type {
  AlertMap,
  ComparisonMetricAlert,
  PsiFeatureAlert,
  SpcAlertEntry,
} from "@scouter/contracts";
import {
  type Channel as TextStyle,
  comparisonDescription,
  psiDescription,
  spcDescription,
} from "@scouter/drift";
import type { AlertMessage } from "./alert-message.ts";

/** One line: what the message is about. */
export function messageTitle(message: AlertMessage): string {
  const { event, built_in: rule, space, name, version } = message;
  if (rule !== undefined) {
    const state = event === "resolve" ? "resolved" : "opened";
    return `Built-in alert ${rule} ${state} for ${space}/${name}/${version}`;
  }
  const what = {
    trigger: "Model drift detected for",
    resolve: "Model drift resolved for",
    test: "Test of an alert channel for",
    regression: "Offline evaluation of",
  }[event];
  return `${what} ${space}/${name}/${version}`;
}

/** The message as people read it. */
export function messageText(message: AlertMessage, style: TextStyle): string {
  if (message.event === "test") return "Nothing drifted: somebody tries this channel out";
  if (message.event === "resolve") {
    return message.alerts.map(({ entity_name: name }) => `'${name}' is as it should be`).join("\n");
  }
  if (message.event === "regression" || message.built_in !== undefined) return message.text ?? "";
  const alerts = message.alerts.map(({ alert }) => alert);
  const silent = message.alerts.filter(({ alert }) => alert === "None");
  return [
    psiDescription(alerts.flatMap(psiOf), style),
    spcDescription(alerts.flatMap(spcOf), style),
    ...alerts.flatMap(comparisonOf).map(comparisonDescription),
    ...silent.map(({ entity_name: name }) => `No data of '${name}' came in the window`),
  ]
    .filter((text) => text !== "")
    .join("\n");
}

function psiOf(alert: AlertMap): readonly PsiFeatureAlert[] {
  return alert !== "None" && "Psi" in alert ? [alert.Psi] : [];
}

function spcOf(alert: AlertMap): readonly SpcAlertEntry[] {
  return alert !== "None" && "Spc" in alert ? [alert.Spc] : [];
}

function comparisonOf(alert: AlertMap): readonly ComparisonMetricAlert[] {
  if (alert === "None") return [];
  if ("Custom" in alert) return [alert.Custom];
  return "Agent" in alert ? [alert.Agent] : [];
}
