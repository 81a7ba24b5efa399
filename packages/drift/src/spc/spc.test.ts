import type { AlertZone, SpcProfile } from "@scouter/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkSpc } from "./check-spc.ts";
import { computeSpcDrift } from "./compute-spc-drift.ts";
import { ControlBaseline, controlLimits } from "./control-limits.ts";
import { DEFAULT_RULE, lookBackPoints, parseControlRule } from "./control-rule.ts";
import { createSpcProfile, type CreateSpcProfileInput } from "./create-spc-profile.ts";
import { evaluateRule, isAlternating, isConsecutive } from "./evaluate-rule.ts";
import { SubgroupMeans, subgroupMeans } from "./subgroups.ts";
import { zoneCode } from "./zone-code.ts";

const OWNER = {
  uid: "0194f0c3-7c5e-7000-8000-000000000000",
  timestamp: "2026-01-01T00:00:00Z",
  scouterVersion: "0.1.0",
} as const;
const create = (input: Omit<CreateSpcProfileInput, keyof typeof OWNER>) =>
  createSpcProfile({ ...OWNER, ...input });
const upTo = (count: number) => Float64Array.from({ length: count }, (_, i) => i + 1);
// The first implementation computes the bias constant in 32 bits; ours in 64: the same to 8 digits.
const near = (expected: number) => expect.closeTo(expected, 7);

describe("control limits", () => {
  it("of 1 to 50 in subgroups of 25", () => {
    expect(controlLimits("x", upTo(50), 25)).toEqual({
      center: 25.5,
      one_lcl: near(18.06353468258942),
      one_ucl: near(32.93646531741058),
      two_lcl: near(10.627069365178844),
      two_ucl: near(40.37293063482116),
      three_lcl: near(3.190604047768268),
      three_ucl: near(47.80939595223173),
    });
  });

  it("of 1 to 1030 in subgroups of 100, the last of 30 weighing as much", () => {
    const { center, one_ucl } = controlLimits("x", upTo(1030), 100);
    expect(center).toBeCloseTo(547.3181818181819, 9);
    expect(one_ucl - center).toBeCloseTo(27.24301569392529, 6);
  });

  it("leave out a last subgroup of one row, and what is not finite", () => {
    expect(controlLimits("x", upTo(51), 25)).toEqual(controlLimits("x", upTo(50), 25));
    const withGaps = upTo(50);
    withGaps[3] = NaN;
    expect(Object.values(controlLimits("x", withGaps, 25)).every(Number.isFinite)).toBe(true);
  });

  it("of the means are narrower by the square root of the subgroup's size", () => {
    const wide = controlLimits("x", upTo(50), 25);
    const narrow = controlLimits("x", upTo(50), 25, "subgroup-means");
    expect((wide.one_ucl - 25.5) / (narrow.one_ucl - 25.5)).toBeCloseTo(5, 10);
  });

  it("need two values", () => {
    expect(() => controlLimits("x", Float64Array.of(1, NaN), 25)).toThrow(
      "no drift profile of feature 'x': 1 usable values, expected at least 2",
    );
  });
});

const LIMITS = {
  center: -3.997113080300062,
  one_ucl: -1.9742384896265417,
  one_lcl: -6.019987670973582,
  two_ucl: 0.048636101046978464,
  two_lcl: -8.042862261647102,
  three_ucl: 2.071510691720498,
  three_lcl: -10.065736852320622,
};

describe("zone codes", () => {
  it.each([
    [10, 4],
    [LIMITS.three_ucl, 3],
    [2, 3],
    [LIMITS.two_ucl, 3],
    [0, 2],
    [LIMITS.one_ucl, 2],
    [-3, 1],
    [LIMITS.center, 0],
    [-4, -1],
    [LIMITS.one_lcl, -2],
    [-7, -2],
    [LIMITS.two_lcl, -3],
    [-9, -3],
    [LIMITS.three_lcl, -3],
    [-11, -4],
    [NaN, 0],
  ])("%d is %i", (value, code) => {
    expect(zoneCode(value, LIMITS)).toBe(code);
  });

  it("are 0 at the centre and 4 off it when nothing varied", () => {
    const constant = controlLimits("x", Float64Array.of(5, 5, 5), 3);
    expect([4.9, 5, 5.1].map((value) => zoneCode(value, constant))).toEqual([-4, 0, 4]);
  });

  it("grow with the value", () => {
    const value = fc.double({ min: -20, max: 20, noNaN: true });
    fc.assert(
      fc.property(value, value, (a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        expect(zoneCode(low, LIMITS)).toBeLessThanOrEqual(zoneCode(high, LIMITS));
      }),
    );
  });
});

