import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareRuns } from "./compare-runs.ts";
import type { CompareOptions } from "./compare-options.ts";
import { document, many, repeats, run, workflows } from "./run.fixture.ts";

function verdict(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
  options: Partial<CompareOptions> = {},
) {
  return compareRuns(run(before), run(after), options).verdict;
}

describe("statistical mode", () => {
  const kept = many(40, "P", "kept");

  it.each([
    ["five scenarios of 45 that fell", 5, "fail"],
    ["four, which chance explains", 4, "no-regression-found"],
  ])("%s", (_, count, expected) => {
    // Exact one-sided McNemar: 2^-5 = 0.031, 2^-4 = 0.0625.
    const comparison = compareRuns(
      run({ ...kept, ...many(count, "P") }),
      run({ ...kept, ...many(count, "F") }),
    );
    expect(comparison.verdict).toBe(expected);
    expect(comparison.metrics[0]?.pValue).toBeCloseTo(2 ** -count, 12);
  });

  it("does not fail for a drop within the threshold, however sure it is", () => {
    const before = { ...many(300, "P", "kept"), ...many(10, "P") };
    const after = { ...many(300, "P", "kept"), ...many(10, "F") };
    const comparison = compareRuns(run(before), run(after));
    expect(comparison.metrics[0]?.pValue).toBeLessThan(0.001);
    expect(comparison.verdict).not.toBe("fail");
    expect(verdict(before, after, { regressionThreshold: 0.02 })).toBe("fail");
  });

  it.each([
    [51, "P", "no-regression-found"],
    [52, "P", "non-inferior"],
    [51, "PPP", "no-regression-found"],
    [52, "PPP", "non-inferior"],
    [1, "PPP", "no-regression-found"],
  ])("%i scenarios of %s without any difference: %s", (count, letters, expected) => {
    expect(verdict(many(count, letters), many(count, letters))).toBe(expected);
  });

  it("says which drop it would have found, and when none", () => {
    const wide = run(many(200, "P"));
    expect(compareRuns(wide, wide).notes[0]).toMatch(
      /^a drop of the scenario pass rate of [\d.]+ points would be found 4 times in 5$/,
    );
    const narrow = run(many(2, "P"));
    expect(compareRuns(narrow, narrow).notes[0]).toContain("too few scenarios");
  });

  it("compares unequal repeats, and marks what is flaky", () => {
    const before = { ...many(10, "PPPPP"), odd: "PFPFP" };
    const after = { ...many(10, "F"), odd: "P" };
    const comparison = compareRuns(run(before), run(after));
    expect(comparison.verdict).toBe("fail");
    expect(comparison.scenarios.at(-1)?.status).toBe("flaky");
    expect(comparison.baseline.flakiness).toMatchObject({ flaky: ["odd"], flipRate: 4 / 44 });
    expect(comparison.candidate.flakiness.flipRate).toBeNull();
  });

  it("corrects for every gated metric: one alias among many must fall further", () => {
    const aliases = Array.from({ length: 10 }, (_, index) => `a${index}`);
    const runOf = (outcome: "passed" | "failed") =>
      document(
        Array.from({ length: 60 }, (_, index) => ({
          id: `s${index}`,
          repeats: [
            {
              outcome: "passed" as const,
              aliases: Object.fromEntries(
                aliases.map((alias) => [
                  alias,
                  { outcome: alias === "a0" && index < 6 ? outcome : ("passed" as const) },
                ]),
              ),
            },
          ],
        })),
      );
    const comparison = compareRuns(runOf("passed"), runOf("failed"));
    const fallen = comparison.metrics.find(({ id }) => id === "alias:a0");
    expect(fallen).toMatchObject({ pValue: 2 ** -6, adjustedPValue: 11 * 2 ** -6 });
    expect(comparison.verdict).toBe("no-regression-found");
  });
});

