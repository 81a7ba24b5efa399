import type { PsiProfile } from "@scouter/contracts";
import type { BinPoint, ChartPoint } from "@scouter/database";
import { populationStabilityIndex } from "@scouter/drift";
import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { apiFixture, type ApiFixture } from "../../../../test/fake/api-fixture.ts";
import { driftProfiles } from "../../../../test/fake/drift-profiles.ts";
import { profileRequestOf } from "../../../../test/fake/samples.ts";
import { psiCharts } from "./psi-chart.ts";

let fixture: ApiFixture;
let uids: Record<string, string>;
beforeEach(async () => {
  fixture = await apiFixture();
  uids = {};
  const bodies = { ...driftProfiles, Agent: undefined };
  for (const [drift_type, body] of Object.entries(bodies)) {
    const payload = { ...profileRequestOf(body), drift_type };
    const reply = await fixture.app.inject({ method: "POST", url: "/scouter/profile", payload });
    uids[drift_type] = reply.json<{ uid: string }>().uid;
  }
});
afterEach(() => fixture.close());

const now = new ManualClock().now();

async function chart(route: string, query: Record<string, string>) {
  const defaults = { space: "flights", time_interval: "OneHour", max_data_points: "10" };
  const reply = await fixture.app.inject({
    url: `/scouter/drift/${route}`,
    query: { ...defaults, ...query },
  });
  return { status: reply.statusCode, body: reply.json<Record<string, unknown>>() };
}

const points: readonly ChartPoint[] = [
  { series: "delay", bucket: "2026-03-01T10:00:00.000000Z", count: 2, average: 1, deviation: 0.25 },
  { series: "delay", bucket: "2026-03-01T10:30:00.000000Z", count: 1, average: 2, deviation: 0 },
  { series: "other", bucket: "2026-03-01T10:00:00.000000Z", count: 4, average: 5, deviation: 1 },
];

describe("GET /scouter/drift", () => {
  it("gives averages of features, newest first", async () => {
    fixture.database.chartPoints = points;
    expect(await chart("spc", { uid: uids["Spc"] ?? "" })).toEqual({
      status: 200,
      body: {
        features: {
          delay: {
            created_at: ["2026-03-01T10:30:00.000000Z", "2026-03-01T10:00:00.000000Z"],
            values: [2, 1],
            counts: [1, 2],
          },
          other: { created_at: ["2026-03-01T10:00:00.000000Z"], values: [5], counts: [4] },
        },
      },
    });
  });

  it.each([
    ["custom", "Custom"],
    ["agent/task", "Agent"],
    ["agent/workflow", "Agent"],
  ])("gives %s with one deviation to either side", async (route, kind) => {
    fixture.database.chartPoints = points.slice(0, 2);
    expect((await chart(route, { uid: uids[kind] ?? "" })).body).toEqual({
      metrics: {
        delay: {
          metric: "delay",
          created_at: ["2026-03-01T10:30:00.000000Z", "2026-03-01T10:00:00.000000Z"],
          stats: [
            { avg: 2, lower_bound: 2, upper_bound: 2 },
            { avg: 1, lower_bound: 0.75, upper_bound: 1.25 },
          ],
          counts: [1, 2],
        },
      },
    });
  });

  it("gives the index of features", async () => {
    fixture.database.binPoints = [
      { series: "delay", bucket: "2026-03-01T10:00:00.000000Z", binId: 1, count: 500 },
    ];
    const { status, body } = await chart("psi", { uid: uids["Psi"] ?? "" });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      features: { delay: { created_at: ["2026-03-01T10:00:00.000000Z"], bins: { "1": 1 } } },
    });
  });

  it("asks for the time up to now, or for the custom range", async () => {
    const uid = uids["Spc"] ?? "";
    await chart("spc", { uid });
    await chart("spc", {
      uid,
      max_data_points: "7",
      start_custom_datetime: "2026-03-01T01:00:00+01:00",
      end_custom_datetime: "2026-03-02T00:00:00Z",
    });
    expect(fixture.database.chartRanges).toEqual([
      { beginMs: now - 3_600_000, endMs: now + 1, maxPoints: 10 },
      {
        beginMs: Date.parse("2026-03-01T00:00:00Z"),
        endMs: Date.parse("2026-03-02T00:00:00Z"),
        maxPoints: 7,
      },
    ]);
  });

  it.each<[string, Record<string, string>, number, string]>([
    [
      "a range that ends where it begins",
      {
        start_custom_datetime: "2026-03-01T00:00:00Z",
        end_custom_datetime: "2026-03-01T01:00:00+01:00",
      },
      400,
      "SERVER_CHART_RANGE_INVALID",
    ],
    ["Custom without range", { time_interval: "Custom" }, 400, "SERVER_CHART_RANGE_INVALID"],
    ["no points", { max_data_points: "0" }, 400, "SERVER_PARAMETER_INVALID"],
    ["too many points", { max_data_points: "10001" }, 400, "SERVER_PARAMETER_INVALID"],
    ["another interval", { time_interval: "1hour" }, 400, "SERVER_PARAMETER_INVALID"],
    ["a time that is none", { start_custom_datetime: "now" }, 400, "SERVER_PARAMETER_INVALID"],
    ["an unknown uid", { uid: "nobody" }, 404, "SERVER_PROFILE_NOT_FOUND"],
    ["a long uid", { uid: "x".repeat(201) }, 400, "SERVER_PARAMETER_INVALID"],
  ])("refuses %s", async (_name, query, status, reason) => {
    const reply = await chart("spc", { uid: uids["Spc"] ?? "", ...query });
    expect({ status: reply.status, reason: reply.body["reason"] }).toEqual({ status, reason });
  });

  it("does not show one kind as another", async () => {
    expect((await chart("psi", { uid: uids["Spc"] ?? "" })).status).toBe(404);
  });
});

