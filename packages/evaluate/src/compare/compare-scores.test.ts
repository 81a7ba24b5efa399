import { expect, it } from "vitest";
import { runReport } from "../report/run-report.ts";
import { compareRuns } from "./compare-runs.ts";
import { document } from "./run.fixture.ts";

const scored = (scores: readonly (readonly number[])[], hash = "1") =>
  document(
    scores.map((own, index) => ({
      id: `s${String(index)}`,
      repeats: own.map((score) => ({
        outcome: "passed" as const,
        aliases: {
          r: {
            outcome: "passed" as const,
            tasks: { quality: { outcome: "passed" as const, score } },
          },
        },
      })),
    })),
    { alias_definitions: { r: { quality: hash } } },
  );

it("shows means, change and p of a judge's numbers, and lets them decide nothing", () => {
  const before = scored([[8], [9], [7], [8], [9]]);
  const after = scored([[6], [7], [6], [7], [8]]);
  const comparison = compareRuns(before, after);
  expect(comparison.scores).toEqual([
    {
      id: "task:r/quality",
      scenarios: 5,
      baselineMean: 8.2,
      candidateMean: 6.8,
      change: expect.closeTo(-1.4, 10) as number,
      // All five fell: one of 32 flips.
      pValue: 1 / 32,
    },
  ]);
  expect(comparison.verdict).not.toBe("fail");
  expect(runReport({ comparison }).facts).toContainEqual({
    name: "score of r/quality",
    baseline: "8.2",
    candidate: "6.8 (-1.4, p 0.031)",
  });
});

it("has no p for unequal repeats, and compares no other question's numbers", () => {
  const uneven = compareRuns(scored([[8, 8], [9]]), scored([[7], [9]]));
  expect(uneven.scores).toMatchObject([{ scenarios: 2, pValue: null }]);
  expect(compareRuns(scored([[8]]), scored([[2]], "2")).scores).toEqual([]);
  expect(compareRuns(document([]), document([])).scores).toEqual([]);
});
