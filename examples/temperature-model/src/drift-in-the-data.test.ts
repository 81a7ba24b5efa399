import { serverRecord, type ServerRecord } from "@scouter/contracts";
import { checkCustom, checkPsi, checkSpc, tallyOf } from "@scouter/drift";
import { beforeAll, describe, expect, it } from "vitest";
import { observationsOf, scored } from "./observation/observe-requests.ts";
import { trainingProfiles, type TrainingProfiles } from "./profile/training-profiles.ts";
import { prepare } from "./run-model-demo.ts";
import type { Station, WeatherDay } from "./weather/weather-day.ts";
import { readWeather } from "./weather/weather-list.ts";

const TIMESTAMP = "2026-01-01T00:00:00Z";
let days: readonly WeatherDay[];
beforeAll(async () => {
  days = await readWeather();
});

/** What a server would find in one window that holds all requests. */
function verdicts(servedAt: Station, seed: number) {
  const { model, training, expectedError, requests } = prepare(days, { servedAt, seed });
  const schedule = "0 * * * * *";
  const profiles = trainingProfiles({
    training,
    model,
    expectedError,
    schedule,
    timestamp: TIMESTAMP,
  });
  const records = observationsOf(scored(model, requests), profiles, TIMESTAMP).map((record) =>
    serverRecord.parse(record),
  );
  return { psi: psiOf(profiles, records), ...chartsOf(profiles, records) };
}

function psiOf({ psi }: TrainingProfiles, records: readonly ServerRecord[]) {
  const counts = new Map<string, Map<number, number>>();
  for (const record of records) {
    if (!("Psi" in record)) continue;
    const { feature, bin_id: bin, bin_count: rows } = record.Psi;
    const bins = counts.get(feature) ?? new Map<number, number>();
    counts.set(feature, bins.set(bin, (bins.get(bin) ?? 0) + rows));
  }
  const { features } = checkPsi(psi, counts);
  return Object.fromEntries(features.map(({ feature, status }) => [feature, status]));
}

function chartsOf({ spc, custom }: TrainingProfiles, records: readonly ServerRecord[]) {
  const points = new Map<string, { window: number[] }>();
  const errors: number[] = [];
  for (const record of records) {
    if ("Custom" in record) errors.push(record.Custom.value);
    if (!("Spc" in record)) continue;
    const { feature, value } = record.Spc;
    const known = points.get(feature) ?? { window: [] };
    points.set(feature, known);
    known.window.push(value);
  }
  const [metric] = checkCustom(custom, new Map([["mae", tallyOf(errors)]])).metrics;
  const charts = checkSpc(spc, points).features;
  return {
    metric: metric?.status,
    charts: Object.fromEntries(charts.map(({ feature, status }) => [feature, status])),
  };
}

describe.each([1, 2, 3])("days in the order of seed %i", (seed) => {
  it("drift in some features, not in all, when another city is served", () => {
    const { psi, metric, charts } = verdicts("New York", seed);
    const statuses = Object.values(psi);
    expect(statuses).toContain("alert");
    expect(statuses).toContain("ok");
    expect(new Set(statuses).size).toBe(2);
    expect(Object.values(charts)).toContain("alert");
    // The relation between the features and the answer is the same in both cities: the error hardly grows.
    expect(metric).toBe("ok");
  });

  it("do not drift when the days that training left out are served", () => {
    const { psi, metric } = verdicts("Seattle", seed);
    expect(new Set(Object.values(psi))).toEqual(new Set(["ok"]));
    expect(metric).toBe("ok");
  });
});
