import type {
  AlertZone,
  ComparisonMetricAlert,
  PsiFeatureAlert,
  SpcAlertEntry,
  SpcAlertKind,
} from "@scouter/contracts";
import { plainDecimal } from "./plain-decimal.ts";

/** Where a text goes: Slack needs less indentation than the others. */
export type Channel = "console" | "slack" | "opsgenie";

const PSI_HEADER = "PSI Drift has been detected for the following features:";
const SPC_HEADERS: Readonly<Record<Channel, string>> = {
  console: "Features that have drifted: ",
  slack: "Drift has been detected for the following features:",
  opsgenie: "Drift has been detected for the following features:",
};
const KINDS: Readonly<Record<SpcAlertKind, string>> = {
  OutOfBounds: "Out of bounds",
  Consecutive: "Consecutive",
  Alternating: "Alternating",
  AllGood: "All good",
  Trend: "Trend",
};
const ZONES: Readonly<Record<AlertZone, string>> = {
  Zone1: "Zone 1",
  Zone2: "Zone 2",
  Zone3: "Zone 3",
  Zone4: "Zone 4",
  NotApplicable: "NA",
};

/** Text of a window's PSI alerts, sorted by feature; empty without any. */
export function psiDescription(alerts: readonly PsiFeatureAlert[], channel: Channel): string {
  if (alerts.length === 0) return "";
  const [outer, inner] = indentation(channel);
  const lines = alerts
    .toSorted((a, b) => compareText(a.feature, b.feature))
    .map((alert) => `${outer}${alert.feature}: \n${inner}Drift Value: ${psiSentence(alert)}\n`);
  return `${PSI_HEADER}\n${lines.join("")}`;
}

function psiSentence({ feature, drift, threshold }: PsiFeatureAlert): string {
  const [score, limit] = [plainDecimal(drift), plainDecimal(threshold)];
  return `Feature '${feature}' has experienced drift, with a current PSI score of ${score} that exceeds the configured threshold of ${limit}.`;
}

/** Text of a window's control chart alerts, sorted by feature; empty without any. */
export function spcDescription(alerts: readonly SpcAlertEntry[], channel: Channel): string {
  if (alerts.length === 0) return "";
  const [outer, inner] = indentation(channel);
  const byFeature = Map.groupBy(alerts, ({ feature }) => feature);
  const lines = [...byFeature]
    .sort(([a], [b]) => compareText(a, b))
    .map(([feature, entries]) => {
      const told = entries.map((entry) => spcLines(entry, channel, inner)).join("");
      return `${outer}${feature}: \n${told}`;
    });
  return `${SPC_HEADERS[channel]}\n${lines.join("")}`;
}

function spcLines({ kind, zone }: SpcAlertEntry, channel: Channel, indent: string): string {
  if (channel === "slack") return `${indent}${KINDS[kind]} error in ${ZONES[zone]}\n`;
  return `${indent}Kind: ${KINDS[kind]}\n${indent}Zone: ${ZONES[zone]}\n`;
}

/** Text of one metric's alert, an agent's pass rate among them; the same for every channel. */
export function comparisonDescription(alert: ComparisonMetricAlert): string {
  const { baseline_value, observed_value } = alert;
  return [
    comparisonHeader(alert),
    `Initial Metric Value: ${plainDecimal(baseline_value)}`,
    `Current Metric Value: ${plainDecimal(observed_value)}`,
  ].join("\n");
}

function comparisonHeader({ metric_name: name, delta, alert_threshold }: ComparisonMetricAlert) {
  const by = delta === null ? undefined : plainDecimal(delta);
  switch (alert_threshold) {
    case "Below":
      return by === undefined
        ? `The ${name} metric value has dropped below the initial value`
        : `The observed ${name} metric value has dropped below the threshold (initial value - ${by})`;
    case "Above":
      return by === undefined
        ? `The ${name} metric value has increased beyond the initial value`
        : `The ${name} metric value has increased beyond the threshold (initial value + ${by})`;
    case "Outside":
      return by === undefined
        ? `The metric value has fallen outside the initial value for ${name}`
        : `The ${name} metric value has fallen outside the threshold (initial value ± ${by})`;
  }
}

function indentation(channel: Channel): readonly [outer: string, inner: string] {
  return channel === "slack" ? ["", "    "] : ["    ", "        "];
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
