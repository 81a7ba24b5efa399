import { type AlertMessage, keepsIncidents } from "@scouter/alerts";
import type { AlertMap, DispatchConfig, JsonObject } from "@scouter/contracts";
import type { AmissProfile, BuiltInAlertChange, OpenBuiltInAlert } from "@scouter/database";

/** What a rule found. */
export interface RuleFinding {
  readonly rule: string;
  readonly text: string;
  readonly profile: AmissProfile;
}

export interface RulesToJudge {
  /** Of the rules that could be looked at. */
  readonly looked: ReadonlySet<string>;
  readonly found: readonly RuleFinding[];
  readonly open: readonly OpenBuiltInAlert[];
  readonly nowMs: number;
  /** Where it is told: the server's own channel, whatever the profile names. */
  readonly dispatch: DispatchConfig;
}

/**
 * Which alerts open and which end. One whose rule could not be looked at stays as it is; one whose rule does not exist any
 * more ends.
 */
export function judgeRules(
  { looked, found, open, nowMs, dispatch }: RulesToJudge,
  known: ReadonlySet<string>,
): readonly BuiltInAlertChange[] {
  const isOpen = new Set(open.map(({ rule, profile }) => keyOf(rule, profile.uid)));
  const isFound = new Set(found.map(({ rule, profile }) => keyOf(rule, profile.uid)));
  const opened = found
    .filter(({ rule, profile }) => !isOpen.has(keyOf(rule, profile.uid)))
    .map((finding) => openingOf(finding, nowMs, dispatch));
  const ended = open
    .filter(({ rule }) => looked.has(rule) || !known.has(rule))
    .filter(({ rule, profile }) => !isFound.has(keyOf(rule, profile.uid)))
    .map((alert) => endOf(alert, dispatch));
  return [...ended, ...opened];
}

function openingOf(
  { rule, text, profile }: RuleFinding,
  nowMs: number,
  dispatch: DispatchConfig,
): BuiltInAlertChange {
  const alert = {
    Custom: {
      metric_name: rule,
      baseline_value: 0,
      observed_value: profile.count,
      delta: null,
      alert_threshold: "Above",
    },
  } as const;
  const opened = { rule, profile, openedAtMs: Math.floor(nowMs), dispatch };
  return {
    ...changeOf("opened", opened, alert),
    message: messageOf("trigger", { ...opened, alert, text }),
  };
}

function endOf(
  { rule, profile, openedAtMs }: OpenBuiltInAlert,
  dispatch: DispatchConfig,
): BuiltInAlertChange {
  const ended = { rule, profile, openedAtMs, dispatch };
  return {
    ...changeOf("resolved", ended, "None"),
    // Others were told that it opened, and need not be told that it is over.
    message: keepsIncidents(dispatch)
      ? messageOf("resolve", { ...ended, alert: "None" })
      : undefined,
  };
}

interface RuleAlert {
  readonly rule: string;
  readonly profile: OpenBuiltInAlert["profile"];
  readonly openedAtMs: number;
  readonly dispatch: DispatchConfig;
}

function changeOf(
  action: BuiltInAlertChange["action"],
  { rule, profile, openedAtMs }: RuleAlert,
  alert: AlertMap,
): BuiltInAlertChange {
  return { action, rule, profileUid: profile.uid, openedAtMs, alert };
}

function messageOf(
  event: "trigger" | "resolve",
  of: RuleAlert & { readonly alert: AlertMap; readonly text?: string },
): BuiltInAlertChange["message"] {
  const { rule, profile, openedAtMs, dispatch, alert, text } = of;
  const openedAt = new Date(openedAtMs).toISOString();
  const message: AlertMessage = {
    event,
    built_in: rule,
    ...(text !== undefined && { text }),
    space: profile.space,
    name: profile.name,
    version: profile.version,
    profile_uid: profile.uid,
    drift_type: profile.driftType,
    window_end: openedAt,
    incident_key: `${profile.uid}/built-in/${rule}`,
    alerts: [{ entity_name: rule, alert }],
    dispatch_config: dispatch,
  };
  return {
    // Begins as the keys of a window's messages do, so that the page of the alert finds it.
    dedupKey: `${profile.uid}/${openedAt}/built-in/${event}/${rule}`,
    message: message as unknown as JsonObject,
  };
}

function keyOf(rule: string, uid: string): string {
  return `${rule} ${uid}`;
}
