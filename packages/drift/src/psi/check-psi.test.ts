import type { PsiProfile } from "@scouter/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binAssigner } from "./bin-assignment.ts";
import { checkPsi } from "./check-psi.ts";
import { computePsiDrift } from "./compute-psi-drift.ts";
import { createPsiProfile, type CreatePsiProfileInput } from "./create-psi-profile.ts";

const OWNER = {
  uid: "0194f0c3-7c5e-7000-8000-000000000000",
  timestamp: "2026-01-01T00:00:00Z",
  scouterVersion: "0.1.0",
} as const;
const create = (input: Omit<CreatePsiProfileInput, keyof typeof OWNER>) =>
  createPsiProfile({ ...OWNER, ...input });
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
const D20 = [120, 1, 33, 71, 15, 59, 8, 62, 4, 21, 10, 2, 344, 437, 53, 39, 83, 6, 4.3, 2];
const limits = (profile: PsiProfile, feature: string) =>
  profile.features[feature]?.bins.map(({ lower_limit, upper_limit }) => [lower_limit, upper_limit]);
const shares = (profile: PsiProfile, feature: string) =>
  profile.features[feature]?.bins.map(({ proportion }) => proportion);

describe("a profile", () => {
  it("has quantile bins, open on the left and closed on the right", () => {
    const { profile, notes } = create({ table: { x: D20 } });
    const edges = limits(profile, "x") ?? [];
    expect(edges[0]).toEqual(["-inf", 2]);
    expect(edges.at(-1)?.[1]).toBe("inf");
    expect(shares(profile, "x")).toEqual([0.15, 0.05, ...Array.from({ length: 8 }, () => 0.1)]);
    expect(profile.features["x"]?.baseline_count).toBe(20);
    expect(notes).toEqual([]);
  });

  it("has bins of equal width", () => {
    const binning = { EqualWidthBinning: { method: { Manual: { num_bins: 5 } } } };
    const { profile } = create({ table: { x: upTo(10) }, binning });
    expect(limits(profile, "x")?.map(([, upper]) => upper)).toEqual([2.8, 4.6, 6.4, 8.2, "inf"]);
    expect(shares(profile, "x")).toEqual([0.2, 0.2, 0.2, 0.2, 0.2]);
  });

  it.each([
    ["SquareRoot", 5],
    ["Sturges", 6],
    ["Rice", 6],
    ["Doane", 8],
    ["Scott", 4],
    ["TerrellScott", 3],
    ["FreedmanDiaconis", 11],
  ])("has as many bins as %s says: %i", (method, bins) => {
    const binning = { EqualWidthBinning: { method: { [method]: null } } };
    const { profile } = create({
      table: { x: D20 },
      binning: binning as NonNullable<CreatePsiProfileInput["binning"]>,
    });
    expect(profile.features["x"]?.bins).toHaveLength(bins);
  });

  it("bins texts by category, in the order of their bytes", () => {
    const { profile } = create({ table: { c: ["b", "a", null, "\u{1f600}", "\ufffd", "a"] } });
    expect(profile.config.feature_map?.features["c"]).toEqual({
      a: 0,
      b: 1,
      "\ufffd": 2,
      "\u{1f600}": 3,
      missing: 4,
    });
    expect(profile.features["c"]).toMatchObject({ bin_type: "Category", baseline_count: 5 });
    expect(shares(profile, "c")).toEqual([0.4, 0.2, 0.2, 0.2]);
    expect(profile.config.categorical_features).toEqual(["c"]);
  });

  it("bins numbers by category when asked: three bins of 18 values", () => {
    const table = { n: upTo(18).map((i) => (i % 3) + 1) };
    const { profile } = create({ table, categoricalFeatures: ["n"] });
    expect(profile.features["n"]?.bins.map(({ id }) => id)).toEqual([1, 2, 3]);
  });

  it("tells what was not as asked", () => {
    const table = { constant: [4, 4, NaN, 4], x: [1, 2, 3, Infinity] };
    const { notes } = create({
      table,
      binning: { EqualWidthBinning: { method: { Doane: null } } },
    });
    expect(notes.map(({ feature, kind }) => `${feature}: ${kind}`)).toEqual([
      "constant: values-left-out",
      "constant: rule-replaced",
      "constant: edges-merged",
      "x: values-left-out",
    ]);
  });

  it("merges edges that repeat", () => {
    const table = { x: [...upTo(90).map(() => 0), ...upTo(10)] };
    const { profile, notes } = create({ table });
    expect(profile.features["x"]?.bins.map(({ id }) => id)).toEqual(
      upTo(notes.length === 1 ? 3 : 0),
    );
  });

  it.each<[string, Omit<CreatePsiProfileInput, keyof typeof OWNER>, string]>([
    ["no columns", { table: {} }, "it has no columns"],
    ["columns of two lengths", { table: { a: [1], b: [1, 2] } }, "'b' has 2 rows, 'a' has 1"],
    ["no usable value", { table: { a: [NaN, null] } }, "'a': 0 usable values, expected at least 1"],
    [
      "an unknown category",
      { table: { a: [1] }, categoricalFeatures: ["b"] },
      "'b' of categorical",
    ],
    ["an unknown feature", { table: { a: [1] }, alert: { features_to_monitor: ["c"] } }, "'c' of"],
    ["a bad schedule", { table: { a: [1] }, alert: { schedule: "daily" } }, "'daily' has 1 field"],
    [
      "one bin",
      { table: { a: [1] }, binning: { QuantileBinning: { num_bins: 1 } } },
      "2 bins, got 1",
    ],
    [
      "a large code",
      { table: { a: [1e12] }, categoricalFeatures: ["a"] },
      "category '1000000000000'",
    ],
  ])("is refused with %s", (_, input, message) => {
    expect(() => create(input)).toThrow(message);
  });

  it("does not depend on the order of rows, and is no drift from itself", () => {
    const values = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1 });
    const texts = fc.constantFrom("a", "b", "c", "missing");
    fc.assert(
      fc.property(values, fc.infiniteStream(texts), (x, stream) => {
        const c = x.map(() => stream.next().value as string);
        const { profile } = create({ table: { x, c } });
        const turned = create({ table: { x: x.toReversed(), c: c.toReversed() } });
        expect(turned.profile).toEqual(profile);
        expect(computePsiDrift({ x, c }, profile).features).toEqual({ c: 0, x: 0 });
      }),
    );
  });
});

