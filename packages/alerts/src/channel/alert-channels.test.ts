import { describe, expect, it } from "vitest";
import type { AlertMessage } from "../message/alert-message.ts";
import type { AlertChannel, Delivery } from "./alert-channel.ts";
import { AlertChannels } from "./alert-channels.ts";
import { unconfiguredChannel } from "./unconfigured-channel.ts";
import { webhookChannel } from "./webhook/webhook-channel.ts";

const signal = new AbortController().signal;
const delivery: Delivery = { dedupKey: "k", message: {} as AlertMessage };

function toy(name: string, told: string[] = []): AlertChannel {
  return { name, deliver: async ({ dedupKey }) => void told.push(`${name} ${dedupKey}`) };
}

describe("AlertChannels", () => {
  const names = ["console", "slack", "opsgenie", "pagerduty", "webhook", "alertmanager", "toy"];
  const channels = new AlertChannels(names.map((name) => toy(name)));

  it.each<[AlertMessage["dispatch_config"], string]>([
    [{ Console: { enabled: true } }, "console"],
    [{ Slack: { channel: "c" } }, "slack"],
    [{ OpsGenie: { team: "t", priority: "P1" } }, "opsgenie"],
    [{ PagerDuty: {} }, "pagerduty"],
    [{ Webhook: {} }, "webhook"],
    [{ Alertmanager: {} }, "alertmanager"],
    [{ Other: { name: "toy" } }, "toy"],
  ])("%j goes to %s", async (dispatch, name) => {
    const channel = channels.of({ dispatch_config: dispatch });
    expect(channel.name).toBe(name);
    await channel.deliver(delivery, signal);
  });

  it("rejects what goes to a channel that is not there, and says which are", async () => {
    const channel = channels.of({ dispatch_config: { Other: { name: "tyo" } } });
    expect(channel.name).toBe("tyo");
    await expect(channel.deliver(delivery, signal)).rejects.toMatchObject({
      code: "ALERTS_CHANNEL_UNKNOWN",
      message: `no alert channel has the name 'tyo': there are ${names.join(", ")}`,
    });
  });

  it("has every name once", () => {
    expect(() => new AlertChannels([toy("a"), toy("a")])).toThrow(
      expect.objectContaining({ code: "ALERTS_CHANNEL_TWICE" }),
    );
  });
});

describe("unconfiguredChannel", () => {
  it("is heard elsewhere, and fails", async () => {
    const told: string[] = [];
    const channel = unconfiguredChannel("slack", "SLACK_APP_TOKEN", toy("console", told));
    await expect(channel.deliver(delivery, signal)).rejects.toMatchObject({
      code: "ALERTS_CHANNEL_NOT_CONFIGURED",
      kind: "invalid",
      remedy: "set SLACK_APP_TOKEN and restart the server",
    });
    expect(told).toEqual(["console k"]);
  });
});

describe("settings of a channel", () => {
  const clock = { now: () => 0 };
  it.each([
    ["no URL", "secret-place", "s".repeat(32)],
    ["another scheme", "file:///etc/secret-place", "s".repeat(32)],
    ["a short secret", "https://example.com/secret-place", "short-secret"],
  ])("refuses %s without showing it", (_name, url, secret) => {
    const refused = () => webhookChannel({ url, secret, clock });
    expect(refused).toThrow(expect.objectContaining({ code: "ALERTS_SETTING_INVALID" }));
    expect(refused).not.toThrow(/secret-place|short-secret/);
  });
});
