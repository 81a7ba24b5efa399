import { type AlertMessage, keepsIncidents } from "@scouter/alerts";
import { type DispatchConfig, dispatchConfig, type JsonObject } from "@scouter/contracts";
import type { AlertMessageToSend, ClaimedWindow } from "@scouter/database";
import type { AlertRow } from "@scouter/drift";
import { objectAt } from "../drift/judge-window.ts";

export const CONSOLE: DispatchConfig = { Console: { enabled: true } };

export interface AlertsToTell {
  readonly opened: readonly AlertRow[];
  /** Told only where a channel keeps incidents: it has to end them. */
  readonly ended: readonly AlertRow[];
}

/**
 * One message for all features of a window; one for each metric, as clients of the reference server expect. Channels that
 * keep incidents get one for each alert, and one when it is over. A console that the profile has switched off is told
 * nothing, nor is the server's standard channel in its place.
 *
 * @param standard where alerts go of profiles that name the console, as all do that say nothing
 */
export function alertMessages(
  window: ClaimedWindow,
  { opened, ended }: AlertsToTell,
  standard: DispatchConfig = CONSOLE,
): readonly AlertMessageToSend[] {
  const dispatch = dispatchOf(window, standard);
  if (dispatch === undefined) return [];
  if (keepsIncidents(dispatch)) {
    return [
      ...ended.map((row) => incidentMessage(window, dispatch, "resolve", row)),
      ...opened.map((row) => incidentMessage(window, dispatch, "trigger", row)),
    ];
  }
  if (opened.length === 0) return [];
  const { driftType } = window.profile;
  const isOne = driftType === "Psi" || driftType === "Spc";
  const groups = isOne ? [opened] : opened.map((row) => [row]);
  return groups.map((rows) => {
    const part = groups.length === 1 ? "" : `/${rows[0]?.key ?? ""}`;
    return toSend(window, part, { ...messageOf(window, dispatch), alerts: rows.map(alertOf) });
  });
}

function incidentMessage(
  window: ClaimedWindow,
  dispatch: DispatchConfig,
  event: "trigger" | "resolve",
  row: AlertRow,
): AlertMessageToSend {
  return toSend(window, `/${event}/${row.key}`, {
    ...messageOf(window, dispatch),
    event,
    incident_key: `${window.profile.uid}/${row.key}`,
    alerts: [alertOf(row)],
  });
}

function messageOf(window: ClaimedWindow, dispatch: DispatchConfig) {
  const { uid, space, name, version, driftType } = window.profile;
  return {
    event: "trigger" as const,
    space,
    name,
    version,
    profile_uid: uid,
    drift_type: driftType,
    window_end: new Date(window.endMs).toISOString(),
    window_id: window.claim.windowId,
    dispatch_config: dispatch,
  };
}

function alertOf({ entityName, alert }: AlertRow) {
  return { entity_name: entityName, alert };
}

function toSend(window: ClaimedWindow, part: string, message: AlertMessage): AlertMessageToSend {
  return {
    dedupKey: `${window.profile.uid}/${message.window_end}/${window.revised}${part}`,
    message: message as unknown as JsonObject,
  };
}

function dispatchOf(window: ClaimedWindow, standard: DispatchConfig): DispatchConfig | undefined {
  const alertConfig = objectAt(objectAt(window.profile.profile, "config"), "alert_config");
  const named = dispatchConfig.safeParse(alertConfig["dispatch_config"]);
  if (!named.success) return standard;
  if (!("Console" in named.data)) return named.data;
  return named.data.Console.enabled ? standard : undefined;
}