describe("what is missing", () => {
  it("counts an error of the agent as failed", () => {
    expect(verdict(many(10, "P"), many(10, "A"))).toBe("fail");
  });

  it.each([
    [1, "non-inferior"],
    [10, "invalid"],
  ])("%i of 100 judges out of order: %s", (count, expected) => {
    const after = { ...many(100, "P"), ...many(count, "J") };
    const comparison = compareRuns(run(many(100, "P")), run(after));
    expect(comparison.verdict).toBe(expected);
    expect(comparison.metrics[0]?.scenarios).toBe(100 - count);
    expect(comparison.scenarios[0]?.status).toBe("error");
  });

  it("is invalid without anything in common", () => {
    expect(verdict({ a: "S" }, { b: "P" })).toBe("invalid");
    expect(verdict({}, {})).toBe("invalid");
  });

  it("is invalid, no regression, when every scenario hangs on an outage", () => {
    const before = workflows("r", many(10, "PP"));
    const after = document(before.scenarios.map(({ id }) => ({ id, repeats: repeats("J") })));
    expect(compareRuns(before, after).verdict).toBe("invalid");
  });
});

describe("scenarios and aliases of one run only", () => {
  it("counts removed ones as failed unless they may go", () => {
    const before = many(20, "P");
    const after = many(10, "P");
    const comparison = compareRuns(run(before), run({ ...after, extra: "F" }));
    expect(comparison).toMatchObject({ verdict: "fail", addedScenarios: ["extra"] });
    expect(comparison.removedScenarios).toHaveLength(10);
    expect(verdict(before, after, { allowRemoved: true })).toBe("no-regression-found");
  });

  it("counts a removed alias as failed unless it may go", () => {
    const before = workflows("retriever", many(20, "P"));
    const after = workflows("other", many(20, "P"));
    const comparison = compareRuns(before, after);
    expect(comparison.verdict).toBe("fail");
    expect(comparison.reasons[0]).toContain("alias:retriever: pass rate fell from 100 % to 0 %");
    expect(comparison).toMatchObject({ removedAliases: ["retriever"], addedAliases: ["other"] });
    const allowed = compareRuns(before, after, { allowRemoved: true });
    expect(allowed.verdict).toBe("invalid");
    expect(allowed.notes).toContain(
      "alias:retriever is not compared: the candidate does not have it",
    );
  });
});

describe("quarantine and changed definitions", () => {
  const entry = { scenario: "s0", owner: "mira", expires: "2026-03-01" };

  it("keeps a quarantined scenario visible and out of the verdict until it expires", () => {
    const before = run({ s0: "P", s1: "P" });
    const after = run({ s0: "F", s1: "P" });
    const options = { mode: "strict", quarantine: [entry] } as const;
    const held = compareRuns(before, after, options);
    expect(held.verdict).toBe("no-regression-found");
    expect(held.scenarios[0]).toMatchObject({
      status: "regressed",
      quarantine: { owner: "mira", expires: "2026-03-01" },
    });
    const late = { ...after, created_at: "2026-03-02T00:00:00Z" };
    expect(compareRuns(before, late, options)).toMatchObject({
      verdict: "fail",
      expiredQuarantine: [entry],
    });
  });

  it("does not compare what was asked differently, and says so", () => {
    const one = (definition: string, letters: string) =>
      document([
        { id: "s0", definition, repeats: repeats(letters) },
        { id: "s1", repeats: repeats("P") },
      ]);
    const comparison = compareRuns(one("v1", "P"), one("v2", "F"), { mode: "strict" });
    expect(comparison.verdict).toBe("no-regression-found");
    expect(comparison.scenarios[0]?.status).toBe("changed");
    expect(comparison.notes).toContain("not compared because their definition changed: s0");
  });

  it("does not compare an alias whose task changed", () => {
    const of = (hash: string, letters: string) =>
      workflows("r", many(20, letters), { alias_definitions: { r: { t0: hash } } });
    const comparison = compareRuns(of("1", "P"), of("2", "F"));
    expect(comparison.metrics.find(({ id }) => id === "alias:r")).toMatchObject({
      verdict: "incomparable",
      reason: "its definition changed: t0",
    });
  });
});

