import { agentEvalProfile, type JsonObject } from "@scouter/contracts";
import { describe, expect, it } from "vitest";
import { noData } from "../../test/fake/drift-samples.ts";
import { computeWindow } from "./compute-window.ts";
import { watchedFeatures } from "./feature-figures.ts";
import type { WindowData } from "./window-data.ts";

const least = (baseline_value: number) => ({ baseline_value, alert_threshold: "Below" });

describe("a window of an agent", () => {
  const profile = agentEvalProfile.parse({
    config: {
      alert_config: {
        alert_condition: least(0.5),
        task_conditions: { cites: least(0.9), short: least(0.9) },
      },
    },
    tasks: { assertion: [], judge: [], trace: [], agent: [] },
  }) as unknown as JsonObject;
  const data: WindowData = {
    ...noData,
    agentTallies: async () => ({
      passRates: { sum: 7, count: 10 },
      byTask: new Map([
        ["cites", { passed: 4, total: 10 }],
        ["short", { passed: 10, total: 10 }],
        ["unwatched", { passed: 0, total: 10 }],
      ]),
    }),
  };

  it("has the workflow, and the tasks with conditions of their own, each an alert of its own", async () => {
    const window = {
      profile: { uid: "u", driftType: "Agent" as const, profile },
      startMs: 0,
      endMs: 1,
    };
    const { result, rows, observed } = await computeWindow(window, data);
    expect(result.features).toMatchObject([
      { name: "agent_workflow_metric", status: "ok", observed: 0.7 },
      { name: "cites", status: "alert", observed: 0.4, count: 10 },
      { name: "short", status: "ok", observed: 1 },
    ]);
    expect(observed).toBe(10);
    expect(rows).toMatchObject([
      { key: "cites", entityName: "cites", alert: { Agent: { observed_value: 0.4 } } },
    ]);
    expect(watchedFeatures("Agent", profile)).toEqual(["agent_workflow_metric", "cites", "short"]);
  });
});
