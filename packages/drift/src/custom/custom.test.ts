import type { AlertThreshold } from "@scouter/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { conditionAlerts, conditionLimits } from "./alert-condition.ts";
import { checkCustom } from "./check-custom.ts";
import { createCustomProfile, type CustomMetric } from "./create-custom-profile.ts";
import { addTallies, EMPTY_TALLY, tallyOf } from "./tally.ts";

const OWNER = { uid: "0194f0c3-7c5e-7000-8000-000000000000", scouterVersion: "0.1.0" } as const;
const create = (...metrics: readonly CustomMetric[]) => createCustomProfile({ ...OWNER, metrics });

describe("conditions", () => {
  it.each([
    ["Above", { lower: null, upper: 5.5 }, [5.5], [5.51]],
    ["Below", { lower: 4.5, upper: null }, [4.5], [4.49]],
    ["Outside", { lower: 4.5, upper: 5.5 }, [4.5, 5.5], [4.49, 5.51]],
  ] as const)("%s alerts just beyond its limits", (alert_threshold, limits, calm, alerting) => {
    const condition = { baseline_value: 5, alert_threshold, delta: 0.5 };
    expect(conditionLimits(condition)).toEqual(limits);
    for (const value of calm) expect(conditionAlerts(condition, value)).toBe(false);
    for (const value of alerting) expect(conditionAlerts(condition, value)).toBe(true);
  });

  it.each<[AlertThreshold, number, number | null, number, boolean]>([
    ["Above", 12.02, 1, 14, true],
    ["Above", 12.02, 1, 12.5, false],
    ["Above", 1, null, 1, false],
    ["Below", 0.75, null, 0.65, true],
    ["Below", 0.75, null, 0.76, false],
    ["Below", 5, 1, 3, true],
    ["Below", 5, 1, 5, false],
    ["Below", 5, 1, 4, false],
    ["Outside", 12.5, 2, 22, true],
    ["Outside", 12.5, 2, 10.4, true],
    ["Outside", 12.5, 2, 14.5, false],
    ["Outside", 12.5, null, 12.5, false],
    ["Outside", 12.5, null, 12.6, true],
    ["Outside", 12.5, null, NaN, false],
  ])(
    "%s %d with delta %s, observed %d: %s",
    (alert_threshold, baseline_value, delta, observed, expected) => {
      expect(conditionAlerts({ baseline_value, alert_threshold, delta }, observed)).toBe(expected);
    },
  );
});

describe("a custom profile", () => {
  it("has the wire's form, with names in lower case", () => {
    const profile = createCustomProfile({
      ...OWNER,
      space: "test",
      name: "test",
      metrics: [{ name: "Accuracy", baseline: 0.75, threshold: "Below", delta: 0.05 }],
      alert: { schedule: "0 0 * * * *", dispatch_config: { Slack: { channel: "test_channel" } } },
    });
    expect(profile).toEqual({
      config: {
        alert_config: {
          alert_conditions: {
            accuracy: { alert_threshold: "Below", baseline_value: 0.75, delta: 0.05 },
          },
          dispatch_config: { Slack: { channel: "test_channel" } },
          schedule: "0 0 * * * *",
        },
        drift_type: "Custom",
        name: "test",
        space: "test",
        sample_size: 25,
        version: "0.0.0",
        uid: OWNER.uid,
      },
      metrics: { accuracy: 0.75 },
      scouter_version: "0.1.0",
    });
  });

  it.each<[string, readonly CustomMetric[], string]>([
    ["no metric", [], "a custom profile has no metric"],
    [
      "a negative delta",
      [{ name: "m", baseline: 1, threshold: "Above", delta: -1 }],
      "alert condition of 'm': delta -1 is not a number of 0 or more",
    ],
    ["a baseline that is none", [{ name: "m", baseline: NaN, threshold: "Above" }], "baseline NaN"],
    [
      "one name twice",
      [
        { name: "M", baseline: 1, threshold: "Above" },
        { name: "m", baseline: 1, threshold: "Above" },
      ],
      "the name is taken",
    ],
  ])("is refused with %s", (_, metrics, message) => {
    expect(() => create(...metrics)).toThrow(message);
  });
});

describe("the check of a window", () => {
  const profile = create(
    { name: "mse", baseline: 3, threshold: "Above" },
    { name: "mae", baseline: 2, threshold: "Above", delta: 20 },
    { name: "rare", baseline: 2, threshold: "Below" },
  );

  it("weighs every observation alike, whatever its batch", () => {
    const batches = addTallies(tallyOf([16, 17]), tallyOf([1]));
    const check = checkCustom(
      profile,
      new Map([
        ["mse", batches],
        ["mae", tallyOf([10, 11])],
      ]),
    );
    expect(check.metrics).toMatchObject([
      { metric: "mae", status: "ok", observed: 10.5, count: 2 },
      { metric: "mse", status: "alert", observed: 34 / 3, count: 3 },
      { metric: "rare", status: "no-data" },
    ]);
  });

  it("isolates a mean that is no number and a condition that cannot be", () => {
    const conditions = profile.config.alert_config.alert_conditions ?? {};
    const alert_conditions = {
      ...conditions,
      mae: { baseline_value: 2, alert_threshold: "Above" as const, delta: -1 },
    };
    const broken = {
      ...profile,
      config: {
        ...profile.config,
        alert_config: { ...profile.config.alert_config, alert_conditions },
      },
    };
    const tallies = new Map([
      ["mse", tallyOf([NaN])],
      ["mae", tallyOf([1])],
      ["rare", tallyOf([1])],
    ]);
    expect(checkCustom(broken, tallies).metrics).toMatchObject([
      { metric: "mae", status: "error", code: "DRIFT_CONDITION_INVALID" },
      { metric: "mse", status: "error", code: "DRIFT_OBSERVATION_INVALID" },
      { metric: "rare", status: "alert" },
    ]);
  });

  it("observes a metric without condition", () => {
    const alert_config = { ...profile.config.alert_config, alert_conditions: null };
    const observing = { ...profile, config: { ...profile.config, alert_config } };
    const found = checkCustom(observing, new Map([["mse", tallyOf([100])]])).metrics;
    expect(found).toContainEqual(expect.objectContaining({ metric: "mse", status: "ok" }));
  });
});

it("adds tallies in any order and grouping", () => {
  const tally = fc.array(fc.integer({ min: -1000, max: 1000 })).map(tallyOf);
  fc.assert(
    fc.property(tally, tally, tally, (a, b, c) => {
      expect(addTallies(addTallies(a, b), c)).toEqual(addTallies(a, addTallies(b, c)));
      expect(addTallies(a, b)).toEqual(addTallies(b, a));
      expect(addTallies(a, EMPTY_TALLY)).toEqual(a);
    }),
  );
});