describe("threshold mode", () => {
  const threshold = { mode: "threshold" } as const;

  it.each([
    ["exactly the threshold", 19, "no-regression-found"],
    ["more than the threshold", 18, "fail"],
  ])("a drop of %s", (_, passed, expected) => {
    const after = { ...many(20, "F"), ...many(passed, "P") };
    expect(verdict(many(20, "P"), after, threshold)).toBe(expected);
  });

  it("counts an alias by its tasks, so that a partial loss is seen", () => {
    const comparison = compareRuns(
      workflows("r", many(4, "PPPF")),
      workflows("r", many(4, "PPFF")),
      threshold,
    );
    expect(comparison.reasons).toEqual(["alias:r: pass rate fell from 75 % to 50 % (-25 points)"]);
  });
});

describe("strict mode", () => {
  it.each([
    ["always passed, fails once in three", "PP", "PFP", "fail"],
    ["was flaky before", "PF", "FF", "no-regression-found"],
    ["errs by the agent", "P", "A", "fail"],
  ])("%s", (_, before, after, expected) => {
    const kept = many(100, "PPP", "kept");
    const options = { mode: "strict" } as const;
    expect(verdict({ ...kept, s: before }, { ...kept, s: after }, options)).toBe(expected);
  });
});

describe("tasks", () => {
  const before = workflows("r", many(20, "PP"));
  const after = workflows("r", many(20, "PS"));

  it("judges a task only when it is gated", () => {
    const failing = workflows("r", many(20, "PF"));
    const metric = (options: Partial<CompareOptions>) =>
      compareRuns(before, failing, options).metrics.find(({ id }) => id === "task:r/t1")?.verdict;
    expect(metric({})).toBe("shown");
    expect(metric({ gate: ["t1"] })).toBe("fail");
    expect(metric({ gate: ["r/t1"] })).toBe("fail");
    expect(compareRuns(before, failing, { gate: ["t9"] }).notes).toContain(
      "no run has a task 't9' to gate",
    );
  });

  it("lists a changed skip rate", () => {
    expect(compareRuns(before, after).notes).toContain(
      "task:r/t1 was skipped in 0 % of its repeats, now in 100 %",
    );
  });
});

it.each([
  [{ alpha: 0 }, "alpha"],
  [{ regressionThreshold: 2 }, "regressionThreshold"],
  [{ maxMissing: Number.NaN }, "maxMissing"],
  [{ seed: 0.5 }, "seed"],
])("refuses %j", (options, name) => {
  expect(() => compareRuns(run({}), run({}), options)).toThrow(`option ${name}`);
});

it("refuses a scenario that is there twice", () => {
  const twice = document([
    { id: "s", repeats: repeats("P") },
    { id: "s", repeats: repeats("P") },
  ]);
  expect(() => compareRuns(twice, run({}))).toThrow("scenario 's' twice");
});

describe("for every run", () => {
  const outcomes = fc.string({
    unit: fc.constantFrom("P", "F", "A", "J", "S"),
    minLength: 1,
    maxLength: 3,
  });
  const suite = fc.dictionary(fc.constantFrom("a", "b", "c", "d", "e"), outcomes);
  const options = fc.record({ mode: fc.constantFrom("statistical", "threshold", "strict") });

  it("never fails against itself, and repeats itself", () => {
    fc.assert(
      fc.property(suite, options, (scenarios, given) => {
        const steady = Object.fromEntries(
          Object.entries(scenarios).map(([id, letters]) => [id, letters.slice(0, 1)]),
        );
        expect(verdict(steady, steady, given)).not.toBe("fail");
        const comparison = compareRuns(run(scenarios), run(steady), given);
        expect(compareRuns(run(scenarios), run(steady), given)).toEqual(comparison);
      }),
      { numRuns: 30 },
    );
  });
});
