import { seededRandom } from "@scouter/stats";
import { describe, expect, it } from "vitest";
import { type CanaryInput, decideCanary } from "./decide-canary.ts";

const records = (passed: number, failed: number, weight = 1) => [
  ...Array.from({ length: passed }, () => ({ passed: true, weight })),
  ...Array.from({ length: failed }, () => ({ passed: false, weight })),
];
const usual = { regressionThreshold: 0.05, alpha: 0.05, looks: 1, look: 0 };
const decide = (given: Partial<CanaryInput>) =>
  decideCanary({ ...usual, baseline: [], candidate: [], ...given });

describe("decideCanary", () => {
  it.each([
    ["nothing", records(0, 0), records(5, 5), "keep waiting"],
    ["too few", records(9, 0), records(0, 9), "keep waiting"],
    ["a clear loss", records(180, 20), records(140, 60), "roll back"],
    ["a sure loss that is tolerated", records(49_500, 500), records(48_500, 1_500), "promote"],
    ["the same, many", records(900, 100), records(900, 100), "promote"],
    ["the same, few", records(45, 5), records(45, 5), "keep waiting"],
    ["a gain", records(140, 60), records(180, 20), "promote"],
  ])("%s: %#", (_, baseline, candidate, verdict) => {
    expect(decide({ baseline, candidate }).verdict).toBe(verdict);
  });

  it("asks more of early looks", () => {
    const both = { baseline: records(180, 20), candidate: records(158, 42) };
    expect(decide(both).verdict).toBe("roll back");
    expect(decide({ ...both, looks: 10, look: 0 }).verdict).toBe("keep waiting");
    const levels = [0, 3, 9].map((look) => decide({ ...both, looks: 10, look }).level);
    expect(levels).toEqual(levels.toSorted((a, b) => a - b));
    expect(levels.at(-1)).toBeLessThan(0.05);
  });

  it("trusts uneven samples less than even ones of the same size and rate", () => {
    const baseline = records(180, 20);
    const even = records(90, 10);
    const uneven = [...records(45, 5, 10), ...records(45, 5, 0.1)];
    const [a, b] = [even, uneven].map((candidate) => decide({ baseline, candidate }));
    expect(b?.candidate?.rate).toBeCloseTo(0.9, 12);
    expect((b?.upper ?? 0) - (b?.lower ?? 0)).toBeGreaterThan((a?.upper ?? 0) - (a?.lower ?? 0));
  });

  it("rolls back few good releases however often it looks", () => {
    const random = seededRandom(11);
    const draw = (count: number) =>
      Array.from({ length: count }, () => ({ passed: random() < 0.9, weight: 1 }));
    const runs = 200;
    const looks = 10;
    const rolledBack = { spending: 0, naive: 0 };
    const naive: Partial<CanaryInput>[][] = [];
    for (let run = 0; run < runs; run += 1) {
      const [baseline, candidate] = [draw(400), draw(400)];
      const at = (look: number) => ({
        baseline: baseline.slice(0, (look + 1) * 40),
        candidate: candidate.slice(0, (look + 1) * 40),
        regressionThreshold: 0,
      });
      const places = Array.from({ length: looks }, (_, look) => look);
      const isBad = (own: Partial<CanaryInput>) => decide(own).verdict === "roll back";
      if (places.some((look) => isBad({ ...at(look), looks, look }))) rolledBack.spending += 1;
      naive.push(places.map(at));
    }
    rolledBack.naive = naive.filter((own) =>
      own.some((given) => decide(given).verdict === "roll back"),
    ).length;
    // 5 % and three standard errors of 200 runs.
    expect(rolledBack.spending / runs).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs));
    expect(rolledBack.naive).toBeGreaterThan(2 * rolledBack.spending);
  });

  it.each([
    [{ alpha: 0 }, "alpha"],
    [{ looks: 0 }, "looks"],
    [{ looks: 51 }, "looks"],
    [{ look: 1 }, "look"],
    [{ regressionThreshold: 1 }, "regressionThreshold"],
  ])("refuses %j", (given, name) => {
    expect(() => decide(given)).toThrow(`option ${name} `);
  });
});