describe("assignment to bins", () => {
  const { profile } = create({
    table: {
      x: upTo(8),
      c: ["a", "b", "c", "d", "e", "a", "b", "c"],
      n: upTo(8).map((i) => i % 2),
    },
    binning: { QuantileBinning: { num_bins: 4 } },
    categoricalFeatures: ["n"],
  });
  const assigner = binAssigner(profile);

  it.each<[string, number | string | null, object]>([
    ["x", 2.75, { kind: "bin", id: 1 }],
    ["x", 2.76, { kind: "bin", id: 2 }],
    ["x", -1e300, { kind: "bin", id: 1 }],
    ["x", 1e300, { kind: "bin", id: 4 }],
    ["x", NaN, { kind: "missing" }],
    ["x", -Infinity, { kind: "missing" }],
    ["x", null, { kind: "missing" }],
    ["c", "c", { kind: "bin", id: 2 }],
    ["c", "zebra", { kind: "unseen", id: 5 }],
    ["c", "constructor", { kind: "unseen", id: 5 }],
    ["n", 1.9, { kind: "bin", id: 1 }],
    ["n", 7, { kind: "unseen", id: 7 }],
    ["n", 1e15, { kind: "unseen", id: -1 }],
    ["n", "x", { kind: "unseen", id: -1 }],
    ["y", 1, { kind: "unknown-feature" }],
  ])("%s = %s", (feature, value, expected) => {
    expect(assigner.assign(feature, value)).toEqual(expected);
  });
});

/** Ten bins with a tenth each. */
function tenths(features: readonly string[], alert: object): PsiProfile {
  const table = Object.fromEntries(features.map((name) => [name, upTo(1000)]));
  const { profile } = create({ table });
  const { form: _, min_effect: __, ...rest } = profile.config.alert_config;
  return { ...profile, config: { ...profile.config, alert_config: { ...rest, ...alert } } };
}
const tally = (counts: readonly number[]) => new Map(counts.map((count, i) => [i + 1, count]));
const statuses = (profile: PsiProfile, counts: Map<string, Map<number, number>>) =>
  Object.fromEntries(
    checkPsi(profile, counts).features.map(({ feature, status }) => [feature, status]),
  );

