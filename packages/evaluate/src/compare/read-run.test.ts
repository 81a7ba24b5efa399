import { describe, expect, it } from "vitest";
import sample from "./golden/run-version-1.json" with { type: "json" };
import details from "./golden/run-version-1-details.json" with { type: "json" };
import { evalMetrics } from "../scenario/eval-metrics.ts";
import { compareRuns } from "./compare-runs.ts";
import { readRun } from "./read-run.ts";

describe("readRun", () => {
  it("reads the sample of version 1, and reads back what it read", () => {
    const run = readRun(sample, "sample");
    expect(run).toMatchObject(sample);
    expect(readRun(JSON.parse(JSON.stringify(run)), "copy")).toEqual(run);
    const [refund, greeting] = compareRuns(run, run).scenarios;
    expect(refund).toMatchObject({ status: "flaky", baseline: { passed: 1, runs: 2 } });
    expect(greeting).toMatchObject({ status: "unchanged", baseline: { runs: 1, missing: 1 } });
  });

  it("reads the sample of version 1 with what a run tells beyond outcomes, and loses nothing", () => {
    const run = readRun(details, "sample");
    expect(run).toEqual(details);
    expect(evalMetrics(run).dataset_pass_rates).toEqual({ retriever: 1, writer: 1 });
  });

  it.each([
    ["text", "run.json' is no saved run: document:"],
    [{ ...sample, format: "other" }, "format:"],
    [{ ...sample, run_id: "", suite: {} }, "run_id:"],
    [{ ...sample, scenarios: [{ id: "a", repeats: [] }] }, "scenarios.0.repeats:"],
    [
      { ...sample, scenarios: [{ id: "a", repeats: [{ outcome: "errored" }] }] },
      "scenarios.0.repeats.0.error_source: expected agent, harness, judge or provider",
    ],
    [{ ...sample, version: 2 }, "has version 2: at most 1 can be read"],
    [null, "document:"],
  ])("refuses %j", (json, message) => {
    expect(() => readRun(json, "run.json")).toThrow(message);
  });
});
