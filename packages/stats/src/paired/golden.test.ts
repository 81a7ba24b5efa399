import { describe, expect, it } from "vitest";
import golden from "../../golden/paired.json" with { type: "json" };
import { seededRandom, xoshiro } from "../random/seeded-random.ts";
import { spendingLevels } from "../sequential/spending-levels.ts";
import { bcaLowerBound } from "./bca-bound.ts";
import type { PairedCounts } from "./paired-counts.ts";
import { permutationTest } from "./permutation-test.ts";
import { tangoLowerBound } from "./tango-bound.ts";

// Values of SciPy and of brute force in fractions; golden/paired.py makes them.
const random = seededRandom(1);

function pairOf(counts: readonly number[]): PairedCounts {
  const [baselinePassed = 0, baselineRuns = 0, candidatePassed = 0, candidateRuns = 0] = counts;
  return { baselinePassed, baselineRuns, candidatePassed, candidateRuns };
}

describe("against SciPy, brute force and the authors' code", () => {
  it("draws the generator's own words", () => {
    const next = xoshiro(golden.xoshiro.state);
    expect(golden.xoshiro.words.map(() => next() * 2 ** 32)).toEqual(golden.xoshiro.words);
  });

  it.each(golden.mcnemar)("McNemar of $worse against $better", ({ worse, better, p }) => {
    const pairs = [
      ...Array.from({ length: worse }, () => pairOf([1, 1, 0, 1])),
      ...Array.from({ length: better }, () => pairOf([0, 1, 1, 1])),
      pairOf([1, 1, 1, 1]),
      pairOf([0, 1, 0, 1]),
    ];
    const result = permutationTest(pairs, { random });
    expect(result.method).toBe("exact");
    expect(result.p / p).toBeCloseTo(1, 9);
  });

  it.each(golden.permutation)("permutations of $pairs", ({ pairs, p }) => {
    const counts = pairs.map(pairOf);
    expect(permutationTest(counts, { random }).p).toBeCloseTo(p, 12);
    const sampled = permutationTest(counts, { random: seededRandom(5), exactWork: 0 });
    expect(sampled.method).toBe("sampled");
    // Five standard errors of 10,000 draws at most.
    expect(Math.abs(sampled.p - p)).toBeLessThan(0.025);
  });

  it.each(golden.tango)("Tango's bound of $worse and $better in $pairs at $alpha", (row) => {
    expect(tangoLowerBound(row, row.alpha)).toBeCloseTo(row.lower, 6);
  });

  it.each(golden.bca)("bootstrap bound of $values", ({ values, alpha, lower }) => {
    const bound = bcaLowerBound(values, { alpha, random: seededRandom(3) });
    // Both are random: SciPy's from 200,000 draws, ours from 10,000.
    expect(Math.abs(bound - lower)).toBeLessThan(0.02);
  });

  it.each(golden.spending)("levels of looks at $information", ({ information, alpha, levels }) => {
    for (const [look, level] of spendingLevels(information, alpha).entries()) {
      expect(Math.abs(level - (levels[look] ?? 0))).toBeLessThan(1e-5);
    }
  });
});
