import { agentEvalProfile } from "@scouter/contracts";
import { describe, expect, it } from "vitest";
import { tallyOf } from "../custom/tally.ts";
import { AGENT_METRIC, checkAgent, checkAgentTasks } from "./check-agent.ts";

const profile = (alert_config?: object) =>
  agentEvalProfile.parse({
    config: alert_config === undefined ? {} : { alert_config },
    tasks: { assertion: [], judge: [], trace: [], agent: [] },
  });
const below = (baseline_value: number, delta: number) => ({
  alert_condition: { baseline_value, alert_threshold: "Below", delta },
});

describe("an agent's pass rate", () => {
  it.each([
    ["under the baseline less delta", below(5, 1), [3], { status: "alert", observed: 3 }],
    ["at the baseline", below(5, 1), [5], { status: "ok" }],
    ["mostly failing", below(0.8, 0.01), [1, 0, 0.5, 0], { status: "alert", observed: 0.375 }],
    ["nothing evaluated", below(0.8, 0.01), [], { status: "no-data" }],
    ["no condition", { alert_condition: null }, [0], { status: "ok", observed: 0 }],
    ["no alert configuration", undefined, [0], { status: "ok" }],
    [
      "a condition of another shape",
      { alert_condition: { baseline_value: "high", alert_threshold: "Below" } },
      [0],
      { status: "error", code: "DRIFT_CONDITION_INVALID" },
    ],
  ])("%s", (_, alertConfig, rates, expected) => {
    const check = checkAgent(profile(alertConfig), tallyOf(rates));
    expect(check).toMatchObject({ metric: AGENT_METRIC, ...expected });
  });
});

describe("tasks with conditions of their own", () => {
  const least = (baseline_value: number) => ({ baseline_value, alert_threshold: "Below" });
  const runs = new Map([
    ["cites", { passed: 3, total: 4 }],
    ["short", { passed: 9, total: 10 }],
  ]);

  it("are checked by the share of their runs that passed, each by itself", () => {
    const conditions = { short: least(0.8), never_ran: least(0.5), cites: least(0.8) };
    const checked = checkAgentTasks(profile({ task_conditions: conditions }), runs);
    expect(checked).toMatchObject([
      { metric: "cites", status: "alert", observed: 0.75, count: 4 },
      { metric: "never_ran", status: "no-data" },
      { metric: "short", status: "ok", observed: 0.9 },
    ]);
  });

  it.each([
    ["no conditions", {}],
    ["no alert configuration", undefined],
    ["a condition of another shape, which is told once", { task_conditions: { cites: 1 } }],
  ])("are none with %s", (_, alertConfig) => {
    expect(checkAgentTasks(profile(alertConfig), runs)).toEqual([]);
  });
});
