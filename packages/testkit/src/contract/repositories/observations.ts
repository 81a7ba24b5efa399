import type { DriftType, JsonObject } from "@scouter/contracts";
import type { Database, Observation, TimeWindow } from "@scouter/database";
import { beforeEach, describe, expect, it } from "vitest";
import { completionOf, endEverythingDue, fresh, recordFor, registerAgent } from "./samples.ts";

const NOWHERE = "019a7f0e-0000-7000-8000-000000000000";
const NOON = "2026-03-01T12:00:00.000000Z";

type DriftKind = Observation["kind"];

/** A profile of this kind whose series are `names`. */
export async function registerDrift(
  db: Database,
  driftType: DriftKind,
  names: readonly string[],
): Promise<string> {
  const { uid } = await db.profiles.register({
    space: fresh("space"),
    name: "model",
    driftType,
    profile: bodyWith(driftType, names),
    versionRequest: { version_type: "Minor" },
    active: true,
    deactivateOthers: false,
  });
  return uid;
}

function bodyWith(driftType: DriftKind, names: readonly string[]): JsonObject {
  const key = driftType === "Custom" ? "metrics" : "features";
  return { config: {}, [key]: Object.fromEntries(names.map((name) => [name, 1])) };
}

export function spc(profileUid: string, series: string, value: number, createdAt = NOON) {
  return { kind: "Spc", profileUid, series, value, createdAt } as const satisfies Observation;
}

function psi(profileUid: string, series: string, [binId, binCount]: readonly [number, number]) {
  return {
    kind: "Psi",
    profileUid,
    series,
    binId,
    binCount,
    createdAt: NOON,
  } as const satisfies Observation;
}

function custom(profileUid: string, series: string, value: number, createdAt = NOON) {
  return { kind: "Custom", profileUid, series, value, createdAt } as const satisfies Observation;
}

/** A new profile of this kind, observed `count` times since `begunMs`. */
export async function observeSome(
  db: Database,
  driftType: DriftType,
  count: number,
): Promise<{ readonly uid: string; readonly begunMs: number }> {
  const begunMs = Date.now() - 1;
  if (driftType !== "Agent") {
    const uid = await registerDrift(db, driftType, ["speed"]);
    const value = { Spc: spc, Custom: custom, Psi: () => psi(uid, "speed", [1, 1]) }[driftType];
    await db.observations.store(Array.from({ length: count }, (_, i) => value(uid, "speed", i)));
    return { uid, begunMs };
  }
  await endEverythingDue(db);
  const { uid } = await registerAgent(db);
  await db.evalRecords.store(Array.from({ length: count }, () => recordFor(uid)));
  await endEverythingDue(db);
  return { uid, begunMs };
}

/** Everything received so far, and everything from then on. The databases of tests run on this machine's clock. */
export function windowsAround(ms: number): readonly [TimeWindow, TimeWindow] {
  return [
    { startMs: 0, endMs: ms },
    { startMs: ms, endMs: ms + 3_600_000 },
  ];
}

const everything = (): TimeWindow => ({ startMs: 0, endMs: Date.now() + 60_000 });

