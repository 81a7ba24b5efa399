import { describe, expect, it } from "vitest";
import { checkCustom } from "./custom/check-custom.ts";
import { createCustomProfile } from "./custom/create-custom-profile.ts";
import { tallyOf } from "./custom/tally.ts";
import { binAssigner } from "./psi/bin-assignment.ts";
import { checkPsi } from "./psi/check-psi.ts";
import { computePsiDrift } from "./psi/compute-psi-drift.ts";
import { createPsiProfile, type CreatePsiProfileInput } from "./psi/create-psi-profile.ts";
import { computeSpcDrift } from "./spc/compute-spc-drift.ts";
import { controlLimits } from "./spc/control-limits.ts";
import { createSpcProfile } from "./spc/create-spc-profile.ts";

// Numbers that the tests of the first implementation assert, and that stand nowhere else here. Where it draws random
// data, ours come from a generator with a fixed seed, within its tolerance.

const OWNER = {
  uid: "0194f0c3-7c5e-7000-8000-000000000000",
  timestamp: "2026-01-01T00:00:00Z",
  scouterVersion: "0.1.0",
} as const;
const psiOf = (input: Omit<CreatePsiProfileInput, keyof typeof OWNER>) =>
  createPsiProfile({ ...OWNER, ...input }).profile;
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

/** Numbers in 0..1 (Park and Miller). */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
const column = (count: number, draw: () => number) => Array.from({ length: count }, draw);

/** 1000 rows of three features, each uniform over an interval of length 1 from 1, 2 and 3. */
const draw = uniform(20_240_101);
const unitColumns = {
  feature_0: column(1000, () => 1 + draw()),
  feature_1: column(1000, () => 2 + draw()),
  feature_2: column(1000, () => 3 + draw()),
};

describe("PSI", () => {
  it("has ten quantile bins unless told otherwise", () => {
    const profile = psiOf({ table: unitColumns });
    expect(profile.config.binning_strategy).toEqual({ QuantileBinning: { num_bins: 10 } });
    const firstLimits = Object.values(profile.features).map(({ bins }) => bins[0]?.upper_limit);
    for (const [i, limit] of firstLimits.entries()) {
      expect(Math.abs(Number(limit) / (i + 1.1) - 1)).toBeLessThan(0.1);
    }
  });

  it("is 0 for the baseline itself and above 0 for fresh data of the same kind", () => {
    const next = uniform(7);
    const table = () => ({
      a: column(1030, () => 10 * next()),
      b: column(1030, () => 10 * next()),
      c: column(1030, () => 10 * next()),
    });
    const baseline = table();
    const profile = psiOf({ table: baseline });
    expect(computePsiDrift(baseline, profile).features).toEqual({ a: 0, b: 0, c: 0 });
    for (const index of Object.values(computePsiDrift(table(), profile).features)) {
      expect(index).toBeGreaterThan(0);
    }
  });

  it("has half of 0, 1, 0, 1, 0, 1 in the category 0", () => {
    const profile = psiOf({ table: { c: [0, 1, 0, 1, 0, 1] }, categoricalFeatures: ["c"] });
    expect(profile.features["c"]?.bins[0]).toMatchObject({ id: 0, proportion: 0.5 });
  });

  it("numbers five categories and the missing one", () => {
    const profile = psiOf({ table: { s: ["hello", "blah", "c", "d", "e"] } });
    expect(Object.keys(profile.config.feature_map?.features["s"] ?? {})).toHaveLength(6);
  });

  it.each([
    ["the lowest value", "x", 1, 1],
    ["the highest value", "x", 1000, 10],
    ["the category 'c'", "s", "c", 2],
    ["the category 'a'", "s", "a", 0],
  ])("counts nine rows of %s in one bin", (_, feature, value, id) => {
    const s = upTo(1000).map((i) => "abcde".charAt(i % 5));
    const assigner = binAssigner(psiOf({ table: { x: upTo(1000), s } }));
    const counts = new Map<number, number>();
    for (const row of upTo(9).map(() => assigner.assign(feature, value))) {
      if (row.kind === "bin") counts.set(row.id, (counts.get(row.id) ?? 0) + 1);
    }
    expect([...counts]).toEqual([[id, 9]]);
  });

  it("alerts above its threshold by whatever little, not at it", () => {
    const profile = psiOf({ table: { x: upTo(1000) } });
    const counts = new Map([["x", new Map(upTo(10).map((id) => [id, id === 1 ? 1900 : 900]))]]);
    const at = (threshold: number) => {
      const alert_config = {
        ...profile.config.alert_config,
        threshold: { Fixed: { threshold } },
        min_effect: 0,
      };
      const [found] = checkPsi({ ...profile, config: { ...profile.config, alert_config } }, counts)
        .features as readonly [ReturnType<typeof checkPsi>["features"][number]];
      return found;
    };
    const measured = at(1);
    const psi = "psi" in measured ? measured.psi : NaN;
    expect(at(psi)).toMatchObject({ status: "ok", psi, threshold: psi });
    expect(at(psi * (1 - Number.EPSILON))).toMatchObject({ status: "alert" });
    // Of 10,000 rows in 10 bins, one-sided at 5 % of the normal form.
    const normal = { ...profile.config.alert_config, threshold: { Normal: { alpha: 0.05 } } };
    const config = {
      ...profile.config,
      alert_config: { ...normal, form: "reference" as const, min_effect: 0 },
    };
    expect(checkPsi({ ...profile, config }, counts).features[0]).toMatchObject({
      rows: 10_000,
      threshold: expect.closeTo(0.0015978523, 10),
      status: "alert",
    });
  });
});

