import { dispatchConfig } from "@scouter/contracts";
import { describe, expect, it } from "vitest";
import { dispatchOfText } from "./alert-channel-setting.ts";

describe("dispatchOfText", () => {
  it.each<[string, object | undefined]>([
    ["console", { Console: { enabled: true } }],
    ["webhook", { Webhook: {} }],
    ["alertmanager", { Alertmanager: {} }],
    ["pagerduty", { PagerDuty: {} }],
    ["pagerduty:critical", { PagerDuty: { severity: "critical" } }],
    ["pagerduty:urgent", undefined],
    ["slack:#ml-alerts", { Slack: { channel: "#ml-alerts" } }],
    ["slack", undefined],
    ["opsgenie:ml", { OpsGenie: { team: "ml", priority: "P5" } }],
    ["opsgenie:ml:P2", { OpsGenie: { team: "ml", priority: "P2" } }],
    ["opsgenie:", undefined],
    ["teams", { Other: { name: "teams" } }],
    ["https://example.com", undefined],
    ["", undefined],
  ])("'%s'", (given, dispatch) => {
    expect(dispatchOfText(given)).toEqual(dispatch);
    expect(dispatchConfig.optional().parse(dispatch)).toEqual(dispatch);
  });
});