export function observationsContract(database: () => Database): void {
  describe("observations", () => {
    let spcUid: string;
    let psiUid: string;
    let customUid: string;
    beforeEach(async () => {
      spcUid = await registerDrift(database(), "Spc", ["speed", "weight"]);
      psiUid = await registerDrift(database(), "Psi", ["speed", "colour"]);
      customUid = await registerDrift(database(), "Custom", ["mae", "bias"]);
    });

    it("tells each observation's outcome, in the order of the batch", async () => {
      const { observations } = database();
      const agent = await registerAgent(database());
      const outcomes = await observations.store([
        spc(spcUid.toUpperCase(), "speed", 1),
        spc(NOWHERE, "speed", 1),
        spc(spcUid, "sped", 1),
        psi(psiUid, "colour", [3, 7]),
        psi(spcUid, "speed", [3, 7]),
        custom(customUid, "mae", 0.5),
        custom(agent.uid, "mae", 0.5),
        custom(customUid, "MAE", 0.5),
      ]);
      expect(outcomes).toEqual([
        "stored",
        "unknown-profile",
        "unknown-series",
        "stored",
        "other-kind",
        "stored",
        "other-kind",
        "unknown-series",
      ]);
      expect(await observations.store([])).toEqual([]);
      expect(await observations.rowCount(spcUid, everything())).toBe(1);
    });

    it("keeps equal observations: the sender's clock is no identity", async () => {
      const { observations } = database();
      const same = custom(customUid, "mae", 2);
      await observations.store([same, same]);
      await observations.store([same]);
      expect(await observations.customTallies(customUid, everything())).toEqual(
        new Map([["mae", { sum: 6, count: 3 }]]),
      );
    });

    it("gives values in the order of their time, then of their arrival", async () => {
      const { observations } = database();
      const later = "2026-03-01T12:00:00.000001Z";
      await observations.store([spc(spcUid, "speed", 3, later), spc(spcUid, "speed", 1)]);
      await observations.store([
        spc(spcUid, "speed", 2),
        spc(spcUid, "speed", 2.5),
        spc(spcUid, "weight", -1e-300),
      ]);
      expect(await observations.spcValues(spcUid, everything())).toEqual(
        new Map([
          ["speed", [1, 2, 2.5, 3]],
          ["weight", [-1e-300]],
        ]),
      );
    });

    it("gives the last values that were received up to a time", async () => {
      const { observations } = database();
      await observations.store([1, 2, 3].map((value) => spc(spcUid, "speed", value)));
      expect(await observations.lastSpcValues(spcUid, Date.now() + 60_000, 2)).toEqual(
        new Map([["speed", [2, 3]]]),
      );
      expect(await observations.lastSpcValues(spcUid, 1_000, 2)).toEqual(new Map());
    });

    it("sums counts per feature and bin, beyond 32 bits", async () => {
      const { observations } = database();
      const most = 2_147_483_647;
      await observations.store([
        psi(psiUid, "speed", [1, most]),
        psi(psiUid, "speed", [1, most]),
        psi(psiUid, "speed", [-1, 4]),
        psi(psiUid, "colour", [2, 0]),
      ]);
      expect(await observations.psiBinCounts(psiUid, everything())).toEqual(
        new Map([
          [
            "speed",
            new Map([
              [-1, 4],
              [1, 2 * most],
            ]),
          ],
          ["colour", new Map([[2, 0]])],
        ]),
      );
    });

    it("sums counts of many windows at once, each its own", async () => {
      const { observations } = database();
      await observations.store([psi(psiUid, "speed", [1, 3]), psi(psiUid, "speed", [1, 4])]);
      const all = { uid: psiUid.toUpperCase(), ...everything() };
      const before = { uid: psiUid, startMs: 0, endMs: 1000 };
      expect(
        await observations.psiBinCountsOf([before, all, { ...all, uid: NOWHERE }, all]),
      ).toEqual([
        new Map(),
        new Map([["speed", new Map([[1, 7]])]]),
        new Map(),
        new Map([["speed", new Map([[1, 7]])]]),
      ]);
      expect(await observations.psiBinCountsOf([])).toEqual([]);
    });

    it.each([
      ["the largest", [Number.MAX_VALUE, Number.MAX_VALUE, 1], Infinity],
      ["the lowest", [-Number.MAX_VALUE, -Number.MAX_VALUE], -Infinity],
      ["the smallest", [Number.MIN_VALUE, 1e-300, 1], 1],
      ["values that cancel out", [1e290, -1e290, 1], 1],
    ])("adds up %s values without harm to other metrics and charts", async (_name, values, sum) => {
      const { observations } = database();
      await observations.store([
        ...values.map((value) => custom(customUid, "mae", value)),
        custom(customUid, "bias", 3),
      ]);
      const tallies = await observations.customTallies(customUid, everything());
      expect(tallies.get("mae")).toEqual({ sum, count: values.length });
      expect(tallies.get("bias")).toEqual({ sum: 3, count: 1 });
      const noonMs = Date.parse(NOON);
      const range = { beginMs: noonMs - 60_000, endMs: noonMs + 60_000, maxPoints: 2 };
      const points = await observations.customChart(customUid, range);
      expect(points.map(({ series }) => series)).toEqual(["bias", "mae"]);
      for (const point of points) expect(Number.isFinite(point.average)).toBe(true);
    });

    it("cuts time into windows that share no row and miss none", async () => {
      const { observations } = database();
      await observations.store([custom(customUid, "mae", 1)]);
      await observations.store([custom(customUid, "mae", 2)]);
      for (const ms of [Date.now() - 60_000, Date.now(), Date.now() + 60_000]) {
        const parts = await Promise.all(
          windowsAround(ms).map((window) => observations.customTallies(customUid, window)),
        );
        const sum = parts.reduce((all, part) => all + (part.get("mae")?.sum ?? 0), 0);
        expect(sum).toBe(3);
      }
    });

    it("follows the profile's body: new features are taken, former ones are not", async () => {
      const { observations, profiles } = database();
      await observations.store([spc(spcUid, "weight", 5)]);
      await profiles.replace(spcUid, bodyWith("Spc", ["speed", "length"]));
      expect(
        await observations.store([spc(spcUid, "length", 1), spc(spcUid, "weight", 6)]),
      ).toEqual(["stored", "unknown-series"]);
      await profiles.replace(spcUid, bodyWith("Spc", ["weight"]));
      expect(await observations.store([spc(spcUid, "weight", 7)])).toEqual(["stored"]);
      const values = await observations.spcValues(spcUid, everything());
      expect(values.get("weight")).toEqual([5, 7]);
    });

    it("knows nothing of strangers", async () => {
      const { observations } = database();
      expect(await observations.spcValues(NOWHERE, everything())).toEqual(new Map());
      expect(await observations.psiBinCounts(NOWHERE, everything())).toEqual(new Map());
      expect(await observations.customTallies(NOWHERE, everything())).toEqual(new Map());
      expect(await observations.rowCount(NOWHERE, everything())).toBe(0);
      expect(await observations.agentTallies(NOWHERE, everything())).toEqual({
        passRates: { sum: 0, count: 0 },
        tasks: { passed: 0, total: 0 },
        byTask: new Map(),
      });
    });

    it("refuses a batch with a time outside the calendar as a whole", async () => {
      const { observations } = database();
      const poison = spc(spcUid, "speed", 1, "0000-01-01T00:00:00Z");
      await expect(observations.store([spc(spcUid, "speed", 1), poison])).rejects.toMatchObject({
        code: "DATABASE_TIME_OUT_OF_RANGE",
      });
      expect(await observations.rowCount(spcUid, everything())).toBe(0);
    });
  });

  agentTalliesContract(database);
  chartsContract(database);
}