describe("control charts", () => {
  // The bias constant, of which the first implementation keeps 32 bits.
  it.each([
    [25, 0.9896907],
    [100, 0.9974811],
    [1000, 0.99974984],
    [10_000, 0.999975],
    [100_000, 0.9999975],
  ])("of subgroups of %i correct the deviation by %d", (size, c4) => {
    const values = Float64Array.from({ length: size }, (_, i) => (i % 2 === 0 ? 1 : -1));
    const [ones, mean] = [Math.ceil(size / 2), (2 * Math.ceil(size / 2) - size) / size];
    const squares = ones * (1 - mean) ** 2 + (size - ones) * (1 + mean) ** 2;
    const deviation = Math.sqrt(squares / (size - 1));
    const { center, one_ucl } = controlLimits("x", values, size);
    expect(deviation / (one_ucl - center)).toBeCloseTo(c4, 7);
  });

  it("have their centre in the middle of uniform values", () => {
    const { features } = createSpcProfile({ ...OWNER, table: unitColumns });
    const centers = Object.values(features).map(({ center }) => center);
    for (const [i, center] of centers.entries()) {
      expect(Math.abs(center / (i + 1.5) - 1)).toBeLessThan(0.1);
    }
  });

  it("have their centre at a constant, from which nothing drifts", () => {
    const table = {
      feature_0: unitColumns.feature_0.map(Math.trunc),
      feature_1: unitColumns.feature_1.map(Math.trunc),
      feature_2: unitColumns.feature_2.map(Math.trunc),
    };
    const profile = createSpcProfile({ ...OWNER, table });
    expect(Object.values(profile.features).map(({ center }) => center)).toEqual([1, 2, 3]);
    expect(computeSpcDrift(table, profile).features["feature_0"]?.drift[0]).toBe(0);
  });
});

describe("custom metrics", () => {
  const above = (name: string, baseline: number) =>
    ({ name, baseline, threshold: "Above" }) as const;

  it("of 25 rows with 0 to 24 are 12 each; one without values says nothing", () => {
    const metrics = [above("a", 50), above("b", 50), above("c", 50)];
    const profile = createCustomProfile({ ...OWNER, metrics });
    const rows = tallyOf(upTo(25).map((i) => i - 1));
    const observed = new Map([
      ["a", rows],
      ["b", rows],
    ]);
    expect(checkCustom(profile, observed).metrics).toMatchObject([
      { metric: "a", status: "ok", observed: 12 },
      { metric: "b", status: "ok", observed: 12 },
      { metric: "c", status: "no-data" },
    ]);
  });

  it("of 16 to 17 and 10 to 11 alert above 3 and 2", () => {
    const metrics = [above("mse", 3), above("mae", 2)];
    const profile = createCustomProfile({ ...OWNER, metrics });
    const next = uniform(3);
    const observed = new Map([
      ["mse", tallyOf(column(60, () => 16 + next()))],
      ["mae", tallyOf(column(60, () => 10 + next()))],
    ]);
    const statuses = checkCustom(profile, observed).metrics.map(({ status }) => status);
    expect(statuses).toEqual(["alert", "alert"]);
  });
});
