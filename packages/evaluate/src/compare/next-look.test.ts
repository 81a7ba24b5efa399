import { describe, expect, it } from "vitest";
import { compareRuns } from "./compare-runs.ts";
import { compareTo } from "./compare-to.ts";
import { lookLevels, lookPlan } from "./look-plan.ts";
import { nextLook } from "./next-look.ts";
import { many, run } from "./run.fixture.ts";

describe("lookPlan", () => {
  it.each([
    [3, 1, [1]],
    [3, 2, [1, 2]],
    [3, 4, [1, 2, 3, 4]],
    [3, 5, [1, 2, 3, 5]],
    [1, 8, [1, 2, 3, 5, 8]],
    // Baseline's noise is all that is left: looks without news are dropped.
    [1, 1000, [1, 2, 3, 5, 1000]],
  ])("baseline %i, at most %i repeats: %j", (baseline, most, looks) => {
    expect(lookPlan(baseline, most).looks).toEqual(looks);
  });

  it.each([0, 1.5, Number.NaN])("refuses %d repeats", (most) => {
    expect(() => lookPlan(3, most)).toThrow("option maxRepeat");
    expect(() => lookPlan(most, 3)).toThrow("option baselineRepeats");
  });

  it("has the levels of its spending function, and the whole level for one look", () => {
    const levels = lookLevels(lookPlan(3, 5), 0.05);
    [0.0019, 0.0137, 0.0241, 0.0408].forEach((level, look) =>
      expect(levels[look]).toBeCloseTo(level, 4),
    );
    expect(lookLevels(lookPlan(3, 1), 0.05)[0]).toBeCloseTo(0.05, 6);
  });
});

describe("nextLook", () => {
  const baseline = run(many(100, "PPP"));
  const ask = (letters: Readonly<Record<string, string>>, options = {}) =>
    nextLook({ baseline, candidate: run(letters), maxRepeat: 5, options });

  it("begins with the first look", () => {
    expect(nextLook({ baseline, candidate: undefined, maxRepeat: 5 })).toMatchObject({
      kind: "run",
      repeats: 1,
    });
  });

  it.each([
    // With 7 of 100 scenarios lost, p is far from 0.0019, and -5 points lies inside the bound.
    [
      "undecided",
      { ...many(93, "P"), ...many(7, "F", "x") },
      run({ ...many(93, "PPP"), ...many(7, "PFF", "x") }),
      { kind: "run", repeats: 2 },
    ],
    [
      "a clear loss",
      { ...many(60, "P"), ...many(40, "F", "x") },
      run({ ...many(60, "PPP"), ...many(40, "PPP", "x") }),
      { kind: "stop" },
    ],
  ])("%s at the first look", (_, letters, base, expected) => {
    expect(nextLook({ baseline: base, candidate: run(letters), maxRepeat: 5 })).toMatchObject(
      expected,
    );
  });

  it("proves non-inferiority early only at the level of the look", () => {
    // Without any difference -z^2 / (n + z^2) needs 159 scenarios at level 0.0019, 52 at 0.05.
    expect(ask(many(100, "P")).kind).toBe("run");
    const wide = run(many(200, "PPP"));
    const stop = nextLook({ baseline: wide, candidate: run(many(200, "P")), maxRepeat: 5 });
    expect(stop).toMatchObject({
      kind: "stop",
      comparison: {
        verdict: "non-inferior",
        alpha: 0.05,
        earlyStop: { look: 0, savedRepeats: 800 },
      },
      earlyStop: { baseline_repeats: 3, max_repeat: 5, looks: [1, 2, 3, 5], look: 0 },
    });
  });

  it("is judged by the level of its look also when it is compared again later", () => {
    const candidate = run(many(60, "P"), {
      early_stop: { baseline_repeats: 3, max_repeat: 5, looks: [1, 2, 3, 5], look: 0 },
    });
    const again = compareRuns(run(many(60, "PPP")), candidate);
    expect(again.level).toBeCloseTo(0.0019, 4);
    expect(again.verdict).toBe("no-regression-found");
    expect(compareRuns(run(many(60, "PPP")), run(many(60, "P"))).verdict).toBe("non-inferior");
    const beyond = { ...candidate.early_stop!, look: 4 };
    expect(() => compareRuns(baseline, { ...candidate, early_stop: beyond })).toThrow(
      "early_stop.look",
    );
  });

  it("ends at the last look whatever it says", () => {
    expect(ask(many(20, "PPPPP")).kind).toBe("stop");
  });

  it.each([
    ["many judges out of order, which no further repeat makes good", 20, "stop"],
    ["few, which further repeats may outweigh", 5, "run"],
  ])("%s: %i", (_, count, kind) => {
    expect(ask({ ...many(100, "P"), ...many(count, "J") }).kind).toBe(kind);
  });

  it.each([
    ["strict", "stop"],
    ["threshold", "run"],
  ])("%s mode after a failure: %s", (mode, kind) => {
    expect(ask({ ...many(100, "P"), s0: "F" }, { mode }).kind).toBe(kind);
  });
});

it("compareTo judges the drop alone unless told otherwise", () => {
  const before = run(many(10, "P"));
  const after = run({ ...many(10, "P"), s0: "F" });
  expect(compareTo(after, before)).toMatchObject({ mode: "threshold", verdict: "fail" });
  expect(compareTo(after, before, { regressionThreshold: 0.1 }).verdict).not.toBe("fail");
  expect(compareTo(after, before, { mode: "statistical" }).verdict).not.toBe("fail");
});
