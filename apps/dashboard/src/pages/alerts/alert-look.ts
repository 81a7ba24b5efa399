import type { AlertDelivery, AlertEvent, AlertStatus, AttentionSeverity } from "@scouter/contracts";
import type { Status } from "../../figure/status-chip.tsx";

interface Look {
  readonly status: Status;
  readonly word: string;
}

const statuses: Readonly<Record<AlertStatus, Look>> = {
  active: { status: "alert", word: "Open" },
  acknowledged: { status: "warning", word: "Acknowledged" },
  resolved: { status: "ok", word: "Resolved" },
};

const severities: Readonly<Record<AttentionSeverity, Look>> = {
  critical: { status: "alert", word: "Critical" },
  warning: { status: "warning", word: "Warning" },
  info: { status: "inactive", word: "Info" },
};

const deliveries: Readonly<Record<AlertDelivery["status"], Look>> = {
  pending: { status: "pending", word: "Waiting" },
  sending: { status: "running", word: "Being sent" },
  delivered: { status: "ok", word: "Delivered" },
  failed: { status: "failed", word: "Not delivered" },
};

const events: Readonly<Record<AlertEvent["state"], Look>> = {
  opened: { status: "alert", word: "Opened" },
  ongoing: { status: "alert", word: "Still alerting" },
  acknowledged: { status: "warning", word: "Acknowledged" },
  resolved: { status: "ok", word: "Resolved" },
};

export const alertLook = (status: AlertStatus): Look => statuses[status];
export const severityLook = (severity: AttentionSeverity): Look => severities[severity];
export const deliveryLook = (status: AlertDelivery["status"]): Look => deliveries[status];
export const eventLook = (state: AlertEvent["state"]): Look => events[state];

/** Choices for a `Select`. */
export const alertStatuses = Object.entries(statuses).map(([value, { word }]) => ({
  value,
  label: word,
}));

/** Worst last. */
export function severityWeight(severity: AttentionSeverity): number {
  const order: readonly AttentionSeverity[] = ["info", "warning", "critical"];
  return order.indexOf(severity);
}
