import type { AlertTestReply } from "@scouter/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiFixture, type ApiFixture } from "../../../../test/fake/api-fixture.ts";

let fixture: ApiFixture;
beforeAll(async () => {
  fixture = await apiFixture();
});
afterAll(() => fixture.close());

const fire = (channel: string) =>
  fixture.app.inject({ method: "POST", url: "/scouter/v2/alerts/test", payload: { channel } });

describe("POST /scouter/v2/alerts/test", () => {
  it("tells a test and hands the key back", async () => {
    const reply = await fire("console");
    expect(reply.statusCode, reply.body).toBe(200);
    const told = reply.json<AlertTestReply>();
    expect(told).toMatchObject({ channel: "console", delivered: true, error: null });
    expect(told.dedup_key).toMatch(/^test\/.+/);
  });

  it.each([
    ["slack:#ml", "slack", "ALERTS_CHANNEL_NOT_CONFIGURED", "set SLACK_APP_TOKEN or "],
    ["toy", "toy", "ALERTS_CHANNEL_UNKNOWN", "correct the profile's dispatch_config"],
  ])("says why '%s' did not work", async (given, channel, code, remedy) => {
    const reply = await fire(given);
    expect(reply.statusCode).toBe(200);
    const told = reply.json<AlertTestReply>();
    expect(told).toMatchObject({ channel, delivered: false, error: { code } });
    expect(told.error?.remedy).toContain(remedy);
  });

  it("refuses what names no channel", async () => {
    const reply = await fire("slack");
    expect(reply.statusCode).toBe(400);
    expect(reply.body).toContain("SERVER_ALERT_CHANNEL_UNREADABLE");
  });
});
