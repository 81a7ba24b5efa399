import { agentEvalProfile } from "@scouter/contracts";
import { describe, expect, it } from "vitest";
import { tallyOf } from "../custom/tally.ts";
import { AGENT_METRIC, checkAgent } from "./check-agent.ts";

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