describe("the check of a window, in the reference's form", () => {
  const profile = tenths(["feature_1", "feature_2", "feature_3"], {
    threshold: { ChiSquare: { alpha: 0.05 } },
  });
  const even = tally(upTo(10).map(() => 3000));
  const skewed = tally(upTo(10).map((id) => (id % 2 === 0 ? 30_000 : 3000)));

  it("alerts on the one feature that moved", () => {
    const counts = new Map([
      ["feature_1", skewed],
      ["feature_2", even],
      ["feature_3", even],
    ]);
    const [moved, ...others] = checkPsi(profile, counts).features;
    expect(moved).toMatchObject({
      status: "alert",
      rows: 165_000,
      pValue: null,
      calibrated: false,
    });
    expect(moved).toHaveProperty("psi", expect.closeTo(0.9419666269, 9));
    expect(moved).toHaveProperty("threshold", expect.closeTo(1.0253926e-4, 10));
    expect(others.map((other) => [other.status, "psi" in other && other.psi])).toEqual([
      ["ok", expect.closeTo(0, 12)],
      ["ok", expect.closeTo(0, 12)],
    ]);
  });

  it("alerts above the threshold only, not at it", () => {
    const window = tally([190, 10, ...upTo(8).map(() => 100)]);
    const index = 0.09 * Math.log(1.9) + 0.09 * Math.log(10);
    const at = (threshold: number) =>
      statuses(tenths(["x"], { threshold: { Fixed: { threshold } } }), new Map([["x", window]]));
    expect([at(index - 1e-6), at(index + 1e-6)]).toEqual([{ x: "alert" }, { x: "ok" }]);
  });

  it("says how many rows are missing, and of each feature by itself", () => {
    const counts = new Map([
      ["feature_1", tally(upTo(10).map(() => 6))],
      ["feature_2", tally(upTo(10).map(() => 10))],
      ["feature_3", tally([101])],
    ]);
    const { features } = checkPsi(profile, counts);
    expect(features[0]).toEqual({
      feature: "feature_1",
      status: "insufficient-data",
      have: 60,
      need: 101,
    });
    expect(features[1]).toMatchObject({ status: "insufficient-data", have: 100 });
    expect(features[2]).toMatchObject({ status: "alert", rows: 101 });
  });

  it.each<[string, Map<number, number> | undefined, object]>([
    ["nothing observed", undefined, { status: "no-data" }],
    ["only empty bins", tally([0, 0]), { status: "no-data" }],
    ["a negative count", tally([-1]), { status: "error", code: "DRIFT_OBSERVATION_INVALID" }],
    [
      "half a row",
      tally([0.5]),
      { status: "error", message: expect.stringContaining("count of 0.5") },
    ],
    ["a bin too many", new Map([[11, 5]]), { message: expect.stringContaining("no such bin") }],
  ])("isolates %s", (_, counts, expected) => {
    const all = new Map([["feature_2", even]]);
    if (counts !== undefined) all.set("feature_1", counts);
    const { features } = checkPsi(profile, all);
    expect(features[0]).toMatchObject(expected);
    expect(features[1]?.status).toBe("ok");
  });

  it("isolates a monitored name that the profile does not have, and broken bins", () => {
    const { feature_1: first, ...features } = profile.features;
    const alert_config = {
      ...profile.config.alert_config,
      features_to_monitor: ["feature_2", "gone", "feature_1"],
    };
    const broken = {
      ...profile,
      features: { ...features, feature_1: { ...first!, bins: first!.bins.slice(1) } },
      config: { ...profile.config, alert_config },
    };
    const found = checkPsi(broken, new Map([["feature_2", even]])).features;
    expect(found).toMatchObject([
      { feature: "feature_1", status: "error", code: "DRIFT_BINS_INVALID" },
      { feature: "feature_2", status: "ok" },
      { feature: "gone", status: "error", code: "DRIFT_FEATURE_UNKNOWN" },
    ]);
  });

  it("takes names that every object has for what they are", () => {
    const hostile = { constructor: upTo(1000), toString: upTo(1000) };
    const { profile: named } = create({ table: hostile });
    expect(Object.keys(named.features)).toEqual(["constructor", "toString"]);
    const alert_config = { ...profile.config.alert_config, features_to_monitor: ["constructor"] };
    const unknown = { ...profile, config: { ...profile.config, alert_config } };
    expect(checkPsi(unknown, new Map()).features[0]).toMatchObject({
      status: "error",
      code: "DRIFT_FEATURE_UNKNOWN",
    });
  });

  it("monitors nothing when nothing is named", () => {
    const alert_config = { ...profile.config.alert_config, features_to_monitor: [] };
    const none = { ...profile, config: { ...profile.config, alert_config } };
    expect(checkPsi(none, new Map([["feature_1", skewed]])).features).toEqual([]);
  });

  it("never alerts on a single category, but counts the unseen ones", () => {
    const { profile: single } = create({ table: { c: upTo(50).map(() => "only") } });
    const reference = { ...single.config.alert_config, form: "reference" as const, min_effect: 0 };
    const found = checkPsi(
      { ...single, config: { ...single.config, alert_config: reference } },
      new Map([
        [
          "c",
          new Map([
            [0, 90],
            [1, 10],
          ]),
        ],
      ]),
    );
    expect(found.features).toMatchObject([
      { status: "ok", threshold: null, unseen: { rows: 10, share: 0.1 } },
    ]);
  });
});