describe("psiCharts", () => {
  const bin = (id: number, proportion: number) => ({
    id,
    lower_limit: null,
    upper_limit: null,
    proportion,
  });
  const features = {
    colour: {
      id: "colour",
      bin_type: "Category",
      timestamp: "2026-01-01T00:00:00Z",
      bins: [bin(0, 0.5), bin(1, 0.5)],
    },
  } satisfies PsiProfile["features"];
  const at = (bucket: string, binId: number, count: number, series = "colour"): BinPoint => ({
    series,
    bucket,
    binId,
    count,
  });
  const psi = (...observed: number[]) => populationStabilityIndex([0.5, 0.5], observed);

  it("weighs the whole range by rows, not by points", () => {
    const chartOf = psiCharts({ features }, [at("a", 0, 300), at("b", 0, 50), at("b", 1, 50 + 1)]);
    expect(chartOf["colour"]).toEqual({
      created_at: ["b", "a"],
      counts: [101, 300],
      psi: [psi(50 / 101, 51 / 101), psi(1, 0)],
      overall_psi: psi(350 / 401, 51 / 401),
      bins: { "0": 350 / 401, "1": 51 / 401 },
    });
  });

  it("merges small points until they say something, the rest into the last", () => {
    const small = [at("a", 0, 60), at("b", 1, 60), at("c", 0, 101), at("d", 1, 5)];
    expect(psiCharts({ features }, small)["colour"]).toMatchObject({
      created_at: ["c", "a"],
      psi: [psi(101 / 106, 5 / 106), psi(0.5, 0.5)],
    });
    expect(psiCharts({ features }, [at("a", 0, 3)])["colour"]?.psi).toEqual([psi(1, 0)]);
  });

  it("leaves out former features, unseen categories and features without rows", () => {
    const rows = [at("a", 0, 200, "former"), at("a", 0, 200), at("a", 77, 999)];
    expect(psiCharts({ features }, rows)).toEqual({
      colour: {
        created_at: ["a"],
        counts: [200],
        psi: [psi(1, 0)],
        overall_psi: psi(1, 0),
        bins: { "0": 1, "1": 0 },
      },
    });
    expect(psiCharts({ features }, [at("a", 77, 999), at("a", 0, 0)])).toEqual({});
  });
});
