import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import { type AlertServer, startAlertServer } from "@scouter/testkit/alert-server/alert-server";
import {
  alertmanagerProtocol,
  opsGenieProtocol,
  pagerDutyProtocol,
  slackProtocol,
  webhookProtocol,
} from "@scouter/testkit/alert-server/provider-protocols";
import { afterEach, describe, expect, it } from "vitest";
import type { AlertMessage } from "../message/alert-message.ts";
import { alertmanagerChannel } from "./alertmanager/alertmanager-channel.ts";
import { opsGenieChannel } from "./opsgenie/opsgenie-channel.ts";
import { pagerDutyChannel } from "./pagerduty/pagerduty-channel.ts";
import { slackChannel } from "./slack/slack-channel.ts";
import { webhookChannel } from "./webhook/webhook-channel.ts";
import { isSignedByUs } from "./webhook/webhook-signature.ts";

const SECRET = "s".repeat(32);
const signal = new AbortController().signal;
let server: AlertServer;
afterEach(() => server.close());

const message: AlertMessage = {
  event: "trigger",
  space: "test_repo",
  name: "test_ml_model",
  version: "1.0.0",
  profile_uid: "u",
  drift_type: "Spc",
  window_end: "2026-01-01T00:00:00.000Z",
  incident_key: "u/hour",
  alerts: [
    spc("test_feature_1", "OutOfBounds", "Zone4"),
    spc("test_feature_2", "Consecutive", "Zone1"),
  ],
  dispatch_config: { OpsGenie: { team: "ml", priority: "P1" } },
};

function spc(
  feature: string,
  kind: "OutOfBounds" | "Consecutive",
  zone: "Zone1" | "Zone4",
): AlertMessage["alerts"][number] {
  return { entity_name: feature, alert: { Spc: { feature, kind, zone } } };
}

const bodies = () => server.requests.map(({ body }) => body);

describe("what providers are sent", () => {
  it("opsgenie: the reference's alert, with an alias", async () => {
    server = await startAlertServer(opsGenieProtocol(SECRET));
    const channel = opsGenieChannel({ apiKey: SECRET, alertsUrl: `${server.url}/v2/alerts` });
    await channel.deliver({ dedupKey: "k", message }, signal);
    expect(bodies()).toEqual([
      {
        message: "Model drift detected for test_repo/test_ml_model/1.0.0",
        alias: "k",
        description:
          "Drift has been detected for the following features:\n    test_feature_1: \n        Kind: Out of bounds\n        Zone: Zone 4\n    test_feature_2: \n        Kind: Consecutive\n        Zone: Zone 1\n",
        responders: [{ name: "ml", type: "team" }],
        visibleTo: [{ name: "ml", type: "team" }],
        tags: ["Model Drift", "Scouter"],
        priority: "P1",
      },
    ]);
  });

  it("slack: the reference's blocks, with markup of names taken out", async () => {
    server = await startAlertServer(slackProtocol(SECRET));
    const channel = slackChannel({ token: SECRET, apiUrl: `${server.url}/api` });
    const alerts = [spc("<!channel> & co", "OutOfBounds", "Zone4")];
    const dispatch_config = { Slack: { channel: "#ml" } };
    await channel.deliver(
      { dedupKey: "k", message: { ...message, alerts, dispatch_config } },
      signal,
    );
    expect(bodies()).toMatchObject([
      {
        channel: "#ml",
        blocks: [
          {
            type: "header",
            text: {
              type: "plain_text",
              text: ":rotating_light: Drift Detected :rotating_light:",
              emoji: true,
            },
          },
          {
            type: "section",
            text: {
              type: "mrkdwn",
              text: "*Name*: test_ml_model *Space*: test_repo *Version*: 1.0.0",
            },
          },
          {
            type: "section",
            text: {
              type: "mrkdwn",
              text: "Drift has been detected for the following features:\n&lt;!channel&gt; &amp; co: \n    Out of bounds error in Zone 4\n",
            },
          },
        ],
      },
    ]);
  });

  it("pagerduty: an incident that is triggered and resolved by one key", async () => {
    server = await startAlertServer(pagerDutyProtocol(SECRET));
    const channel = pagerDutyChannel({ routingKey: SECRET, eventsUrl: server.url });
    await channel.deliver({ dedupKey: "k1", message }, signal);
    await channel.deliver({ dedupKey: "k2", message: { ...message, event: "resolve" } }, signal);
    expect(bodies()).toMatchObject([
      {
        event_action: "trigger",
        dedup_key: "u/hour",
        payload: { severity: "warning", source: "test_repo/test_ml_model/1.0.0" },
      },
      { event_action: "resolve", dedup_key: "u/hour" },
    ]);
  });

  it("alertmanager: the same labels from the opening to the end", async () => {
    server = await startAlertServer(alertmanagerProtocol);
    const channel = alertmanagerChannel({ baseUrl: server.url });
    const later = { window_end: "2026-01-01T05:00:00.000Z", event: "resolve" as const };
    await channel.deliver({ dedupKey: "k1", message }, signal);
    await channel.deliver({ dedupKey: "k2", message: { ...message, ...later } }, signal);
    const [[opening], [end]] = bodies() as [[Fields], [Fields]];
    expect(end["labels"]).toEqual(opening["labels"]);
    expect(opening).toMatchObject({
      startsAt: "2026-01-01T00:00:00.000Z",
      endsAt: "2026-01-08T00:00:00.000Z",
    });
    expect(end).toMatchObject({ endsAt: "2026-01-01T05:00:00.000Z" });
  });

  it("webhook: a document that a receiver can check, and only for a while", async () => {
    server = await startAlertServer(webhookProtocol(SECRET));
    const clock = new ManualClock();
    const channel = webhookChannel({ url: `${server.url}/hook`, secret: SECRET, clock });
    await channel.deliver({ dedupKey: "k/ü", message }, signal);
    const [{ headers, text, body }] = server.requests as [AlertServer["requests"][number]];
    expect(body).toEqual({
      type: "scouter.alert.v1",
      dedup_key: "k/ü",
      event: "trigger",
      space: "test_repo",
      name: "test_ml_model",
      version: "1.0.0",
      profile_uid: "u",
      drift_type: "Spc",
      window_end: "2026-01-01T00:00:00.000Z",
      window_id: null,
      incident_key: "u/hour",
      alerts: message.alerts,
      alerts_left_out: 0,
      title: "Model drift detected for test_repo/test_ml_model/1.0.0",
      text: expect.stringContaining("test_feature_2"),
      link: null,
    });
    const request = {
      secret: SECRET,
      timestamp: String(headers["x-scouter-timestamp"]),
      signature: String(headers["x-scouter-signature"]),
      body: text,
      nowMs: clock.now(),
    };
    expect(isSignedByUs(request)).toBe(true);
    expect(isSignedByUs({ ...request, nowMs: clock.now() + 301_000 })).toBe(false);
    expect(isSignedByUs({ ...request, nowMs: clock.now() - 302_000 })).toBe(false);
    expect(isSignedByUs({ ...request, body: `${text} ` })).toBe(false);
    expect(isSignedByUs({ ...request, timestamp: `${request.timestamp}0` })).toBe(false);
    expect(isSignedByUs({ ...request, secret: "t".repeat(32) })).toBe(false);
    expect(isSignedByUs({ ...request, signature: "" })).toBe(false);
  });
});

type Fields = Readonly<Record<string, unknown>>;
