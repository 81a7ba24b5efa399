import type { AlertChannel, AlertMessage } from "@scouter/alerts";
import type { DispatchConfig } from "@scouter/contracts";
import { type AlertServer, startAlertServer } from "@scouter/testkit/alert-server/alert-server";
import {
  opsGenieProtocol,
  SLACK_WEBHOOK_PATH,
  slackProtocol,
  slackWebhookProtocol,
} from "@scouter/testkit/alert-server/provider-protocols";
import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import { afterEach, expect, it } from "vitest";
import { readConfig } from "../config/read-config.ts";
import { makeAlertChannels } from "./make-alert-channels.ts";

const servers: AlertServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const toy: AlertChannel = { name: "toy", deliver: async () => undefined };
const lines: string[] = [];

function channelsOf(env: Record<string, string>) {
  const { alerts: config } = readConfig(env).config;
  const logger = { warn: (_fields: object, text: string) => void lines.push(text) };
  return makeAlertChannels({ config, logger, clock: new ManualClock(), others: [toy] });
}

async function deliver(env: Record<string, string>, dispatch: DispatchConfig): Promise<unknown> {
  const message: AlertMessage = {
    event: "trigger",
    space: "s",
    name: "n",
    version: "1.0.0",
    profile_uid: "u",
    drift_type: "Custom",
    window_end: "2026-01-01T00:00:00.000Z",
    window_id: 7,
    alerts: [{ entity_name: "x", alert: "None" }],
    dispatch_config: dispatch,
  };
  const channel = channelsOf(env).of(message);
  return channel.deliver({ dedupKey: "k", message }, new AbortController().signal).then(
    () => "delivered",
    (error: unknown) => error,
  );
}

it("posts to Slack and OpsGenie with the reference's variables, and links to the dashboard", async () => {
  const slack = await startAlertServer(slackProtocol("xoxb-1"));
  const opsGenie = await startAlertServer(opsGenieProtocol("key"));
  servers.push(slack, opsGenie);
  const env = {
    SLACK_APP_TOKEN: "xoxb-1",
    SLACK_API_URL: `${slack.url}/api/`,
    OPSGENIE_API_KEY: "key",
    OPSGENIE_API_URL: `${opsGenie.url}/v2/alerts`,
    SCOUTER_PUBLIC_URL: "https://scouter.example/",
  };
  expect(await deliver(env, { Slack: { channel: "#ml" } })).toBe("delivered");
  expect(await deliver(env, { OpsGenie: { team: "t", priority: "P1" } })).toBe("delivered");
  for (const { requests } of [slack, opsGenie]) {
    expect(requests[0]?.text).toContain("https://scouter.example/drift/u?window=7");
  }
});

it("posts to a Slack webhook where there is no token", async () => {
  const server = await startAlertServer(slackWebhookProtocol);
  servers.push(server);
  const env = { SCOUTER_SLACK_WEBHOOK_URL: `${server.url}${SLACK_WEBHOOK_PATH}` };
  expect(await deliver(env, { Slack: { channel: "#ml" } })).toBe("delivered");
});

it.each<[DispatchConfig, string]>([
  [{ Slack: { channel: "c" } }, "SLACK_APP_TOKEN or SCOUTER_SLACK_WEBHOOK_URL"],
  [{ OpsGenie: { team: "t", priority: "P1" } }, "OPSGENIE_API_KEY"],
  [{ PagerDuty: {} }, "SCOUTER_PAGERDUTY_ROUTING_KEY"],
  [{ Webhook: {} }, "SCOUTER_WEBHOOK_URL and SCOUTER_WEBHOOK_SECRET"],
  [{ Alertmanager: {} }, "SCOUTER_ALERTMANAGER_URL"],
])("%j without settings is told on the console, and says what to set", async (dispatch, needs) => {
  lines.length = 0;
  expect(await deliver({}, dispatch)).toMatchObject({
    code: "ALERTS_CHANNEL_NOT_CONFIGURED",
    remedy: `set ${needs} and restart the server`,
  });
  expect(lines).toEqual(["Drift detected for s/n/1.0.0!\nNo data of 'x' came in the window"]);
});

it("has what the server's owner registered", async () => {
  expect(await deliver({}, { Other: { name: "toy" } })).toBe("delivered");
});
