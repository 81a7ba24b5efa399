import type { DriftFeatureResult, JsonObject } from "@scouter/contracts";
import type { AlertChange, StoredAlertState } from "@scouter/database";
import {
  advanceAlert,
  type AlertRow,
  type AlertState,
  DEFAULT_POLICY,
  type LifecyclePolicy,
  QUIET,
  type Verdict,
} from "@scouter/drift";
import type { ComputedWindow } from "./compute-window.ts";

export interface JudgedWindow {
  /** To be stored with the result. */
  readonly changes: readonly AlertChange[];
  /** What somebody is to be told of. */
  readonly toTell: readonly AlertRow[];
}

interface WindowToJudge {
  readonly computed: ComputedWindow;
  readonly windowEndMs: number;
  readonly states: readonly StoredAlertState[];
  readonly policy: LifecyclePolicy;
}

/**
 * What becomes of every alert of a profile after one more window: those that the window raises, and those that are
 * remembered. One of a feature that is not watched any more ends.
 */
export function judgeWindow({
  computed,
  windowEndMs,
  states,
  policy,
}: WindowToJudge): JudgedWindow {
  const { features } = computed.result;
  const rows = new Map(alertRows(computed, policy).map((row) => [row.key, row]));
  const known = new Map(states.map((state) => [state.key, state]));
  const byName = new Map(features.map((feature) => [feature.name, feature]));
  const changes: AlertChange[] = [];
  const toTell: AlertRow[] = [];
  for (const key of [...new Set([...rows.keys(), ...known.keys()])].sort()) {
    const entityName = rows.get(key)?.entityName ?? known.get(key)?.entityName ?? key;
    const verdict = rows.has(key) ? "alert" : verdictOf(byName.get(entityName));
    const before = stateOf(known.get(key));
    const { state, action } = advanceAlert(before, { verdict, windowEndMs }, policy);
    if (state === before) continue;
    const row = rows.get(key) ?? { key, entityName, alert: "None" as const };
    changes.push({ ...row, state: state as unknown as JsonObject, action: action.kind });
    if (action.kind === "opened" && action.notify) toTell.push(row);
  }
  return { changes, toTell };
}

/** Where silence is an alert, a feature without data raises one that says nothing but its name. */
function alertRows(
  { rows, result }: ComputedWindow,
  { noData }: LifecyclePolicy,
): readonly AlertRow[] {
  if (noData === "ignore") return rows;
  const silent = result.features.filter(({ status }) => status === "no-data");
  return [
    ...rows,
    ...silent.map(({ name }): AlertRow => ({ key: name, entityName: name, alert: "None" })),
  ];
}

/** Of an alert that the window does not raise. A feature may alert in another zone: then this alert is over. */
function verdictOf(feature: DriftFeatureResult | undefined): Verdict {
  if (feature === undefined || feature.status === "alert") return "ok";
  // Silence is judged above; it must not keep alerts of control zones open.
  return feature.status === "no-data" ? "insufficient-data" : feature.status;
}

function stateOf(stored: StoredAlertState | undefined): AlertState {
  return stored === undefined ? QUIET : { ...QUIET, ...(stored.state as Partial<AlertState>) };
}

/** The policy of a profile's alert configuration; what it leaves out or spells wrong is as by default. */
export function policyOf(profile: JsonObject): LifecyclePolicy {
  const alertConfig = objectAt(objectAt(profile, "config"), "alert_config");
  const coolDown = alertConfig["cool_down_seconds"];
  const persistence = objectAt(alertConfig, "persistence");
  const { hits, of } = persistence;
  return {
    coolDownMs: typeof coolDown === "number" && coolDown >= 0 ? coolDown * 1000 : 0,
    noData: alertConfig["no_data"] === "alert" ? "alert" : "ignore",
    persistence:
      typeof hits === "number" && typeof of === "number" && hits >= 1 && of >= hits
        ? { hits, of }
        : DEFAULT_POLICY.persistence,
  };
}

export function objectAt(parent: JsonObject, key: string): JsonObject {
  const value = parent[key];
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : {};
}