describe("the rule", () => {
  it("reads its eight numbers", () => {
    expect(parseControlRule(DEFAULT_RULE)).toEqual([
      { zone: 1, consecutive: 8, alternating: 16 },
      { zone: 2, consecutive: 4, alternating: 8 },
      { zone: 3, consecutive: 2, alternating: 4 },
      { zone: 4, consecutive: 1, alternating: 1 },
    ]);
    expect(lookBackPoints(parseControlRule(DEFAULT_RULE))).toBe(15);
    expect(lookBackPoints(parseControlRule("0 0 0 0 0 0 1 1"))).toBe(6);
  });

  it.each([
    ["", "has 0 numbers: expected 8 integers of 0 to 1000"],
    ["8 16 4 8 2 4 1", "has 7 numbers"],
    ["8 16 4 8 2 4 1 1 1", "has 9 numbers"],
    ["8 16 4 8 2 4 1 x", "has 'x'"],
    ["8 16 4 8 2 4 1 -1", "has '-1'"],
    ["8 16 4 8 2 4 1 1.5", "has '1.5'"],
    ["8 16 4 8 2 4 1 1001", "has '1001'"],
  ])("refuses '%s'", (text, message) => {
    expect(() => parseControlRule(text)).toThrow(message);
  });
});

const ALL: readonly AlertZone[] = ["Zone1", "Zone2", "Zone3", "Zone4"];
const alertsOf = (codes: readonly number[], zonesToMonitor = ALL, rule = DEFAULT_RULE, from = 0) =>
  evaluateRule({ codes, rule: parseControlRule(rule), zonesToMonitor, from }).map(
    ({ zone, kind }) => `${zone} ${kind}`,
  );
const S = [0, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1, -2, 2, 0, 0, 3, 3, 3, 4, 0, -4, 3, -3, 3, -3, 3, -3];

describe("a trend of points", () => {
  const rising = Array.from({ length: 8 }, (_, i) => 0.1 * i);
  const codes = rising.map(() => 1);
  const trends = (trendIn?: readonly number[], from?: number) =>
    evaluateRule({
      codes,
      rule: parseControlRule("0 0 0 0 0 0 0 0"),
      zonesToMonitor: [],
      ...(trendIn && { trendIn }),
      ...(from !== undefined && { from }),
    });

  it("is one within a zone too, and over the window's border; its codes are none", () => {
    expect(trends()).toEqual([]);
    expect(trends(rising)).toEqual([{ kind: "Trend", zone: "NotApplicable" }]);
    expect(trends(rising, 7)).toHaveLength(1);
    expect(trends(rising.with(4, 0.9))).toEqual([]);
  });

  it("is looked for when the profile says so", () => {
    const table = { x: Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? 10 : -10)) };
    const found = (alert: CreateSpcProfileInput["alert"]) => {
      const profile = createSpcProfile({
        uid: "0194f0c3-7c5e-7000-8000-000000000000",
        timestamp: "2026-01-01T00:00:00Z",
        scouterVersion: "0.1.0",
        table,
        ...(alert && { alert }),
      });
      const [feature] = checkSpc(
        profile,
        new Map([["x", { window: rising.map((v) => v + 1) }]]),
      ).features;
      return feature?.status === "alert" ? feature.alerts.map(({ kind }) => kind) : [];
    };
    expect(found({ trend: "points" })).toContain("Trend");
    expect(found({})).not.toContain("Trend");
  });
});

