import type { AttentionItem, Overview } from "@scouter/contracts";
import type { AlertEntry, Trouble, TroubleKind } from "@scouter/database";
import { alertItemOf } from "../../../alerts/alert-item.ts";

/** After open alerts; what means that something is not watched comes first. */
const ORDER: readonly TroubleKind[] = [
  "undelivered-alerts",
  "dead-records",
  "failed-windows",
  "schedule-error",
  "no-data",
];

/** What somebody should look at, at most `most` of each kind. */
export function attentionOf(
  alerts: readonly AlertEntry[],
  troubles: readonly Trouble[],
  most: number,
): Pick<Overview, "attention" | "attention_truncated"> {
  const groups = ORDER.map((kind) => troubles.filter((trouble) => trouble.kind === kind));
  return {
    attention: [
      ...alerts.slice(0, most).map(itemOfAlert),
      ...groups.flatMap((group) => group.slice(0, most).map(itemOfTrouble)),
    ],
    attention_truncated: [alerts, ...groups].some(({ length }) => length > most),
  };
}

function itemOfAlert(entry: AlertEntry): AttentionItem {
  const { severity, since, profile, text, last_window_id } = alertItemOf(entry);
  const target = { alert_id: entry.id, window_id: last_window_id, record_uid: null };
  return { kind: "alert", severity, since, profile, text, count: 1, target };
}

function itemOfTrouble(trouble: Trouble): AttentionItem {
  const { kind, since, profile, count, recordUid, windowId } = trouble;
  // A profile that never had data may be new; one that fell silent has lost something.
  const severity = kind !== "no-data" ? "critical" : since === null ? "info" : "warning";
  const target = { alert_id: null, window_id: windowId, record_uid: recordUid };
  return { kind, severity, since, profile, text: textOf(trouble), count, target };
}

function textOf({ kind, count, error, since }: Trouble): string {
  const because = error === null ? "" : `: ${error}`;
  switch (kind) {
    case "dead-records":
      return `${counted(count, "record")} could not be evaluated${because}`;
    case "failed-windows":
      return `${counted(count, "drift window")} could not be computed${because}`;
    case "undelivered-alerts":
      return `${counted(count, "message")} about alerts could not be delivered${because}`;
    case "schedule-error":
      return `the schedule cannot be read${because}`;
    case "no-data":
      return since === null
        ? "active, but no data ever came"
        : "active, but no data came in this time range";
  }
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
