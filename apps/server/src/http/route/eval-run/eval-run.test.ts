import {
  evalBaselinePage,
  evalReport,
  evalRunDetail,
  evalRunPage,
  type RunDocumentInput,
} from "@scouter/contracts";
import { compareRuns, readRun, runReport } from "@scouter/evaluate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiFixture, type ApiFixture } from "../../../../test/fake/api-fixture.ts";
import { realDatabase, type RealDatabase } from "../../../../test/fake/real-database.ts";

let real: RealDatabase;
let fixture: ApiFixture;
beforeAll(async () => {
  real = await realDatabase();
  fixture = await apiFixture({}, real.database);
}, 60_000);
afterAll(async () => {
  await fixture.close();
  await real.remove();
});

function runOf(run_id: string, failing: number, fields: Partial<RunDocumentInput> = {}) {
  const run: RunDocumentInput = {
    format: "scouter-run",
    version: 1,
    run_id,
    created_at: "2026-03-01T10:00:00Z",
    suite: { name: "support", definition: "h1" },
    versions: { model: "small-1" },
    scenarios: Array.from({ length: 20 }, (_, index) => ({
      id: `s${String(index)}`,
      repeats: [
        {
          outcome: index < failing ? "failed" : "passed",
          response: `answer ${String(index)} of ${run_id}`,
          judging: { calls: 1, cost_usd: 0.01 },
        },
      ],
    })),
    ...fields,
  };
  return run;
}

