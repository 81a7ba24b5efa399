import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { apiFixture, type ApiFixture } from "../../../../test/fake/api-fixture.ts";
import { agentEval, profileRequestOf, sampleProfile } from "../../../../test/fake/samples.ts";

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await apiFixture();
});
afterEach(() => fixture.close());

const config = { space: "support", name: "answers", version: "0.0.0", drift_type: "GenAI" };

/** Registers an agent's profile as the Python client up to 0.25 does. */
async function register(): Promise<string> {
  const payload = { ...profileRequestOf(sampleProfile({ config })), drift_type: "GenAI" };
  const reply = await fixture.app.inject({ method: "POST", url: "/scouter/profile", payload });
  expect(reply.statusCode).toBe(200);
  return reply.json<{ uid: string }>().uid;
}

describe("a client that says GenAI for Agent", () => {
  it("registers a profile of the kind Agent", async () => {
    await register();
    expect(fixture.database.registered[0]).toMatchObject({
      driftType: "Agent",
      profile: { config: { drift_type: "Agent" } },
    });
  });

  it.each(["GenAI", "Agent"])("gets the profile in the word it asks with: %s", async (word) => {
    await register();
    const url = `/scouter/profile?name=answers&space=support&version=0.1.0&drift_type=${word}`;
    const reply = await fixture.app.inject({ method: "GET", url });
    expect(reply.json()).toMatchObject({ [word]: { config: { drift_type: word } } });
    expect(Object.keys(reply.json<object>())).toEqual([word]);
  });

  it("changes a profile's status", async () => {
    await register();
    const which = { name: "answers", space: "support", version: "0.1.0", drift_type: "GenAI" };
    const payload = { ...which, active: true };
    const url = "/scouter/profile/status";
    const reply = await fixture.app.inject({ method: "PUT", url, payload });
    expect(reply.statusCode).toBe(200);
  });

  it("sends its records", async () => {
    const uid = await register();
    const { AgentEval } = agentEval(uid, "01900000-0000-7000-8000-000000000001", {
      entity_type: "GenAI",
    });
    const payload = { records: [{ GenAIEval: AgentEval }] };
    const reply = await fixture.app.inject({ method: "POST", url: "/scouter/message", payload });
    expect(reply.json()).toMatchObject({ accepted: 1, rejected: [] });
  });

  it.each(["task", "workflow"])("gets the chart of its %s results", async (chart) => {
    const uid = await register();
    const query = `uid=${uid}&space=support&time_interval=OneHour&max_data_points=10`;
    const url = `/scouter/drift/genai/${chart}?${query}`;
    const reply = await fixture.app.inject({ method: "GET", url });
    expect(reply.json()).toEqual({ metrics: {} });
  });
});