describe("evaluation of the rule", () => {
  it.each<[string, readonly number[], readonly string[]]>([
    [
      "many kinds",
      S,
      ["Zone1 Consecutive", "Zone3 Alternating", "Zone3 Consecutive", "Zone4 OutOfBounds"],
    ],
    [
      "a trend",
      [
        0, 0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6,
        0.7,
      ],
      ["NotApplicable Trend"],
    ],
    ["nothing", [0, 0, 1, 0, 2, 0, 0, 0, 2, 0, 0, 0, 0, 1], []],
    ["nothing with fractions", [0, 1, 0, 1.1, 0, 0, 2.1, 0, 1, 1, 0, 2.1, 0, 0], []],
    [
      "out of bounds, then a run",
      [4, 1, -1, 2, -2, 1, 1, 1, 1, 1, 1, 1, 1, 1],
      ["Zone1 Consecutive", "Zone4 OutOfBounds"],
    ],
    ["one side is no alternation", [2, 3, 2, 3, 2, 3, 2, 3, 2], ["Zone2 Consecutive"]],
    ["points beyond the zone count", [3, 2, 3, 2], ["Zone2 Consecutive"]],
  ])("finds %s", (_, codes, expected) => {
    expect(alertsOf(codes)).toEqual(expected);
  });

  it("looks at the zones to monitor only", () => {
    expect(alertsOf(S, ["Zone1", "Zone4"])).toEqual(["Zone1 Consecutive", "Zone4 OutOfBounds"]);
  });

  it("leaves out what is switched off", () => {
    expect(alertsOf(S, ALL, "0 0 0 0 0 0 0 0")).toEqual([]);
  });

  it("tells runs that end in the window, also when they began before it", () => {
    const run = [1, 1, 1, 1, 1, 1, 1, 1];
    expect(alertsOf(run, ALL, DEFAULT_RULE, 7)).toEqual(["Zone1 Consecutive"]);
    expect(alertsOf([...run, 0], ALL, DEFAULT_RULE, 8)).toEqual([]);
  });

  it.each([
    ["in a row", isConsecutive, [0, 1, 1, 1, 1, 1], true],
    ["broken by the other side", isConsecutive, [0, 1, 1, -1, 1, 1], false],
    ["alternating", isAlternating, [0, 1, -1, 1, -1, 1], true],
    ["alternation broken by the centre", isAlternating, [0, 1, -1, 1, 0, 1], false],
  ] as const)("five points %s", (_, check, codes, expected) => {
    expect(check(codes, 5, 5, 1)).toBe(expected);
  });

  it("treats both sides alike", () => {
    const codes = fc.array(fc.integer({ min: -4, max: 4 }), { maxLength: 40 });
    fc.assert(
      fc.property(codes, (list) => {
        expect(alertsOf(list.map((code) => -code))).toEqual(alertsOf(list));
      }),
    );
  });
});

