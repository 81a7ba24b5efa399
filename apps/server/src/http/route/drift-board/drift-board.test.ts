import {
  alertDetail,
  alertExplanation,
  alertItemPage,
  driftDistribution,
  driftGrid,
  driftProfilePage,
  driftWindowDetail,
  overview,
  type JsonObject,
} from "@scouter/contracts";
import type { Observation } from "@scouter/database";
import { populationStabilityIndex } from "@scouter/drift";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiFixture, type ApiFixture } from "../../../../test/fake/api-fixture.ts";
import { driftProfiles } from "../../../../test/fake/drift-profiles.ts";
import { aroundNow, realDatabase, type RealDatabase } from "../../../../test/fake/real-database.ts";
import { profileRequestOf } from "../../../../test/fake/samples.ts";
import { alertMessages } from "../../../alerts/alert-messages.ts";
import { computeWindow } from "../../../drift/compute-window.ts";
import { judgeWindow, policyOf } from "../../../drift/judge-window.ts";

const MINUTE_MS = 60_000;

let real: RealDatabase;
let fixture: ApiFixture;
let range: string;
const uids: Record<string, string> = {};
/** Id of the one window that was computed, by kind. */
const windowIds: Record<string, number> = {};

const OBSERVED: Readonly<Record<string, readonly Record<string, unknown>[]>> = {
  // All of them in the first bin: a plain shift.
  Psi: [
    { series: "delay", binId: 1, binCount: 700 },
    { series: "delay", binId: 2, binCount: 300 },
  ],
  Spc: [20, 5000].map((value) => ({ series: "delay", value })),
  Custom: [{ series: "mae", value: 9 }],
};

beforeAll(async () => {
  real = await realDatabase();
  fixture = await apiFixture({}, real.database);
  const startMs = Date.now() - MINUTE_MS;
  for (const [kind, profile] of Object.entries(driftProfiles)) {
    const body = kind === "Psi" ? watching(profile, "delay") : profile;
    const reply = await fixture.app.inject({
      method: "POST",
      url: "/scouter/profile",
      payload: { ...profileRequestOf(body), space: "flights", drift_type: kind, active: true },
    });
    const { uid } = reply.json<{ uid: string }>();
    uids[kind] = uid;
    const batch = (OBSERVED[kind] ?? []).map((values) => ({
      kind,
      profileUid: uid,
      createdAt: new Date().toISOString(),
      ...values,
    }));
    const outcomes = await real.database.observations.store(batch as unknown as Observation[]);
    expect(new Set(outcomes)).toEqual(new Set(["stored"]));
    await plan(uid, startMs);
  }
  await computeFirst();
  range = aroundNow();
}, 60_000);
afterAll(async () => {
  await fixture.close();
  await real.remove();
});

/** A PSI profile watches only what it is told to. */
function watching(profile: JsonObject, feature: string): JsonObject {
  const config = profile["config"] as JsonObject;
  const alertConfig = config["alert_config"] as JsonObject;
  const alert_config = { ...alertConfig, features_to_monitor: [feature] };
  return { ...profile, config: { ...config, alert_config } };
}

/** A window around the observations, and one that nobody computes. */
async function plan(profileUid: string, startMs: number): Promise<void> {
  const { driftWindows } = real.database;
  const toPlan = (await driftWindows.toPlan(Date.now(), 100)).find(
    (one) => one.profileUid === profileUid,
  );
  const windows = [
    { startMs, endMs: startMs + 10 * MINUTE_MS },
    { startMs: startMs + 10 * MINUTE_MS, endMs: startMs + 20 * MINUTE_MS },
  ];
  await driftWindows.plan([
    {
      profileUid,
      basis: toPlan!.basis,
      windows,
      plannedThroughMs: windows[1]!.endMs,
      nextPlanAtMs: undefined,
      paused: false,
    },
  ]);
}

async function computeFirst(): Promise<void> {
  const { driftWindows, alerts, observations } = real.database;
  for (const claimed of await driftWindows.claim({ workerId: "w", limit: 9, leaseMs: 60_000 })) {
    const computed = await computeWindow(claimed, observations);
    const { changes, toTell } = judgeWindow({
      computed,
      windowEndMs: claimed.endMs,
      states: await alerts.states(claimed.profile.uid),
      policy: policyOf(claimed.profile.profile),
    });
    await driftWindows.complete(claimed.claim, {
      result: computed.result,
      observed: computed.observed,
      settled: claimed.settled,
      alerts: changes,
      messages: alertMessages(claimed, { opened: toTell, ended: [] }),
    });
    windowIds[claimed.profile.driftType] = claimed.claim.windowId;
  }
}

async function get(path: string): Promise<JsonObject> {
  const reply = await fixture.app.inject(`/scouter/v2/${path}`);
  expect(reply.statusCode, reply.body).toBe(200);
  return reply.json();
}

