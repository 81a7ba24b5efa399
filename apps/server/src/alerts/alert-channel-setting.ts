import type { DispatchConfig } from "@scouter/contracts";

/**
 * A channel as a setting or a command names it: `console`, `webhook`, `alertmanager`, `pagerduty[:severity]`,
 * `slack:channel`, `opsgenie:team[:priority]`; any other word is a registered channel. Undefined when a target is missing or
 * not one.
 */
export function dispatchOfText(given: string): DispatchConfig | undefined {
  const [name = "", target = "", further = ""] = given.split(":").map((part) => part.trim());
  switch (name) {
    case "console":
      return { Console: { enabled: true } };
    case "webhook":
      return { Webhook: {} };
    case "alertmanager":
      return { Alertmanager: {} };
    case "pagerduty":
      return pagerDuty(target);
    case "slack":
      return target === "" ? undefined : { Slack: { channel: target } };
    case "opsgenie":
      return target === "" ? undefined : { OpsGenie: { team: target, priority: further || "P5" } };
    default:
      return /^[a-z][a-z0-9_-]*$/.test(given.trim()) ? { Other: { name } } : undefined;
  }
}

const SEVERITIES = ["critical", "error", "warning", "info"] as const;

function pagerDuty(given: string): DispatchConfig | undefined {
  if (given === "") return { PagerDuty: {} };
  const severity = SEVERITIES.find((known) => known === given);
  return severity === undefined ? undefined : { PagerDuty: { severity } };
}
