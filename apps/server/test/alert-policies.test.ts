import { systemClock, type Json, type JsonObject } from "@scouter/contracts";
import { alertMessage } from "@scouter/alerts";
import { openPostgres, type Database, type RegisteredProfile } from "@scouter/database";
import { calibratedTest } from "@scouter/drift";
import { onPostgres } from "@scouter/testkit/postgres/test-postgres";
import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { DriftPlanner, GRACE_MS } from "../src/workers/drift-planner.ts";
import { DriftWorkers } from "../src/workers/drift-worker.ts";

/**
 * What the settings of a profile's alerts do, from stored rows to what somebody is told: rows of past hours are put into
 * the tables, the real planner and workers compute their windows from the database.
 */

const HOUR_MS = 3_600_000;
/** One moment for the whole file, so that an hour that ends meanwhile moves nothing. */
const STARTED_MS = Date.now();
const BINS = 10;
const BASELINE_ROWS = 10_000;
const EVEN = 200;

/** Rows of the first bin more, and of the last fewer, than the even share of 200. */
type Shift = number;
/** By feature, hour after hour; undefined: nothing was received. */
type Hours = Readonly<Record<string, readonly (Shift | undefined)[]>>;

const psiBins = Array.from({ length: BINS }, (_, index) => ({
  id: index + 1,
  lower_limit: index === 0 ? "-inf" : index,
  upper_limit: index === BINS - 1 ? "inf" : index + 1,
  proportion: 1 / BINS,
}));

function countsOf(shift: Shift): readonly number[] {
  return psiBins.map(({ id }) => EVEN + (id === 1 ? shift : id === BINS ? -shift : 0));
}

function pValueOf(shift: Shift): number {
  return calibratedTest({
    proportions: psiBins.map(({ proportion }) => proportion),
    baselineRows: BASELINE_ROWS,
    windowCounts: countsOf(shift),
    ordered: true,
  }).pValue;
}

function psiBody(features: readonly string[], alertConfig: JsonObject): JsonObject {
  const feature = (id: string): Json => ({
    id,
    bin_type: "Numeric",
    timestamp: "2026-01-01T00:00:00Z",
    baseline_count: BASELINE_ROWS,
    bins: psiBins,
  });
  return {
    features: Object.fromEntries(features.map((id) => [id, feature(id)])),
    config: {
      space: "policies",
      name: "model",
      version: "0.1.0",
      uid: "u",
      drift_type: "Psi",
      binning_strategy: { QuantileBinning: { num_bins: BINS } },
      feature_map: { features: {} },
      alert_config: {
        schedule: "0 0 * * * *",
        features_to_monitor: [...features],
        dispatch_config: { Console: { enabled: true } },
        threshold: { ChiSquare: { alpha: 0.05 } },
        form: "calibrated",
        ...alertConfig,
      },
    },
    scouter_version: "0.1.0",
  };
}