async function send(method: "GET" | "POST" | "PUT", path: string, payload?: object) {
  const reply = await fixture.app.inject({
    method,
    url: `/scouter/v2/eval/${path}`,
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: reply.statusCode, body: reply.json<Record<string, unknown>>() };
}

async function stored(run: RunDocumentInput, space = "team"): Promise<number> {
  const { status, body } = await send("POST", "runs", { space, run });
  expect(status, JSON.stringify(body)).toBe(200);
  return body["id"] as number;
}

describe("runs", () => {
  it("are stored once, and shown as they were sent", async () => {
    const run = runOf("once", 2);
    const id = await stored(run);
    expect((await send("POST", "runs", { space: "team", run })).body).toEqual({
      id,
      outcome: "duplicate",
    });
    const other = await send("POST", "runs", { space: "team", run: runOf("once", 3) });
    expect(other).toMatchObject({ status: 409, body: { code: "SERVER_EVAL_RUN_TAKEN" } });
    const detail = evalRunDetail.parse((await send("GET", `runs/${String(id)}`)).body);
    expect(detail.run).toEqual(readRun(run, "sent"));
    expect(detail).toMatchObject({
      suite: "support",
      scenarios: 20,
      repeats: 1,
      pass_rate: 0.9,
      flaky: 0,
      versions: { model: "small-1" },
    });
    expect(detail.cost_usd).toBeCloseTo(0.2, 10);
  });

  it("are listed newest first with a cursor", async () => {
    for (const day of [1, 2, 3]) {
      const created_at = `2026-04-0${String(day)}T00:00:00Z`;
      await stored(runOf(`listed-${String(day)}`, day, { created_at }), "lists");
    }
    const first = evalRunPage.parse((await send("GET", "runs?space=lists&limit=2")).body);
    expect(first.items.map(({ run_id }) => run_id)).toEqual(["listed-3", "listed-2"]);
    const cursor = encodeURIComponent(first.next_cursor ?? "");
    const next = evalRunPage.parse(
      (await send("GET", `runs?space=lists&limit=2&cursor=${cursor}`)).body,
    );
    expect(next).toMatchObject({ items: [{ run_id: "listed-1" }], next_cursor: null });
    expect((await send("GET", "runs?space=lists&suite=other")).body["items"]).toEqual([]);
  });

  it("give one scenario with its answers", async () => {
    const id = await stored(runOf("answers", 0));
    const { body } = await send("GET", `runs/${String(id)}/scenario?scenario=s3`);
    expect(body).toMatchObject({ id: "s3", repeats: [{ response: "answer 3 of answers" }] });
  });

  it.each([
    ["no such run", "runs/999999", 404, "SERVER_EVAL_RUN_UNKNOWN"],
    ["no such scenario", "runs/1/scenario?scenario=none", 404, "SERVER_EVAL_RUN_SCENARIO_UNKNOWN"],
    [
      "a baseline that is not there",
      "runs/1/report?baseline=999999",
      404,
      "SERVER_EVAL_RUN_UNKNOWN",
    ],
    ["a bad cursor", "runs?cursor=x", 400, "DATABASE_CURSOR_INVALID"],
  ])("%s", async (_, path, status, code) => {
    await stored(runOf("first", 0));
    expect(await send("GET", path)).toMatchObject({ status, body: { code } });
  });

  it("are refused with the place of what is wrong", async () => {
    const run = { ...runOf("bad", 0), scenarios: [{ id: "s", repeats: [] }] };
    const { status, body } = await send("POST", "runs", { space: "team", run });
    expect(status).toBe(422);
    expect(JSON.stringify(body)).toContain("scenarios");
  });
});

describe("reports", () => {
  it("have the numbers that a comparison on the command line has", async () => {
    const [before, after] = [runOf("before", 0), runOf("after", 9)];
    const [baseline, candidate] = [await stored(before), await stored(after)];
    const path = `runs/${String(candidate)}/report?baseline=${String(baseline)}`;
    const report = evalReport.parse((await send("GET", path)).body);
    const comparison = compareRuns(readRun(before, "before"), readRun(after, "after"));
    const expected = runReport({ comparison });
    expect(report.verdict).toBe("fail");
    expect(report.metrics).toEqual(expected.metrics);
    expect(report.notes).toEqual(expected.notes);
    expect(report.scenarios[0]).toMatchObject({
      status: "regressed",
      baseline: { passes: "1/1", observations: ["passed"] },
      candidate: { passes: "0/1", observations: ["not-passed"] },
    });
    const lenient = await send("GET", `${path}&mode=threshold&threshold=0.5`);
    expect(lenient.body["verdict"]).toBe("no-regression-found");
  });

  it("tell of a run alone", async () => {
    const id = await stored(runOf("alone", 5));
    const report = evalReport.parse((await send("GET", `runs/${String(id)}/report`)).body);
    expect(report).toMatchObject({
      verdict: null,
      headline: "15 of 20 scenarios passed in every repeat",
    });
  });

  it("pass on what a comparison refuses", async () => {
    const twice = runOf("twice", 0);
    const id = await stored({ ...twice, scenarios: [...twice.scenarios, ...twice.scenarios] });
    expect(await send("GET", `runs/${String(id)}/report?baseline=${String(id)}`)).toMatchObject({
      status: 400,
      body: { code: "EVALUATE_RUN_SCENARIO_TWICE" },
    });
  });
});

describe("baselines", () => {
  it("are names that move from run to run", async () => {
    const first = await stored(runOf("main-1", 0), "names");
    const second = await stored(runOf("main-2", 1), "names");
    const promote = (run: number, space = "names") =>
      send("PUT", "baselines", { space, name: "main", run });
    expect((await promote(first)).body).toMatchObject({ name: "main", promoted_by: "admin" });
    expect((await promote(second)).status).toBe(200);
    const page = evalBaselinePage.parse((await send("GET", "baselines?space=names")).body);
    expect(page.items).toMatchObject([{ space: "names", name: "main", run: { run_id: "main-2" } }]);
    expect(await promote(first, "elsewhere")).toMatchObject({
      status: 404,
      body: { code: "SERVER_EVAL_RUN_UNKNOWN" },
    });
  });
});

describe("notify", () => {
  const pair = async (failing: number) => [
    await stored(runOf(`notify-before-${String(failing)}`, 0)),
    await stored(runOf(`notify-after-${String(failing)}`, failing)),
  ];

  it.each([
    [9, false, { verdict: "fail", channel: "console", delivered: true, error: null }],
    [1, false, { verdict: "no-regression-found", delivered: null }],
    [2, true, { verdict: "no-regression-found", delivered: true }],
  ])("of a run that fails %i more scenarios, always: %j", async (failing, always, expected) => {
    const [baseline, candidate] = await pair(failing);
    const path = `runs/${String(candidate)}/notify`;
    const reply = await send("POST", path, { channel: "console", baseline, always });
    expect(reply).toMatchObject({ status: 200, body: expected });
  });

  it("says that a channel is not set up, and refuses one that is none", async () => {
    const [baseline, candidate] = await pair(10);
    const path = `runs/${String(candidate)}/notify`;
    const webhook = await send("POST", path, { channel: "webhook", baseline });
    expect(webhook.body).toMatchObject({ delivered: false, error: expect.any(String) as string });
    expect(await send("POST", path, { channel: "slack", baseline })).toMatchObject({
      body: { code: "SERVER_ALERT_CHANNEL_UNREADABLE" },
    });
  });
});