function agentTalliesContract(database: () => Database): void {
  it("adds up an agent's evaluations by the time their results were stored", async () => {
    const db = database();
    await endEverythingDue(db);
    const { uid } = await registerAgent(db);
    await db.evalRecords.store([recordFor(uid), recordFor(uid), recordFor(uid)]);
    const claimed = await db.evalRecords.claim({ workerId: "w", limit: 3, leaseMs: 60_000 });
    const outcomes = [
      ["passed", "failed"],
      ["passed", "passed"],
      ["skipped", "skipped"],
    ] as const;
    await db.evalRecords.complete(claimed.map((item, i) => completionOf(item, outcomes[i])));
    expect(await db.observations.agentTallies(uid, everything())).toEqual({
      passRates: { sum: 1.5, count: 2 },
      tasks: { passed: 3, total: 4 },
      byTask: new Map([
        ["task-0", { passed: 2, total: 2 }],
        ["task-1", { passed: 1, total: 2 }],
      ]),
    });
    expect(await db.observations.rowCount(uid, everything())).toBe(3);
    // The results say that they were made in March; they were stored now.
    const march = { startMs: 0, endMs: Date.parse("2026-04-01T00:00:00Z") };
    expect((await db.observations.agentTallies(uid, march)).passRates.count).toBe(0);
    const range = { beginMs: Date.parse("2026-03-01T00:00:00Z"), endMs: march.endMs, maxPoints: 1 };
    const bucket = "2026-03-01T00:00:00.000000Z";
    const [workflow] = await db.observations.agentWorkflowChart(uid, range);
    expect(workflow).toMatchObject({ series: "workflow", bucket, average: 0.75 });
    expect(workflow?.deviation).toBeCloseTo(Math.SQRT1_2 / 2, 12);
    expect(await db.observations.agentTaskChart(uid, range)).toMatchObject([
      { series: "task-0", bucket, average: 1, deviation: 0 },
      { series: "task-1", bucket, average: 0.5 },
    ]);
  });
}