const distribution = async (kind: string, query = "") =>
  driftDistribution.parse(await get(`drift/windows/${windowIds[kind]}/distribution${query}`));

describe("GET /scouter/v2/drift/profiles", () => {
  it("says how each profile stands", async () => {
    const { items } = driftProfilePage.parse(await get(`drift/profiles?${range}`));
    expect(items.map(({ kind }) => kind)).toEqual(["Custom", "Psi", "Spc"]);
    for (const item of items) {
      expect(item).toMatchObject({
        space: "flights",
        status: "active",
        schedule: "0 0 * * * *",
        time_zone: "UTC",
        features: 1,
        worst_status: "alert",
        last_window: { id: windowIds[item.kind] },
        last_measured: { id: windowIds[item.kind] },
        feature_counts: { ok: 0, alert: 1, no_data: 0, too_few_samples: 0, failed: 0 },
        windows: { done: 1, alerting: 1, failed: 0 },
      });
      expect(item.next_window_end).toMatch(/:00:00\.000Z$/);
    }
    expect(await get(`drift/profiles?${range}&kind=Psi`)).toMatchObject({
      items: [{ kind: "Psi" }],
    });
    expect(await get("drift/profiles?space=elsewhere")).toMatchObject({ items: [] });
  });
});

describe("GET /scouter/v2/drift/grid", () => {
  it("lays windows out oldest first, with the threshold that held", async () => {
    const grid = driftGrid.parse(await get(`drift/grid?uid=${uids["Psi"]}&${range}`));
    expect(grid.windows.map(({ status, alerting }) => [status, alerting])).toEqual([
      ["done", true],
      ["due", false],
    ]);
    expect(grid).toMatchObject({ features_total: 1, windows_truncated: false });
    // As the list says of the same profile.
    const list = driftProfilePage.parse(await get(`drift/profiles?${range}`));
    const listed = list.items.find(({ uid }) => uid === uids["Psi"]);
    expect(grid.expected_false_alarms_month).toBe(listed?.expected_false_alarms_month);
    const [row] = grid.features;
    expect(row).toMatchObject({ name: "delay", alerts: 1 });
    expect(row?.cells).toMatchObject([
      { status: "alert", sample_size: 1000, rules: [] },
      { status: "pending", value: null, threshold: null },
    ]);
    expect(row?.cells[0]?.value).toBeGreaterThan(row?.cells[0]?.threshold ?? Infinity);
  });

  it("names the rule that fired, and the limit of a condition", async () => {
    const spc = driftGrid.parse(await get(`drift/grid?uid=${uids["Spc"]}&${range}&limit=2`));
    const [cell] = spc.features[0]?.cells ?? [];
    expect(cell).toMatchObject({ status: "alert", sample_size: 2 });
    expect(cell?.rules).toContainEqual({ kind: "OutOfBounds", zone: "Zone4" });
    const custom = driftGrid.parse(await get(`drift/grid?uid=${uids["Custom"]}&${range}`));
    expect(custom.features[0]?.cells[0]).toMatchObject({ value: 9, threshold: 3, sample_size: 1 });
  });

  it("passes over what counted no value when it is asked to", async () => {
    const grid = await get(`drift/grid?uid=${uids["Psi"]}&${range}&limit=1&measured=true`);
    expect(grid).toMatchObject({
      windows_truncated: false,
      windows: [{ id: windowIds["Psi"], status: "done" }],
    });
  });

  it("says when the range has older windows", async () => {
    const grid = await get(`drift/grid?uid=${uids["Psi"]}&${range}&limit=1`);
    expect(grid).toMatchObject({ windows_truncated: true, windows: [{ status: "due" }] });
    const before = "start=2026-01-01T00:00:00Z&end=2026-01-02T00:00:00Z";
    expect(await get(`drift/grid?uid=${uids["Psi"]}&${before}`)).toMatchObject({
      windows: [],
      features: [{ name: "delay", alerts: 0, cells: [] }],
    });
  });
});

describe("GET /scouter/v2/drift/windows/{id}", () => {
  it("shows a window with its features, neighbours and alerts", async () => {
    const detail = driftWindowDetail.parse(await get(`drift/windows/${windowIds["Psi"]}`));
    expect(detail).toMatchObject({
      status: "done",
      alerting: true,
      profile: { uid: uids["Psi"], kind: "Psi" },
      features: [{ name: "delay", status: "alert", error: null }],
      alerts: [{ feature: "delay", opened_here: true }],
      previous_id: null,
    });
    const next = driftWindowDetail.parse(await get(`drift/windows/${detail.next_id}`));
    expect(next).toMatchObject({
      status: "due",
      features: [{ name: "delay", status: "pending", value: null }],
      previous_id: detail.id,
    });
  });
});