await onPostgres("the settings of alerts", (postgres) => {
  let database: Database;
  let client: Client;
  let names = 0;
  beforeAll(async () => {
    const uri = await postgres.migratedDatabase();
    database = await openPostgres({ uri, clock: systemClock });
    client = new Client({ connectionString: uri });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await database.close();
  });

  /** Registers the profile as if it had been there since the first hour, with what it received. */
  async function withHours(alertConfig: JsonObject, hours: Hours): Promise<RegisteredProfile> {
    const features = Object.keys(hours);
    const profile = await database.profiles.register({
      space: "policies",
      name: `model-${(names += 1)}`,
      driftType: "Psi",
      profile: psiBody(features, alertConfig),
      versionRequest: { version_type: "Minor" },
      active: true,
      deactivateOthers: false,
    });
    const beginMs = beginOf(hours);
    await client.query("update scouter.profile set created_at = $1 where uid = $2", [
      new Date(beginMs),
      profile.uid,
    ]);
    for (const [feature, shifts] of Object.entries(hours)) {
      for (const [hour, shift] of shifts.entries()) {
        if (shift === undefined) continue;
        await client.query(
          `insert into scouter.psi_observation
             (profile_id, series_id, received_at, created_at, position, bin_id, bin_count)
           select s.profile_id, s.id, $3, $3, 0, bin, n
           from scouter.observed_series s join scouter.profile p on p.id = s.profile_id,
             unnest($4::integer[]) with ordinality as t (n, bin)
           where p.uid = $1 and s.name = $2`,
          [profile.uid, feature, new Date(beginMs + (hour + 0.5) * HOUR_MS), countsOf(shift)],
        );
      }
    }
    await computeAll(profile, hours);
    return profile;
  }

  async function computeAll(profile: RegisteredProfile, hours: Hours): Promise<void> {
    const count = Math.max(...Object.values(hours).map(({ length }) => length));
    const nowMs = beginOf(hours) + count * HOUR_MS + GRACE_MS;
    const fail = (...problem: unknown[]) => {
      throw new Error("drift had a problem", { cause: problem });
    };
    const ignore = () => undefined;
    const planner = new DriftPlanner({
      database,
      clock: systemClock,
      nowMs: async () => nowMs,
      holder: "test",
      events: {
        onPlanned: ignore,
        onSkipped: fail,
        onScheduleError: fail,
        onLate: ignore,
        onTrouble: fail,
      },
    });
    const finished = Promise.withResolvers<void>();
    let computed = 0;
    const workers = new DriftWorkers({
      database,
      data: database.observations,
      clock: systemClock,
      workers: 1,
      processName: "test",
      events: {
        onComputed({ profile: { uid } }) {
          if (uid === profile.uid) computed += 1;
          if (computed === count) finished.resolve();
        },
        onFailed: (_window, error) => finished.reject(error),
        onStale: ignore,
        onTrouble: (error) => finished.reject(error),
      },
    });
    await workers.start();
    planner.start();
    await finished.promise;
    await Promise.all([planner.stop(), workers.drain()]);
  }

  /** The hours, from 1, in which alerts opened, and in which somebody was told. */
  async function outcome({ uid }: RegisteredProfile, hours: Hours) {
    const { items } = await database.alerts.page({ uid, limit: 100 });
    const entries = await Promise.all(items.map(({ id }) => database.alerts.entry(id)));
    const hourOf = (time: string) => (Date.parse(time) - beginOf(hours)) / HOUR_MS;
    const told = await database.alertOutbox.list({ profileUid: uid, limit: 100 });
    return {
      opened: entries
        .map((entry) => [entry!.feature, hourOf(entry!.firstWindowEnd)] as const)
        .toSorted(([a, x], [b, y]) => x - y || a.localeCompare(b)),
      told: told
        .map(({ message }) => hourOf(alertMessage.parse(message).window_end))
        .toSorted((a, b) => a - b),
    };
  }

  const plain = { false_discovery: "none", min_effect: 0 };
  /** Certain, and not. */
  const [STRONG, NONE] = [150, 0];

  it("corrects over the features of a window: one in ten that is barely unlikely alarms alone, not among them", async () => {
    const weak = 48;
    expect(pValueOf(weak)).toBeGreaterThan(0.005);
    expect(pValueOf(weak)).toBeLessThan(0.05);
    const others = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`quiet${i}`, [NONE]]));
    const hours = { weak: [weak], ...others };
    const raw = await withHours(plain, hours);
    expect(await outcome(raw, hours)).toEqual({ opened: [["weak", 1]], told: [1] });
    const corrected = await withHours({ ...plain, false_discovery: "bh" }, hours);
    expect(await outcome(corrected, hours)).toEqual({ opened: [], told: [] });
    // One that is certain is found among ten all the same.
    const certain = { ...hours, weak: [STRONG] };
    const found = await withHours({ ...plain, false_discovery: "bh" }, certain);
    expect(await outcome(found, certain)).toEqual({ opened: [["weak", 1]], told: [1] });
  });

  it("leaves alone what is certain and small", async () => {
    const small = 90;
    expect(pValueOf(small)).toBeLessThan(1e-4);
    const hours = { small: [small], large: [STRONG] };
    const all = await withHours(plain, hours);
    expect((await outcome(all, hours)).opened).toEqual([
      ["large", 1],
      ["small", 1],
    ]);
    const floor = await withHours({ ...plain, min_effect: 0.1 }, hours);
    expect((await outcome(floor, hours)).opened).toEqual([["large", 1]]);
  });

  it("waits for k of n windows", async () => {
    const hours = { f: [STRONG, NONE, NONE, STRONG, NONE, STRONG, NONE, NONE] };
    const once = await withHours(plain, hours);
    expect(await outcome(once, hours)).toEqual({
      opened: [
        ["f", 1],
        ["f", 4],
        ["f", 6],
      ],
      told: [1, 4, 6],
    });
    const patient = await withHours({ ...plain, persistence: { hits: 2, of: 3 } }, hours);
    expect(await outcome(patient, hours)).toEqual({ opened: [["f", 6]], told: [6] });
  });

  it("tells nobody of an alert that opens again while it cools down", async () => {
    const hours = { f: [STRONG, NONE, STRONG, NONE, NONE, NONE, STRONG] };
    const cool = await withHours({ ...plain, cool_down_seconds: 4 * 3600 }, hours);
    expect(await outcome(cool, hours)).toEqual({
      opened: [
        ["f", 1],
        ["f", 3],
        ["f", 7],
      ],
      told: [1, 7],
    });
  });

  it("takes silence for an alert where the profile says so, and the end of it for its end", async () => {
    const hours = { f: [NONE, undefined, undefined, NONE], g: [NONE, NONE, NONE, NONE] };
    const silent = await withHours({ ...plain, no_data: "alert" }, hours);
    expect(await outcome(silent, hours)).toEqual({ opened: [["f", 2]], told: [2] });
    expect((await database.alerts.page({ uid: silent.uid })).items).toMatchObject([
      { active: false, alert: "None" },
    ]);
    const patient = await withHours({ ...plain, no_data: "ignore" }, hours);
    expect(await outcome(patient, hours)).toEqual({ opened: [], told: [] });
  });
});

/** A full hour, long enough ago that all hours are over. */
function beginOf(hours: Hours): number {
  const count = Math.max(...Object.values(hours).map(({ length }) => length));
  return (Math.floor(STARTED_MS / HOUR_MS) - count - 2) * HOUR_MS;
}
