import type { DriftFeatureResult } from "@scouter/contracts";
import type { StoredAlertState } from "@scouter/database";
import { type AlertRow, DEFAULT_POLICY, type LifecyclePolicy } from "@scouter/drift";
import { describe, expect, it } from "vitest";
import { judgeWindow, policyOf } from "./judge-window.ts";

type Status = DriftFeatureResult["status"];

const rowOf = (key: string): AlertRow => ({
  key,
  entityName: key.split("/")[0] ?? key,
  alert: "None",
});

/** Judges windows one after the other; each is the statuses of features and the keys of alerts. */
function judgeAll(
  windows: readonly { features: Record<string, Status>; alerts: readonly string[] }[],
  policy: LifecyclePolicy = DEFAULT_POLICY,
) {
  let states: readonly StoredAlertState[] = [];
  return windows.map(({ features, alerts }, index) => {
    const judged = judgeWindow({
      computed: {
        observed: 0,
        result: {
          kind: "Spc",
          features: Object.entries(features).map(([name, status]) => ({ name, status })),
        },
        rows: alerts.map(rowOf),
      },
      windowEndMs: index * 60_000,
      states,
      policy,
    });
    const stored = new Map(states.map((state) => [state.key, state]));
    for (const { key, entityName, state } of judged.changes) {
      // As the database gives it back.
      stored.set(key, { key, entityName, state: JSON.parse(JSON.stringify(state)) });
    }
    states = [...stored.values()];
    const actions = judged.changes.filter(({ action }) => action !== "none");
    return {
      actions: actions.map(({ key, action }) => `${action} ${key}`),
      told: judged.toTell.map(({ key }) => key),
    };
  });
}

describe("judgeWindow", () => {
  it("opens, goes on and ends an alert, and tells it once", () => {
    const alert = { features: { a: "alert", b: "ok" }, alerts: ["a/Zone1/Trend"] } as const;
    expect(judgeAll([alert, alert, { features: { a: "ok", b: "ok" }, alerts: [] }])).toEqual([
      { actions: ["opened a/Zone1/Trend"], told: ["a/Zone1/Trend"] },
      { actions: ["ongoing a/Zone1/Trend"], told: [] },
      { actions: ["resolved a/Zone1/Trend"], told: [] },
    ]);
  });

  it.each<[string, Record<string, Status>, readonly string[]]>([
    ["has too little data", { a: "insufficient-data" }, []],
    ["has no data", { a: "no-data" }, []],
    ["cannot be computed", { a: "error" }, []],
    ["alerts in another zone", { a: "alert" }, ["resolved a/Zone1/Trend"]],
    ["is not watched any more", {}, ["resolved a/Zone1/Trend"]],
  ])("of a feature that %s", (_name, features, actions) => {
    const first = { features: { a: "alert" as const }, alerts: ["a/Zone1/Trend"] };
    expect(judgeAll([first, { features, alerts: [] }])[1]?.actions).toEqual(actions);
  });

  it("alerts about silence where the policy says so, and ends that with the data", () => {
    const silent = { features: { a: "no-data" as const }, alerts: [] };
    const policy: LifecyclePolicy = { ...DEFAULT_POLICY, noData: "alert" };
    expect(judgeAll([silent, { features: { a: "ok" }, alerts: [] }], policy)).toEqual([
      { actions: ["opened a"], told: ["a"] },
      { actions: ["resolved a"], told: [] },
    ]);
  });

  it("keeps what it remembers over windows, persistence and cool-down among it", () => {
    const alert = { features: { a: "alert" as const }, alerts: ["a"] };
    const calm = { features: { a: "ok" as const }, alerts: [] };
    const policy = { ...DEFAULT_POLICY, coolDownMs: 3_600_000, persistence: { hits: 2, of: 3 } };
    const told = judgeAll([alert, calm, alert, calm, alert], policy);
    expect(told.map(({ actions }) => actions)).toEqual([
      [],
      [],
      ["opened a"],
      ["resolved a"],
      ["opened a"],
    ]);
    expect(told.map(({ told: keys }) => keys.length)).toEqual([0, 0, 1, 0, 0]);
  });
});

describe("policyOf", () => {
  it.each([
    ["nothing", {}, DEFAULT_POLICY],
    ["no configuration", null, DEFAULT_POLICY],
    [
      "everything",
      { cool_down_seconds: 60, no_data: "alert", persistence: { hits: 2, of: 3 } },
      { coolDownMs: 60_000, noData: "alert", persistence: { hits: 2, of: 3 } },
    ],
    [
      "nonsense",
      { cool_down_seconds: -1, no_data: 1, persistence: { hits: 3, of: 2 } },
      DEFAULT_POLICY,
    ],
  ])("reads %s", (_name, alert_config, policy) => {
    expect(policyOf({ config: { alert_config } })).toEqual(policy);
  });
});