describe("a profile and its check", () => {
  const table = { a: upTo(200).map((i) => Math.sin(i)), b: upTo(200).map((i) => Math.cos(i)) };
  const profile = create({ table });
  const points = (window: readonly number[], before: readonly number[] = []) => ({
    window,
    before,
  });

  it("is made with the wire's defaults", () => {
    expect(profile.config).toMatchObject({
      sample_size: 25,
      space: "__missing__",
      version: "0.0.0",
      drift_type: "Spc",
      alert_config: { rule: { rule: DEFAULT_RULE }, features_to_monitor: ["a", "b"] },
    });
  });

  it("checks each feature by itself", () => {
    const found = checkSpc(profile, new Map([["a", points([9, NaN])]]));
    expect(found.features).toMatchObject([
      { feature: "a", status: "alert", points: 1, leftOut: 1, codes: [4] },
      { feature: "b", status: "no-data" },
    ]);
  });

  it("uses the points before the window, but tells nothing twice", () => {
    const { center = 0, one_ucl = 0 } = profile.features["a"] ?? {};
    const inZone1 = (center + one_ucl) / 2;
    const seven = upTo(7).map(() => inZone1);
    const check = (window: readonly number[], before: readonly number[]) =>
      checkSpc(profile, new Map([["a", points(window, before)]])).features[0]?.status;
    expect(check([inZone1], [])).toBe("ok");
    expect(check([inZone1], [...seven])).toBe("alert");
    expect(check([center], [...seven, inZone1])).toBe("ok");
  });

  it("isolates a name that the profile does not have; empty means all", () => {
    const named = (features_to_monitor: string[]): SpcProfile => ({
      ...profile,
      config: {
        ...profile.config,
        alert_config: { ...profile.config.alert_config, features_to_monitor },
      },
    });
    const window = new Map([["a", points([0])]]);
    expect(checkSpc(named(["z", "a"]), window).features).toMatchObject([
      { feature: "a", status: "ok" },
      { feature: "z", status: "error", code: "DRIFT_FEATURE_UNKNOWN" },
    ]);
    expect(checkSpc(named([]), window).features.map(({ feature }) => feature)).toEqual(["a", "b"]);
  });

  it("finds the drift of values that run away from the limits", () => {
    const running = {
      ...profile,
      features: { x: { id: "x", ...LIMITS, timestamp: OWNER.timestamp } },
    };
    running.config = {
      ...running.config,
      alert_config: { ...running.config.alert_config, features_to_monitor: ["x"] },
    };
    const window = Array.from({ length: 100 }, (_, i) => 10 + i);
    expect(checkSpc(running, new Map([["x", points(window)]])).features[0]?.status).toBe("alert");
  });

  it("charts a table in subgroups, under its own name and space", () => {
    const named = create({ table, space: "shop", name: "prices", version: "1.0.0" });
    const shifted = { a: [...upTo(50).map(() => 100), ...upTo(150).map(() => 0)] };
    const { features, ...owner } = computeSpcDrift(shifted, named);
    expect(owner).toEqual({ space: "shop", name: "prices", version: "1.0.0" });
    expect(features["a"]?.samples).toEqual([100, 100, 0, 0, 0, 0, 0, 0]);
    expect(features["a"]?.drift.slice(0, 2)).toEqual([4, 4]);
    expect(() => computeSpcDrift({ z: [1] }, named)).toThrow("feature 'z' of the table");
  });

  it.each<[string, Omit<CreateSpcProfileInput, keyof typeof OWNER>, string]>([
    ["a bad rule", { table, alert: { rule: "8" } }, "rule '8' has 1 numbers"],
    ["a bad schedule", { table, alert: { schedule: "* *" } }, "has 2 fields"],
    ["a subgroup of one", { table, sampleSize: 1 }, "a subgroup of 1 rows has no deviation"],
    ["an unknown feature", { table, alert: { features_to_monitor: ["z"] } }, "feature 'z'"],
  ])("refuses %s", (_, input, message) => {
    expect(() => create(input)).toThrow(message);
  });
});

it("cuts 1030 rows into 42 points of 25, and nine into one", () => {
  expect(subgroupMeans(upTo(1030), 25)).toHaveLength(42);
  expect(subgroupMeans(upTo(9), 25)).toEqual([5]);
  expect(subgroupMeans([1, NaN, 3, NaN, NaN], 3)).toEqual([2]);
});

it("takes rows in parts of any length", () => {
  const values = fc.array(fc.oneof(fc.integer({ min: -50, max: 50 }), fc.constant(NaN)), {
    minLength: 2,
    maxLength: 120,
  });
  const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(values, cuts, fc.integer({ min: 2, max: 12 }), (list, lengths, size) => {
      fc.pre(Number.isFinite(list[0]) && Number.isFinite(list[1]));
      const all = Float64Array.from(list);
      const [baseline, means] = [new ControlBaseline(size), new SubgroupMeans(size)];
      for (let start = 0, i = 0; start < all.length; i += 1) {
        const part = all.subarray(start, start + (lengths[i % lengths.length] as number));
        start += part.length;
        baseline.add(part);
        means.add(part);
      }
      expect(baseline.limits("f")).toEqual(controlLimits("f", all, size));
      expect(means.finish()).toEqual(subgroupMeans(all, size));
    }),
  );
});
