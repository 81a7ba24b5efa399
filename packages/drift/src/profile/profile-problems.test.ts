import { readFileSync } from "node:fs";
import { agentEvalProfile, customProfile, psiProfile, spcProfile } from "@scouter/contracts";
import { describe, expect, it } from "vitest";
import {
  agentProfileProblems,
  customProfileProblems,
  psiProfileProblems,
  refuseProblems,
  spcProfileProblems,
} from "./profile-problems.ts";

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../golden/profiles/${name}.json`, import.meta.url), "utf8"));
const psi = () => psiProfile.parse(read("psi-quantile-and-category"));
const spc = () => spcProfile.parse(read("spc"));
const custom = () => customProfile.parse(read("custom"));
const paths = (problems: readonly { readonly path: string }[]) => problems.map(({ path }) => path);

describe("a PSI profile", () => {
  it("tells every problem at once", () => {
    const profile = psi();
    profile.config.alert_config.schedule = "0 0 0 * * 0";
    profile.config.alert_config.features_to_monitor = ["distance", "gone"];
    profile.features["distance"]!.bins.pop();
    profile.features["carrier"]!.bins[0]!.id = 1;
    const problems = psiProfileProblems(profile);
    expect(paths(problems).toSorted()).toEqual([
      "config.alert_config.features_to_monitor",
      "config.alert_config.schedule",
      "features.carrier.bins",
      "features.distance.bins",
    ]);
    expect(() => refuseProblems("delay", problems)).toThrow(
      expect.objectContaining({
        code: "DRIFT_PROFILE_INVALID",
        message: expect.stringMatching(/'delay'.*day-of-week.*'gone'.*one id.*from -inf to inf/s),
      }),
    );
  });

  it.each([
    ["no bins", []],
    [
      "a gap",
      [
        ["-inf", 1],
        [2, "inf"],
      ],
    ],
    [
      "an overlap",
      [
        ["-inf", 2],
        [1, "inf"],
      ],
    ],
    [
      "a finite end",
      [
        ["-inf", 1],
        [1, 2],
      ],
    ],
    [
      "limits in words",
      [
        ["-inf", null],
        [null, "inf"],
      ],
    ],
    [
      "limits turned round",
      [
        ["-inf", 2],
        [2, 1],
        [1, "inf"],
      ],
    ],
  ] as const)("refuses bins with %s", (_, limits) => {
    const profile = psi();
    profile.features["distance"]!.bins = limits.map(([lower_limit, upper_limit], i) => ({
      id: i + 1,
      lower_limit,
      upper_limit,
      proportion: 1 / limits.length,
    }));
    expect(paths(psiProfileProblems(profile))).toEqual(["features.distance.bins"]);
  });

  it("accepts empty bins between equal limits, and limits as text", () => {
    const profile = psi();
    const limits = [
      ["-inf", "1"],
      [1, 1],
      [1, "+inf"],
    ] as const;
    profile.features["distance"]!.bins = limits.map(([lower_limit, upper_limit], i) => ({
      id: i + 1,
      lower_limit,
      upper_limit,
      proportion: 1 / limits.length,
    }));
    expect(psiProfileProblems(profile)).toEqual([]);
  });
});

it("a PSI profile tells proportions that are no shares, and a name that no index holds", () => {
  const profile = psi();
  profile.features["distance"]!.bins[0]!.proportion = 0.9;
  profile.features["x".repeat(1001)] = { ...profile.features["carrier"]! };
  expect(psiProfileProblems(profile)).toMatchObject([
    { path: "features", message: expect.stringMatching(/^the name 'x{40}' has 1001 bytes/) },
    { path: "features.distance.bins", message: expect.stringContaining("expected 1") },
  ]);
});

it("a custom profile tells a condition without its metric, and hits that cannot come", () => {
  const profile = custom();
  const { alert_config } = profile.config;
  alert_config.alert_conditions!["mse"] = { baseline_value: 1, alert_threshold: "Above" };
  alert_config.persistence = { hits: 3, of: 2 };
  expect(paths(customProfileProblems(profile))).toEqual([
    "config.alert_config.persistence",
    "config.alert_config.alert_conditions.mse",
  ]);
});

it("an SPC profile tells a bad rule, zone and order of limits", () => {
  const profile = spc();
  profile.config.alert_config.rule.rule = "8 16";
  profile.config.alert_config.time_zone = "Nowhere";
  profile.features["distance"]!.one_ucl = -1e9;
  expect(paths(spcProfileProblems(profile))).toEqual([
    "config.alert_config.schedule",
    "config.alert_config.rule.rule",
    "features.distance",
  ]);
});

it("a custom profile tells missing metrics and a negative delta", () => {
  const profile = custom();
  profile.metrics = {};
  profile.config.alert_config.alert_conditions!["mae"]!.delta = -2;
  expect(paths(customProfileProblems(profile))).toEqual([
    "metrics",
    "config.alert_config.alert_conditions.mae",
    "config.alert_config.alert_conditions.accuracy",
  ]);
});

describe("an agent profile", () => {
  const agent = (alert_config: object) =>
    agentEvalProfile.parse({
      config: { alert_config },
      tasks: {
        assertion: ["cites", "short"].map((id) => ({
          id,
          context_path: "answer",
          operator: "IsString",
          expected_value: true,
        })),
        judge: [],
        trace: [],
        agent: [],
      },
    });
  const condition = { baseline_value: 0.9, alert_threshold: "Below", delta: 0.1 };

  it.each([
    ["nothing set", {}, []],
    ["a sound condition", { alert_condition: condition, schedule: "@daily" }, []],
    ["a bad schedule", { schedule: "often" }, ["config.alert_config.schedule"]],
    [
      "a baseline that is no pass rate",
      { alert_condition: { ...condition, baseline_value: 5 } },
      ["config.alert_config.alert_condition"],
    ],
    [
      "conditions of a task that it does not have, and of one that is no pass rate",
      {
        task_conditions: {
          cites: condition,
          gone: condition,
          short: { ...condition, baseline_value: 2 },
        },
      },
      ["config.alert_config.task_conditions.gone", "config.alert_config.task_conditions.short"],
    ],
    ["another shape", { alert_condition: { baseline_value: "x" } }, ["config.alert_config"]],
  ])("%s", (_, alertConfig, expected) => {
    expect(paths(agentProfileProblems(agent(alertConfig)))).toEqual(expected);
  });
});

it("nothing is refused without a problem", () => {
  expect(refuseProblems("delay", [])).toBeUndefined();
});