describe("the check of a window, calibrated", () => {
  const small = tally([130, 70, ...upTo(8).map(() => 100)]);
  const none = { form: "calibrated", min_effect: 0 };

  it("alerts on a shift that both samples support", () => {
    const profile = tenths(["x"], none);
    const [found] = checkPsi(profile, new Map([["x", small]])).features;
    expect(found).toMatchObject({ status: "ok", calibrated: true });
    const strong = tally([200, 10, ...upTo(8).map(() => 100)]);
    const [shifted] = checkPsi(profile, new Map([["x", strong]])).features;
    expect(shifted).toMatchObject({ status: "alert", reasons: ["distribution"] });
  });

  it("corrects for the number of features, unless told otherwise", () => {
    const names = upTo(8).map((i) => `f${i}`);
    const flat = tally(upTo(10).map(() => 100));
    const counts = new Map(
      names.map((name, i) => [name, i === 0 ? tally([145, 60, ...upTo(8).map(() => 100)]) : flat]),
    );
    const by = (false_discovery: string) =>
      checkPsi(tenths(names, { ...none, false_discovery }), counts).features[0];
    expect(by("none")).toMatchObject({ status: "alert" });
    expect(by("bh")).toMatchObject({ status: "ok" });
  });

  it("leaves a certain but small shift alone below the effect floor", () => {
    const large = tally([13_000, 7000, ...upTo(8).map(() => 10_000)]);
    const { baseline_count: __, ...rest } = tenths(["x"], none).features["x"]!;
    const withFloor = (min_effect: number) => {
      const profile = tenths(["x"], { form: "calibrated", min_effect });
      return checkPsi({ ...profile, features: { x: rest } }, new Map([["x", large]])).features[0];
    };
    expect(withFloor(0)).toMatchObject({ status: "alert", calibrated: false });
    expect(withFloor(0.1)).toMatchObject({ status: "ok", threshold: 0.1 });
  });

  it("alerts on new categories by themselves", () => {
    const { profile } = create({ table: { c: upTo(2000).map((i) => (i % 2 === 0 ? "a" : "b")) } });
    const window = (unseen: number) =>
      new Map([
        [
          "c",
          new Map([
            [0, 500],
            [1, 500],
            [2, unseen],
          ]),
        ],
      ]);
    expect(checkPsi(profile, window(0)).features[0]).toMatchObject({ status: "ok" });
    expect(checkPsi(profile, window(5)).features[0]).toMatchObject({ status: "ok" });
    expect(checkPsi(profile, window(50)).features[0]).toMatchObject({
      status: "alert",
      reasons: ["unseen-categories"],
      unseen: { rows: 50 },
    });
  });
});

describe("drift of a table", () => {
  it("leaves out what the baseline left out, and refuses unknown columns", () => {
    const { profile } = create({ table: { x: D20, c: D20.map((_, i) => (i < 10 ? "a" : "b")) } });
    const table = { x: [...D20, NaN, null, Infinity] };
    expect(computePsiDrift(table, profile)).toMatchObject({
      features: { x: 0 },
      space: "__missing__",
    });
    expect(computePsiDrift({ c: ["a", "z"] }, profile).features["c"]).toBeGreaterThan(1);
    expect(computePsiDrift({ x: [NaN] }, profile).features).toEqual({});
    expect(() => computePsiDrift({ z: [1] }, profile)).toThrow(
      "feature 'z' of the table not found",
    );
  });
});
