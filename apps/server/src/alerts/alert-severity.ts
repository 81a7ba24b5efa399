import type { AttentionSeverity, Json } from "@scouter/contracts";
import { dispatchConfig } from "@scouter/contracts";

/**
 * How urgent an alert is: by the priority or severity that its profile's channel names (P1 and P2 critical, P4 and P5
 * info; PagerDuty's `error` is critical), because that is what its owner decided; `warning` without one.
 */
export function alertSeverity(dispatch: Json): AttentionSeverity {
  const parsed = dispatchConfig.safeParse(dispatch);
  if (!parsed.success) return "warning";
  if ("PagerDuty" in parsed.data) {
    const { severity = "warning" } = parsed.data.PagerDuty;
    return severity === "error" ? "critical" : severity;
  }
  if (!("OpsGenie" in parsed.data)) return "warning";
  const { priority } = parsed.data.OpsGenie;
  if (/^P[12]$/i.test(priority)) return "critical";
  return /^P[45]$/i.test(priority) ? "info" : "warning";
}
