import { evaluationResultPage, judgeCostReport } from "@scouter/contracts";
import { compileTasks, evaluateRecord, type Judging } from "@scouter/evaluate";
import { agentEvalProfile, systemClock, type JsonObject } from "@scouter/contracts";
import { ScriptedChatModel } from "@scouter/testkit/chat-model/scripted-chat-model";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiFixture, type ApiFixture } from "../../../../test/fake/api-fixture.ts";
import { aroundNow, realDatabase, type RealDatabase } from "../../../../test/fake/real-database.ts";
import { agentEval, profileRequestOf, sampleProfile } from "../../../../test/fake/samples.ts";

let real: RealDatabase;
let fixture: ApiFixture;
let uid: string;
let range: string;

const judge = {
  id: "quality",
  prompt: { model: "m", provider: "toy", messages: "Rate ${answer}" },
  operator: "Contains",
  expected_value: "fine",
  depends_on: ["has_answer"],
};

beforeAll(async () => {
  real = await realDatabase();
  fixture = await apiFixture({}, real.database);
  const sample = sampleProfile();
  const tasks = { ...(sample["tasks"] as JsonObject), judge: [judge] };
  const payload = { ...profileRequestOf({ ...sample, tasks }), active: true };
  const reply = await fixture.app.inject({ method: "POST", url: "/scouter/profile", payload });
  uid = reply.json<{ uid: string }>().uid;
  const records = [
    agentEval(uid, "good", { context: { answer: "42" } }),
    agentEval(uid, "gated", { context: { answer: "" } }),
  ];
  await fixture.app.inject({ method: "POST", url: "/scouter/message", payload: { records } });
  await evaluateAll();
  range = aroundNow();
}, 60_000);
afterAll(async () => {
  await fixture.close();
  await real.remove();
});

async function evaluateAll(): Promise<void> {
  const { evalRecords, profiles } = real.database;
  const profile = await profiles.byUid(uid);
  const tasks = compileTasks(agentEvalProfile.parse(profile?.profile).tasks);
  const model = new ScriptedChatModel({
    respond: () => ({ kind: "answer", text: "fine", inputTokens: 100, outputTokens: 20 }),
  });
  const judging: Judging = {
    models: { get: () => model },
    priceOf: () => ({ inputUsdPerMillion: 1_000, outputUsdPerMillion: 5_000 }),
  };
  const claim = { workerId: "w", limit: 9, leaseMs: 60_000 };
  for (const { claim: held, record } of await evalRecords.claim(claim)) {
    const done = await evaluateRecord({
      tasks,
      context: record.context,
      recordUid: record.uid,
      entityUid: uid,
      ports: { clock: systemClock, judging },
    });
    await evalRecords.complete([{ claim: held, tasks: done.tasks, workflow: done.workflow }]);
  }
}

const get = (route: string) => fixture.app.inject(`/scouter/v2/evaluations/${route}`);

describe("GET /scouter/v2/evaluations/results", () => {
  it("lists results of tasks with what judges used, in pages", async () => {
    const filter = `${range}&space=support&task=quality&version=0.1.0`;
    const page = evaluationResultPage.parse((await get(`results?${filter}`)).json());
    expect(page.items.map((item) => [item.record_uid, item.outcome, item.skipped_by])).toEqual([
      ["good", "passed", null],
      ["gated", "skipped", "has_answer"],
    ]);
    expect(page.items[1]).toMatchObject({ revision: 0, judge: { calls: 0, saved_calls: 1 } });
    expect(page.items[0]).toMatchObject({
      profile: { uid, version: "0.1.0" },
      judge: { calls: 1, input_tokens: 100, cost_usd: 0.2 },
    });
    const one = evaluationResultPage.parse((await get(`results?${filter}&limit=1`)).json());
    const cursor = one.next_cursor ?? "";
    const next = evaluationResultPage.parse(
      (await get(`results?${filter}&limit=1&cursor=${cursor}`)).json(),
    );
    expect([...one.items, ...next.items]).toEqual(page.items);
    expect(next.next_cursor).toBeNull();
  });

  it("refuses a cursor of another making", async () => {
    expect((await get("results?cursor=x")).statusCode).toBe(400);
  });
});

describe("GET /scouter/v2/evaluations/judges", () => {
  it("says what judges cost and what gates saved", async () => {
    const report = judgeCostReport.parse((await get(`judges?uid=${uid}&${range}`)).json());
    expect(report.items).toMatchObject([
      { task_id: "quality", judged: 1, skipped: 1, calls: 1, saved_calls: 1, cost_usd: 0.2 },
    ]);
    expect(report.total).toEqual({
      calls: 1,
      saved_calls: 1,
      input_tokens: 100,
      output_tokens: 20,
      cost_usd: 0.2,
      saved_usd: 0.2,
    });
  });
});

describe("POST /scouter/v2/evaluations/again", () => {
  const again = (payload: object) =>
    fixture.app.inject({ method: "POST", url: "/scouter/v2/evaluations/again", payload });

  it("makes one record due again, and results get a new revision", async () => {
    const reply = await again({ profile_uid: uid, record_uid: "good" });
    expect(reply.json()).toEqual({ records: 1 });
    const pending = await again({ profile_uid: uid, record_uid: "good" });
    expect([pending.statusCode, pending.json<{ code: string }>().code]).toEqual([
      409,
      "SERVER_RECORD_NOT_ENDED",
    ]);
    await evaluateAll();
    const page = evaluationResultPage.parse((await get(`results?${range}&task=quality`)).json());
    expect(page.items.map((item) => [item.record_uid, item.revision])).toEqual([
      ["good", 1],
      ["gated", 0],
    ]);
  });

  it("takes all that were given up when no record is named", async () => {
    expect((await again({ profile_uid: uid })).json()).toEqual({ records: 0 });
    expect((await again({ profile_uid: "nobody" })).statusCode).toBe(404);
    expect((await again({})).statusCode).toBe(422);
  });
});
