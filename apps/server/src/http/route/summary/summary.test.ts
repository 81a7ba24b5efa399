import { describe, expect, it } from "vitest";
import { apiFixture } from "../../../../test/fake/api-fixture.ts";
import { agentEval, profileRequestOf } from "../../../../test/fake/samples.ts";

describe("GET /scouter/v2/summary", () => {
  it("has no pass rate while nothing was evaluated", async () => {
    const fixture = await apiFixture();
    const body = (await fixture.app.inject("/scouter/v2/summary")).json();
    expect(body).toEqual({
      spans: 5,
      traces: 2,
      error_spans: 1,
      records: { pending: 0, processing: 0, processed: 3, failed: 1 },
      tasks: { passed: 0, failed: 0, errored: 0, skipped: 0 },
      pass_rate: null,
      alerts: { active: 1, total: 2 },
      windows: { due: 0, running: 0, done: 1, failed: 0, skipped: 0 },
      features: {
        drifted: [],
        stable: [],
      },
      profiles: [],
    });
    await fixture.close();
  });

  it("counts over all profiles and for each", async () => {
    const fixture = await apiFixture();
    for (let count = 0; count < 2; count += 1) {
      await fixture.app.inject({
        method: "POST",
        url: "/scouter/profile",
        payload: profileRequestOf(),
      });
    }
    const body = (await fixture.app.inject("/scouter/v2/summary")).json();
    const profile_uid = fixture.database.registered[0]?.uid;
    expect(body.features).toEqual({
      drifted: [{ profile_uid, name: "delay" }],
      stable: [{ profile_uid, name: "carrier" }],
    });
    expect(body).toMatchObject({
      tasks: { passed: 12, failed: 2, errored: 2, skipped: 4 },
      pass_rate: 0.75,
      profiles: [{ name: "answers", records_evaluated: 3, pass_rate: 0.75 }, {}],
    });
    await fixture.close();
  });
});

describe("POST /scouter/agent/page/record", () => {
  it("hides the profile of each row", async () => {
    const fixture = await apiFixture();
    await fixture.app.inject({
      method: "POST",
      url: "/scouter/profile",
      payload: profileRequestOf(),
    });
    const uid = fixture.database.registered[0]?.uid ?? "";
    await fixture.app.inject({
      method: "POST",
      url: "/scouter/message",
      payload: { records: [agentEval(uid, "r1")] },
    });
    const reply = await fixture.app.inject({
      method: "POST",
      url: "/scouter/agent/page/record",
      payload: { service_info: { space: "support", uid } },
    });
    expect(reply.json()).toMatchObject({ items: [{ uid: "r1", entity_id: -1, entity_uid: "" }] });
    await fixture.close();
  });
});
