import {
  agentEvalProfile,
  evaluationProfilePage,
  evaluationRecordDetail,
  evaluationRecordPage,
  overview,
  passRateChart,
  systemClock,
  taskGraph,
  type JsonObject,
} from "@scouter/contracts";
import { compileTasks, evaluateRecord } from "@scouter/evaluate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiFixture, type ApiFixture } from "../../../../test/fake/api-fixture.ts";
import { aroundNow, realDatabase, type RealDatabase } from "../../../../test/fake/real-database.ts";
import { agentEval, profileRequestOf } from "../../../../test/fake/samples.ts";

let real: RealDatabase;
let fixture: ApiFixture;
let uid: string;
let range: string;
/** A uid that holds what paths and queries give a meaning to, and is longer than the framework allows by itself. */
const ODD_UID = `a/b ?&%é${"x".repeat(200)}`;

beforeAll(async () => {
  real = await realDatabase();
  fixture = await apiFixture({}, real.database);
  const payload = { ...profileRequestOf(), active: true };
  const reply = await fixture.app.inject({ method: "POST", url: "/scouter/profile", payload });
  uid = reply.json<{ uid: string }>().uid;
  const startMs = Date.now();
  const at = (second: number) => new Date(startMs + second * 1000).toISOString();
  const records = [
    agentEval(uid, "good", { created_at: at(0), trace_id: "A".repeat(32), session_id: "s" }),
    agentEval(uid, "gated", { created_at: at(1), context: { answer: "" } }),
    agentEval(uid, ODD_UID, { created_at: at(2), context: { answer: "far too long an answer" } }),
  ];
  await fixture.app.inject({ method: "POST", url: "/scouter/message", payload: { records } });
  await evaluateAll();
  const doomed = [agentEval(uid, "doomed", { created_at: at(3) })];
  await fixture.app.inject({
    method: "POST",
    url: "/scouter/message",
    payload: { records: doomed },
  });
  const claim = { workerId: "w", limit: 9, leaseMs: 60_000 };
  for (const { claim: held } of await real.database.evalRecords.claim(claim)) {
    await real.database.evalRecords.fail(held, { error: "no such model" });
  }
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
  for (const { claim, record } of await evalRecords.claim({
    workerId: "w",
    limit: 9,
    leaseMs: 60_000,
  })) {
    const { context, uid: recordUid } = record;
    const evaluation = await evaluateRecord({
      tasks,
      context,
      recordUid,
      entityUid: uid,
      ports: { clock: systemClock },
    });
    await evalRecords.complete([{ claim, ...evaluation }]);
  }
}

async function get(path: string): Promise<JsonObject> {
  const reply = await fixture.app.inject(`/scouter/v2/${path}`);
  expect(reply.statusCode, reply.body).toBe(200);
  return reply.json();
}

describe("GET /scouter/v2/evaluations/profiles", () => {
  it("shows what was evaluated, with an interval", async () => {
    const body = evaluationProfilePage.parse(await get(`evaluations/profiles?${range}`));
    expect(body.items).toMatchObject([
      {
        uid,
        space: "support",
        kind: "Agent",
        status: "active",
        records_evaluated: 3,
        tasks: { passed: 1, failed: 1, errored: 0, skipped: 1 },
        pass_rate: 0.5,
      },
    ]);
    expect(body.items[0]?.lower).toBeCloseTo(0.0945, 4);
    expect(body.items[0]?.upper).toBeCloseTo(0.9055, 4);
  });

  it("has no rate where nothing was evaluated", async () => {
    const before = "start=2026-01-01T00:00:00Z&end=2026-01-02T00:00:00Z";
    const body = await get(`evaluations/profiles?${before}&space=support`);
    expect(body).toMatchObject({
      start: "2026-01-01T00:00:00.000Z",
      items: [{ records_evaluated: 0, pass_rate: null, lower: null, upper: null }],
    });
    expect(await get("evaluations/profiles?space=elsewhere")).toMatchObject({ items: [] });
  });
});

describe("GET /scouter/v2/evaluations/pass-rate", () => {
  it("has a gap where there is no data, never a rate of 0", async () => {
    const url = `evaluations/pass-rate?uid=${uid}&${range}&buckets=4`;
    const { buckets, total, task, bucket_seconds } = passRateChart.parse(await get(url));
    expect(bucket_seconds).toBe(1800);
    expect(task).toBeNull();
    expect(buckets).toHaveLength(4);
    expect(buckets[0]).toMatchObject({ records: 0, pass_rate: null, lower: null, upper: null });
    expect(total).toMatchObject({ records: 3, pass_rate: 0.5 });
    expect(buckets.reduce((sum, { records }) => sum + records, 0)).toBe(3);
  });

  it("shows one task, a gate among them", async () => {
    const url = `evaluations/pass-rate?uid=${uid}&${range}&buckets=1&task=has_answer`;
    const { buckets } = passRateChart.parse(await get(url));
    expect(buckets).toMatchObject([{ records: 3, tasks: { passed: 2, failed: 1 } }]);
  });
});

describe("GET /scouter/v2/evaluations/records", () => {
  it("shows records with a chip for each task", async () => {
    const url = `evaluations/records?uid=${uid}&${range}`;
    const { items, next_cursor } = evaluationRecordPage.parse(await get(url));
    expect(next_cursor).toBeNull();
    expect(items.map((item) => item.uid)).toEqual(["doomed", ODD_UID, "gated", "good"]);
    expect(items[0]).toMatchObject({ status: "Failed", attempts: 1, last_error: "no such model" });
    expect(items[2]).toMatchObject({
      pass_rate: null,
      tasks: [
        { task_id: "has_answer", outcome: "failed", gate: true },
        { task_id: "is_short", outcome: "skipped", gate: false },
      ],
    });
    expect(items[3]).toMatchObject({ trace_id: "a".repeat(32), session_id: "s", pass_rate: 1 });
  });

  it.each([
    ["outcome=failed", [ODD_UID]],
    ["outcome=passed", ["good"]],
    ["outcome=failed&task=has_answer", ["gated"]],
    ["status=Failed", ["doomed"]],
    ["outcome=errored", []],
  ])("filters by %s", async (filter, expected) => {
    const { items } = evaluationRecordPage.parse(
      await get(`evaluations/records?uid=${uid}&${range}&${filter}`),
    );
    expect(items.map((item) => item.uid)).toEqual(expected);
  });

  it("follows its cursor to the end", async () => {
    const url = `evaluations/records?uid=${uid}&${range}&limit=3`;
    const first = evaluationRecordPage.parse(await get(url));
    const cursor = encodeURIComponent(first.next_cursor ?? "");
    const second = evaluationRecordPage.parse(await get(`${url}&cursor=${cursor}`));
    expect(second.items.map((item) => item.uid)).toEqual(["good"]);
    expect(second.next_cursor).toBeNull();
  });
});

describe("GET /scouter/v2/evaluations/records/{uid}", () => {
  it("shows everything, in plan order", async () => {
    const detail = evaluationRecordDetail.parse(
      await get(`evaluations/records/${encodeURIComponent(ODD_UID)}?profile_uid=${uid}`),
    );
    expect(detail).toMatchObject({
      uid: ODD_UID,
      profile: { uid, space: "support" },
      context: { answer: "far too long an answer" },
      stages: [["has_answer"], ["is_short"]],
      tasks: [
        { task_id: "has_answer", gate: true, stage: 0, outcome: "passed", depends_on: [] },
        {
          task_id: "is_short",
          kind: "Assertion",
          stage: 1,
          outcome: "failed",
          depends_on: ["has_answer"],
          operator: "HasLengthLessThan",
          expected: 10,
        },
      ],
    });
    expect(detail.tasks.every(({ duration_ms }) => duration_ms >= 0)).toBe(true);
  });

  it("shows a record that was not evaluated", async () => {
    expect(evaluationRecordDetail.parse(await get("evaluations/records/doomed"))).toMatchObject({
      status: "Failed",
      duration_ms: null,
      stages: [],
      tasks: [],
    });
  });
});

describe("GET /scouter/v2/evaluations/graph", () => {
  it("draws the tasks with what each did, and what gates held back", async () => {
    const graph = taskGraph.parse(await get(`evaluations/graph?uid=${uid}&${range}`));
    expect(graph).toMatchObject({
      records_evaluated: 3,
      stages: [["has_answer"], ["is_short"]],
      nodes: [
        { task_id: "has_answer", gate: true, counts: { passed: 2, failed: 1 } },
        {
          task_id: "is_short",
          depends_on: ["has_answer"],
          counts: { passed: 1, failed: 1, skipped: 1 },
        },
      ],
      edges: [{ from: "has_answer", to: "is_short", skipped: 1 }],
    });
  });
});

describe("GET /scouter/v2/overview", () => {
  it("counts, and says what needs somebody", async () => {
    const body = overview.parse(await get(`overview?${range}&buckets=2`));
    expect(body.buckets).toHaveLength(2);
    expect(body.totals).toMatchObject({
      records_evaluated: 3,
      tasks: { passed: 1, failed: 1, errored: 0, skipped: 1 },
      pass_rate: 0.5,
      alerts_fired: 0,
    });
    expect(body.attention).toMatchObject([
      {
        kind: "dead-records",
        severity: "critical",
        profile: { uid },
        count: 1,
        text: "1 record could not be evaluated: no such model",
        target: { record_uid: "doomed", alert_id: null },
      },
    ]);
    expect(body.attention_truncated).toBe(false);
    expect(body.delivery.records).toMatchObject({ pending: 0, oldest_pending_at: null });
    expect(body.freshness.latest_evaluation_finished).not.toBeNull();
    expect(body.freshness.latest_window_computed).toBeNull();
  });

  it("is empty but whole for a space without profiles", async () => {
    const body = overview.parse(await get("overview?space=elsewhere"));
    expect(body.buckets).toHaveLength(60);
    expect(body.totals).toMatchObject({ records_evaluated: 0, pass_rate: null });
    expect(body.attention).toEqual([]);
  });
});

describe("bad requests", () => {
  it.each([
    ["overview?buckets=0", 400, "SERVER_PARAMETER_INVALID"],
    ["overview?buckets=501", 400, "SERVER_PARAMETER_INVALID"],
    ["overview?start=yesterday", 400, "SERVER_PARAMETER_INVALID"],
    ["overview?start=2026-01-02T00:00:00Z&end=2026-01-01T00:00:00Z", 400, "SERVER_PERIOD_INVALID"],
    ["overview?start=2025-01-01T00:00:00Z&end=2026-01-01T00:00:00Z", 400, "SERVER_PERIOD_INVALID"],
    ["evaluations/profiles?limit=501", 400, "SERVER_PARAMETER_INVALID"],
    ["evaluations/profiles?cursor=x", 400, "DATABASE_CURSOR_INVALID"],
    ["evaluations/pass-rate", 400, "SERVER_PARAMETER_INVALID"],
    ["evaluations/pass-rate?uid=nobody", 404, "SERVER_PROFILE_NOT_FOUND"],
    ["evaluations/records?uid=nobody", 404, "SERVER_PROFILE_NOT_FOUND"],
    ["evaluations/records?uid=x&outcome=maybe", 400, "SERVER_PARAMETER_INVALID"],
    ["evaluations/records?uid=%00", 400, "SERVER_PARAMETER_INVALID"],
    ["evaluations/records/nothing", 404, "SERVER_RECORD_NOT_FOUND"],
    ["evaluations/graph?uid=nobody", 404, "SERVER_PROFILE_NOT_FOUND"],
  ])("%s: %i %s", async (path, status, code) => {
    const reply = await fixture.app.inject(`/scouter/v2/${path}`);
    expect(reply.statusCode, reply.body).toBe(status);
    expect(reply.headers["content-type"]).toContain("application/problem+json");
    expect(reply.json()).toMatchObject({ status, code });
  });
});
