import { describe, expect, it } from "vitest";
import { compareRuns } from "./compare-runs.ts";
import { document, workflows } from "./run.fixture.ts";

const BASELINE = { r1: "FFFF", r2: "PPPP", r3: "FPFF", r4: "PPPP", r5: "FFFP" };
const IMPROVED = { r1: "PPPP", r2: "PPPP", r3: "PPPP", r4: "PPPP", r5: "PPPP" };
const REGRESSED = { r1: "FFFF", r2: "FFPF", r3: "FFFP", r4: "PPPP", r5: "FFFF" };

describe("workflows of an alias", () => {
  it.each([
    ["improved", IMPROVED, 3, 0, 2, 0.5],
    ["regressed", REGRESSED, 0, 2, 3, -0.2],
    ["the same", BASELINE, 0, 0, 5, 0],
  ])("%s", (_, after, improved, regressed, unchanged, meanChange) => {
    const { workflows: compared, verdict } = compareRuns(
      workflows("r", BASELINE),
      workflows("r", after),
      { mode: "threshold" },
    );
    expect(compared[0]).toMatchObject({ workflows: 5, improved, regressed, unchanged });
    expect(compared[0]?.meanChange).toBeCloseTo(meanChange, 12);
    expect(verdict === "fail").toBe(regressed > 0);
  });

  it("counts fewer regressed workflows with a laxer threshold", () => {
    const regressed = [0, 0.05, 0.3, 0.8].map((regressionThreshold) => {
      const options = { mode: "threshold", regressionThreshold } as const;
      const compared = compareRuns(workflows("r", BASELINE), workflows("r", REGRESSED), options);
      return compared.workflows[0]?.regressed;
    });
    expect(regressed).toEqual([2, 2, 1, 0]);
  });

  it("lists tasks of one side, counts an agent's error, and leaves gates out", () => {
    const repeat = (tasks: object) => ({
      outcome: "passed" as const,
      aliases: { r: { outcome: "passed" as const, tasks: { ...tasks } } },
    });
    const one = (tasks: object) => document([{ id: "s", repeats: [repeat(tasks)] }]);
    const passed = { outcome: "passed" };
    const before = one({ old: passed, both: passed, gate: { ...passed, gate: true } });
    const after = one({
      young: passed,
      both: { outcome: "errored", error_source: "agent" },
      gate: { outcome: "failed", gate: true },
    });
    const [compared] = compareRuns(before, after).workflows;
    expect(compared).toMatchObject({ baselineRate: 1, candidateRate: 0, regressed: 1 });
    expect(compared?.taskChanges.map(({ task }) => task)).toEqual(["both"]);
    expect(compared?.missingTasks).toEqual([
      { scenario: "s", task: "old", presentIn: "baseline" },
      { scenario: "s", task: "young", presentIn: "candidate" },
    ]);
  });

  it("takes names such as 'constructor' as any other", () => {
    const repeat = { outcome: "passed" as const };
    const of = (outcome: "passed" | "failed") => {
      const workflow = { outcome, tasks: { valueOf: { outcome } } };
      const own = { ...repeat, aliases: { constructor: workflow } };
      return document([
        { id: "s", repeats: [own] },
        { id: "t", repeats: [repeat] },
      ]);
    };
    const comparison = compareRuns(of("passed"), of("failed"));
    expect(comparison.metrics.map(({ id, scenarios }) => [id, scenarios])).toEqual([
      ["scenarios", 2],
      ["alias:constructor", 1],
      ["task:constructor/valueOf", 1],
    ]);
    expect(comparison.workflows[0]).toMatchObject({ workflows: 1, regressed: 1 });
  });
});