describe("GET /scouter/v2/alerts/{id}/explanation", () => {
  const explanationOf = async (kind: string, query = "") => {
    const { items } = alertItemPage.parse(await get(`alerts?uid=${uids[kind]}&${range}`));
    return alertExplanation.parse(await get(`alerts/${items[0]!.id}/explanation${query}`));
  };

  it("says which bins carry the index, of how many rows, and how the windows around stand", async () => {
    const { carriers, sentences, ...explained } = await explanationOf("Psi");
    const { bins } = (await distribution("Psi", "?feature=delay")) as { bins: { id: number }[] };
    expect(carriers).toHaveLength(bins.length);
    expect(carriers.map(({ psi_term: term }) => term)).toEqual(
      carriers.map(({ psi_term: term }) => term).toSorted((a, b) => b - a),
    );
    expect(carriers.reduce((sum, { share_of_psi: share }) => sum + share, 0)).toBeCloseTo(1, 9);
    expect(explained).toMatchObject({ window_size: 1000 });
    expect(explained.neighbours.map(({ status, sample_size: size }) => [status, size])).toEqual([
      ["alert", 1000],
      ["pending", null],
    ]);
    expect(sentences[0]).toMatch(/^The PSI of 'delay' was [\d.]+, against a limit of [\d.]+\.$/);
    expect(sentences.join(" ")).toMatch(/bins? carr(y|ies) [\d.]+ % of the PSI/);
    expect(sentences.at(-1)).toBe("Of the 1 windows around it 0 alerted too.");
  });

  it.each([
    ["Spc", /^'delay' left control: /],
    ["Custom", /^The mean of 'mae' was 9, against a limit of /],
  ])("explains %s without bins", async (kind, sentence) => {
    const { carriers, sentences } = await explanationOf(kind, "?window=newest");
    expect(carriers).toEqual([]);
    expect(sentences[0]).toMatch(sentence);
  });

  it.each([
    ["alerts/999999/explanation", 404, "SERVER_ALERT_NOT_FOUND"],
    ["alerts/1/explanation?window=last", 400, "SERVER_PARAMETER_INVALID"],
  ])("refuses %s with %i", async (path, status, code) => {
    const reply = await fixture.app.inject(`/scouter/v2/${path}`);
    expect(reply.statusCode).toBe(status);
    expect(reply.json()).toMatchObject({ code });
  });
});

describe("GET /scouter/v2/drift/windows/{id}/distribution", () => {
  it("holds the bins against the reference; their terms add up to the index", async () => {
    const psi = await distribution("Psi", "?feature=delay");
    if (psi.kind !== "Psi") throw new Error("expected PSI");
    const { bins, feature } = psi;
    expect(bins.reduce((sum, bin) => sum + (bin.current_count ?? 0), 0)).toBe(1000);
    expect(bins.reduce((sum, bin) => sum + (bin.psi_term ?? 0), 0)).toBeCloseTo(feature.value!, 9);
    const index = populationStabilityIndex(
      bins.map((bin) => bin.reference),
      bins.map((bin) => bin.current ?? 0),
    );
    expect(index).toBeCloseTo(feature.value!, 9);
    expect(bins[0]).toMatchObject({ lower: null, current: 0.7, current_count: 700 });
    expect(bins[0]?.label).toMatch(/^up to /);
    expect(bins.at(-1)).toMatchObject({ upper: null });
    expect(psi).toMatchObject({ reference_count: 400, profile_changed: false });
  });

  it("shows the points of a control chart with their zones", async () => {
    const spc = await distribution("Spc");
    if (spc.kind !== "Spc") throw new Error("expected SPC");
    expect(spc.points.map(({ value }) => value)).toEqual([20, 5000]);
    expect(spc.points[1]?.zone).toBe(4);
    expect(spc.three_sigma.upper).toBeGreaterThan(spc.two_sigma.upper);
    expect(spc.points_total).toBe(2);
  });

  it("shows a metric and its limits", async () => {
    expect(await distribution("Custom")).toMatchObject({
      kind: "Custom",
      value: 9,
      baseline: 2,
      condition: {
        baseline: 2,
        alert_threshold: "Above",
        delta: 1,
        lower_limit: null,
        upper_limit: 3,
      },
    });
  });
});

