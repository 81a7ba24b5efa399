import {
  alertMap,
  type AlertMap,
  type ComparisonMetricAlert,
  dispatchConfig,
  driftType,
  type JsonObject,
  type PsiFeatureAlert,
  type SpcAlertEntry,
} from "@scouter/contracts";
import type { AlertMessageToSend, ClaimedWindow } from "@scouter/database";
import {
  type AlertRow,
  type Channel as TextStyle,
  comparisonDescription,
  psiDescription,
  spcDescription,
} from "@scouter/drift";
import { z } from "zod";
import { objectAt } from "../drift/judge-window.ts";

/** What is told of one window: which profile, when, and its alerts. Kept in the outbox. */
export const alertMessage = z.object({
  space: z.string(),
  name: z.string(),
  version: z.string(),
  profile_uid: z.string(),
  drift_type: driftType,
  window_end: z.string(),
  alerts: z.array(z.object({ entity_name: z.string(), alert: alertMap })),
  dispatch_config: dispatchConfig,
});
export type AlertMessage = z.output<typeof alertMessage>;

const CONSOLE = { Console: { enabled: true } };

/** One message for all features of a window; one for each metric, as clients of the reference server expect. */
export function alertMessages(
  window: ClaimedWindow,
  rows: readonly AlertRow[],
): readonly AlertMessageToSend[] {
  if (rows.length === 0) return [];
  const { uid, driftType: kind, profile } = window.profile;
  const windowEnd = new Date(window.endMs).toISOString();
  const config = objectAt(objectAt(profile, "config"), "alert_config")["dispatch_config"];
  const channel = dispatchConfig.safeParse(config);
  const groups = kind === "Psi" || kind === "Spc" ? [rows] : rows.map((row) => [row]);
  return groups.map((group) => {
    const message: AlertMessage = {
      space: window.profile.space,
      name: window.profile.name,
      version: window.profile.version,
      profile_uid: uid,
      drift_type: kind,
      window_end: windowEnd,
      alerts: group.map(({ entityName, alert }) => ({ entity_name: entityName, alert })),
      dispatch_config: channel.success ? channel.data : CONSOLE,
    };
    const part = groups.length === 1 ? "" : `/${group[0]?.key ?? ""}`;
    return {
      dedupKey: `${uid}/${windowEnd}/${window.revised}${part}`,
      message: message as unknown as JsonObject,
    };
  });
}

/** The message as people read it. */
export function messageText(message: AlertMessage, style: TextStyle): string {
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