function chartsContract(database: () => Database): void {
  describe("charts", () => {
    const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 0, minute)).toISOString();
    const hour = { beginMs: Date.parse(at(0)), endMs: Date.parse(at(60)) };

    it("averages values per bucket, begin included, end not", async () => {
      const { observations } = database();
      const uid = await registerDrift(database(), "Spc", ["speed"]);
      const minutes = [-1, 0, 10, 29, 30, 59, 60];
      await observations.store(minutes.map((minute) => spc(uid, "speed", minute, at(minute))));
      expect(await observations.spcChart(uid, { ...hour, maxPoints: 3 })).toEqual([
        {
          series: "speed",
          bucket: "2026-03-01T00:00:00.000000Z",
          count: 3,
          average: 13,
          deviation: expect.closeTo(14.73, 2),
        },
        {
          series: "speed",
          bucket: "2026-03-01T00:30:00.000000Z",
          count: 2,
          average: 44.5,
          deviation: expect.closeTo(20.51, 2),
        },
      ]);
    });

    it.each([1, 2, 3, 7, 60, 1000])("has at most %i points", async (maxPoints) => {
      const { observations } = database();
      const uid = await registerDrift(database(), "Custom", ["mae"]);
      const minutes = Array.from({ length: 120 }, (_, i) => i / 2);
      await observations.store(minutes.map((minute) => custom(uid, "mae", 1, at(minute))));
      const range = { beginMs: hour.beginMs + 1_234, endMs: hour.endMs - 4_321, maxPoints };
      const points = await observations.customChart(uid, range);
      expect(points.length).toBeGreaterThan(0);
      expect(points.length).toBeLessThanOrEqual(maxPoints);
      expect(new Set(points.map(({ bucket }) => bucket)).size).toBe(points.length);
    });

    it("sums the counts of bins per bucket", async () => {
      const { observations } = database();
      const uid = await registerDrift(database(), "Psi", ["speed"]);
      const bins = [
        [0, 1, 5],
        [10, 1, 6],
        [10, 2, 1],
        [40, 1, 2],
      ] as const;
      await observations.store(
        bins.map(([minute, ...bin]) => ({ ...psi(uid, "speed", bin), createdAt: at(minute) })),
      );
      expect(await observations.psiChart(uid, { ...hour, maxPoints: 3 })).toEqual([
        { series: "speed", bucket: "2026-03-01T00:00:00.000000Z", binId: 1, count: 11 },
        { series: "speed", bucket: "2026-03-01T00:00:00.000000Z", binId: 2, count: 1 },
        { series: "speed", bucket: "2026-03-01T00:30:00.000000Z", binId: 1, count: 2 },
      ]);
    });
  });
}