describe("GET /scouter/v2/alerts", () => {
  it("lists alerts of all profiles, newest first, and filters", async () => {
    const { items } = alertItemPage.parse(await get(`alerts?${range}&status=active`));
    expect(new Set(items.map(({ profile }) => profile.kind))).toEqual(
      new Set(["Psi", "Spc", "Custom"]),
    );
    const custom = items.find(({ profile }) => profile.kind === "Custom");
    expect(custom).toMatchObject({
      severity: "warning",
      status: "active",
      feature: "mae",
      text: "'mae' was 9, baseline 2, allowed +1",
      last_value: 9,
      threshold: 3,
      windows: 1,
      last_window_id: windowIds["Custom"],
    });
    const ids = async (query: string) =>
      alertItemPage.parse(await get(`alerts?${range}&${query}`)).items.map(({ id }) => id);
    expect(await ids("kind=Custom")).toEqual([custom?.id]);
    expect(await ids(`uid=${uids["Custom"]}`)).toEqual([custom?.id]);
    expect(await ids("status=resolved")).toEqual([]);
    expect(await ids("space=elsewhere")).toEqual([]);
  });

  it("follows its cursor to the end", async () => {
    const all = alertItemPage.parse(await get(`alerts?${range}`)).items.map(({ id }) => id);
    const seen: number[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const suffix = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const page = alertItemPage.parse(await get(`alerts?${range}&limit=1${suffix}`));
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.next_cursor;
    }
    expect(seen).toEqual(all);
  });
});

describe("GET /scouter/v2/alerts/{id}", () => {
  it("tells the life of an alert: states, deliveries, recent values", async () => {
    const [item] = alertItemPage.parse(await get(`alerts?${range}&kind=Psi`)).items;
    for (const { claim } of await real.database.alertOutbox.claim({
      workerId: "w",
      limit: 9,
      leaseMs: 60_000,
    })) {
      await real.database.alertOutbox.delivered(claim, { channel: "console" });
    }
    const detail = alertDetail.parse(await get(`alerts/${item?.id}`));
    expect(detail.timeline).toMatchObject([{ state: "opened", window_id: windowIds["Psi"] }]);
    expect(detail.deliveries).toMatchObject([
      {
        status: "delivered",
        attempts: [{ channel: "console", outcome: "delivered", error: null }],
      },
    ]);
    expect(detail.recent_values.map(({ status }) => status)).toEqual(["alert", "pending"]);
    expect(detail.recent_values[0]?.value).toBe(detail.last_value);

    const change = { id: detail.id, active: false, space: "flights" };
    await fixture.app.inject({ method: "PUT", url: "/scouter/alerts", payload: change });
    const seen = alertDetail.parse(await get(`alerts/${item?.id}`));
    expect(seen.status).toBe("acknowledged");
    expect(seen.timeline.map(({ state }) => state)).toEqual(["opened", "acknowledged"]);
    const back = { ...change, active: true };
    await fixture.app.inject({ method: "PUT", url: "/scouter/alerts", payload: back });
  });
});

describe("GET /scouter/v2/overview", () => {
  it("puts open alerts first", async () => {
    const body = overview.parse(await get(`overview?${range}&buckets=1`));
    expect(body.totals.windows).toEqual({ done: 3, alerting: 3, failed: 0 });
    expect(body.totals.alerts_fired).toBe(body.attention.length);
    expect(body.attention[0]).toMatchObject({ kind: "alert", severity: "warning", count: 1 });
    expect(body.attention[0]?.target.alert_id).not.toBeNull();
    expect(body.freshness.latest_window_computed).not.toBeNull();
  });
});

describe("bad requests", () => {
  it.each([
    ["drift/grid", 400, "SERVER_PARAMETER_INVALID"],
    ["drift/grid?uid=nobody", 404, "SERVER_PROFILE_NOT_FOUND"],
    ["drift/grid?uid=x&limit=501", 400, "SERVER_PARAMETER_INVALID"],
    ["drift/profiles?kind=psi", 400, "SERVER_PARAMETER_INVALID"],
    ["drift/windows/0", 400, "SERVER_PARAMETER_INVALID"],
    ["drift/windows/first", 400, "SERVER_PARAMETER_INVALID"],
    ["drift/windows/999999", 404, "SERVER_WINDOW_NOT_FOUND"],
    ["drift/windows/999999/distribution", 404, "SERVER_WINDOW_NOT_FOUND"],
    ["alerts?status=open", 400, "SERVER_PARAMETER_INVALID"],
    ["alerts?uid=nobody", 404, "SERVER_PROFILE_NOT_FOUND"],
    ["alerts/999999", 404, "SERVER_ALERT_NOT_FOUND"],
  ])("%s: %i %s", async (path, status, code) => {
    const reply = await fixture.app.inject(`/scouter/v2/${path}`);
    expect(reply.statusCode, reply.body).toBe(status);
    expect(reply.json()).toMatchObject({ status, code });
  });

  it.each(["Psi", "Spc", "Custom"])("names the features of a %s window", async (kind) => {
    const url = `/scouter/v2/drift/windows/${windowIds[kind]}/distribution?feature=other`;
    const reply = await fixture.app.inject(url);
    expect(reply.statusCode, reply.body).toBe(404);
    expect(reply.json()).toMatchObject({ code: "SERVER_FEATURE_NOT_FOUND" });
  });
});
