import type { AlertMap, DriftFeatureResult, DriftWindow } from "@scouter/contracts";
import type { ModelDemoReport } from "@scouter/example-temperature-model";
import type { Summary } from "@scouter/sdk";
import { isMeasured } from "../output/measured.ts";
import { atLeast, type Check, equal } from "./check-run.ts";
import { type DriftFigures, WATCH_WORDS } from "./drift-figures.ts";
import {
  expectedCount,
  observedCounts,
  type StoredDrift,
  uidOf,
  type Watch,
  WATCHES,
} from "./stored-drift.ts";

export interface CheckedDrift {
  readonly report: ModelDemoReport;
  readonly stored: StoredDrift;
  readonly figures: DriftFigures;
  /** The server's summary right before and right after the run. */
  readonly before: Summary;
  readonly after: Summary;
}

type ProfileFeatures = Summary["features"]["drifted"];

/** Compares what the model demo sent with its windows, the windows with their alerts, and all with the summary. */
export function checkDrift(run: CheckedDrift): readonly Check[] {
  const { stored, figures, before, after } = run;
  const { drifted, stable, alerts } = figures;
  const inSummary = (features: ProfileFeatures) =>
    listed(WATCHES.flatMap((by) => namesOf(features, uidOf(run.report, by)).map(labelled(by))));
  const results = WATCHES.flatMap((by) => stored[by].windows.flatMap(featuresOf));
  const broken = results.filter(({ status }) => status === "error").map(({ name }) => name);
  return [
    ...WATCHES.flatMap((by) => countChecks(run, by)),
    equal("features that could not be checked", listed([]), listed(broken)),
    equal("drifted features in the summary", labels(drifted), inSummary(after.features.drifted)),
    equal("stable features in the summary", labels(stable), inSummary(after.features.stable)),
    ...WATCHES.map((by) =>
      equal(
        `alerts by ${WATCH_WORDS[by]}`,
        listed(alertsOfWindows(stored[by].windows)),
        listed(stored[by].alerts.map((alert) => alertLabel(alert.entity_name, alert.alert))),
      ),
    ),
    // More when profiles of earlier runs had windows to make up for.
    atLeast(
      "alerts that the summary gained",
      alerts.length,
      after.alerts.total - before.alerts.total,
    ),
    atLeast("features drifted", 1, drifted.length),
    atLeast("features stable", 1, stable.length),
    atLeast("alerts fired", 1, alerts.length),
  ];
}

/** Each observation counts in one window, and in no second one. */
function countChecks({ report, stored }: CheckedDrift, by: Watch): readonly Check[] {
  const counts = [...observedCounts(stored[by].windows)].toSorted(([a], [b]) => compare(a, b));
  const names = counts.map(([name]) => name);
  return [
    ...(by === "psi" ? [equal("features watched", listed(report.features), listed(names))] : []),
    ...counts.map(([name, count]) =>
      equal(`observations of ${labelled(by)(name)}`, expectedCount(report, by), count),
    ),
  ];
}

/**
 * The alerts that windows should have opened, oldest window first: one opens when a window finds something that the
 * window before did not, and ends when a window that measured the feature does not find it.
 */
function alertsOfWindows(windows: readonly DriftWindow[]): readonly string[] {
  const open = new Set<string>();
  const opened: string[] = [];
  for (const feature of windows.flatMap(featuresOf).filter(isMeasured)) {
    const found = findingsOf(feature);
    const all = [...open].filter((label) => isOf(label, feature.name));
    for (const label of all.filter((known) => !found.includes(known))) open.delete(label);
    for (const label of found.filter((unknown) => !open.has(unknown))) {
      open.add(label);
      opened.push(label);
    }
  }
  return opened;
}

/** A control chart finds something in each of its zones; the others find that the feature drifted. */
function findingsOf({ name, status, alerts }: DriftFeatureResult): readonly string[] {
  if (status !== "alert") return [];
  if (!Array.isArray(alerts)) return [findingLabel(name)];
  return alerts.map(({ kind, zone }: { readonly kind: string; readonly zone: string }) =>
    findingLabel(name, `${kind} ${zone}`),
  );
}

function alertLabel(name: string, alert: AlertMap): string {
  if (alert === "None" || !("Spc" in alert)) return findingLabel(name);
  return findingLabel(name, `${alert.Spc.kind} ${alert.Spc.zone}`);
}

function findingLabel(name: string, found?: string): string {
  return found === undefined ? name : `${name}/${found}`;
}

function isOf(label: string, name: string): boolean {
  return label === name || label.startsWith(`${name}/`);
}

function featuresOf({ result }: DriftWindow): readonly DriftFeatureResult[] {
  return result?.features ?? [];
}

function namesOf(features: ProfileFeatures, uid: string): readonly string[] {
  return features.filter(({ profile_uid }) => profile_uid === uid).map(({ name }) => name);
}

function labelled(by: Watch): (name: string) => string {
  return (name) => `${name} (${WATCH_WORDS[by]})`;
}

function labels(features: DriftFigures["drifted"]): string {
  return listed(features.map(({ by, name }) => labelled(by)(name)));
}

/** Order says nothing here. */
function listed(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.toSorted(compare).join(", ");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
