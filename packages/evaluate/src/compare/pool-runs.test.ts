import { describe, expect, it } from "vitest";
import { poolRuns } from "./pool-runs.ts";
import { document, repeats, run } from "./run.fixture.ts";

const at = (run_id: string, day: number) => ({
  run_id,
  created_at: `2026-03-0${String(day)}T00:00:00Z`,
});

describe("poolRuns", () => {
  it("joins repeats under the newest run's scenarios, whatever the order", () => {
    const older = run({ a: "PF", gone: "P" }, at("one", 1));
    const newest = run({ a: "P", b: "F" }, { ...at("two", 2), versions: { model: "m2" } });
    for (const runs of [
      [older, newest],
      [newest, older, newest],
    ]) {
      const pooled = poolRuns(runs);
      expect(pooled.pooled_from?.map(({ run_id }) => run_id)).toEqual(["two", "one"]);
      expect(pooled).toMatchObject({ created_at: newest.created_at, versions: { model: "m2" } });
      expect(pooled.scenarios.map(({ id, repeats: own }) => [id, own.length])).toEqual([
        ["a", 3],
        ["b", 1],
      ]);
    }
  });

  it("leaves out scenarios and runs that were defined otherwise, and the looks", () => {
    const scenario = (definition: string) => [{ id: "a", definition, repeats: repeats("P") }];
    const early_stop = { baseline_repeats: 1, max_repeat: 2, looks: [1, 2], look: 0 };
    const newest = document(scenario("v2"), { ...at("new", 3), early_stop });
    const pooled = poolRuns([newest, document(scenario("v1"), at("old", 1))]);
    expect(pooled.scenarios[0]?.repeats).toHaveLength(1);
    expect(pooled.early_stop).toBeUndefined();
    const tasks = (hash: string) => ({ alias_definitions: { r: { t: hash } } });
    const other = poolRuns([
      run({ a: "P" }, { ...at("new", 3), ...tasks("2") }),
      run({ a: "P" }, { ...at("old", 1), ...tasks("1") }),
    ]);
    expect(other.scenarios[0]?.repeats).toHaveLength(1);
  });

  it("gives a run alone back as it is", () => {
    const alone = run({ a: "P" });
    expect(poolRuns([alone])).toBe(alone);
  });

  it("refuses none, and runs of two suites", () => {
    expect(() => poolRuns([])).toThrow("no run was given");
    const other = run({ a: "P" }, { ...at("x", 1), suite: { name: "billing" } });
    expect(() => poolRuns([run({ a: "P" }), other])).toThrow("is of suite 'billing'");
  });
});
