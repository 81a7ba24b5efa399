import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalCdf } from "../distribution/normal.ts";
import { seededRandom } from "../random/seeded-random.ts";
import { bcaLowerBound } from "./bca-bound.ts";
import { type ComparisonDesign, detectableDrop, powerOfDrop } from "./detectable-drop.ts";
import { permutationTest } from "./permutation-test.ts";
import { tangoLowerBound } from "./tango-bound.ts";

const invalid = expect.objectContaining({ kind: "invalid" }) as Error;
const random = seededRandom(1);

const side = fc
  .integer({ min: 1, max: 5 })
  .chain((runs) => fc.tuple(fc.integer({ min: 0, max: runs }), fc.constant(runs)));
const pair = fc.tuple(side, side).map(([[baselinePassed, baselineRuns], [passed, runs]]) => ({
  baselinePassed,
  baselineRuns,
  candidatePassed: passed,
  candidateRuns: runs,
}));

describe("permutationTest", () => {
  it("is a probability, whatever the order, and 1 for the same counts on both sides", () => {
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 12 }), (pairs) => {
        const { p } = permutationTest(pairs, { random });
        expect(p).toBeGreaterThan(0);
        expect(p).toBeLessThanOrEqual(1);
        expect(permutationTest(pairs.toReversed(), { random }).p).toBeCloseTo(p, 10);
      }),
    );
    const same = { baselinePassed: 1, baselineRuns: 1, candidatePassed: 1, candidateRuns: 1 };
    expect(permutationTest([same], { random }).p).toBe(1);
    expect(permutationTest([], { random }).p).toBe(1);
  });

  it("is smaller when the candidate passes less", () => {
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1, maxLength: 8 }), (pairs) => {
        const index = pairs.findIndex(({ candidatePassed }) => candidatePassed > 0);
        fc.pre(index >= 0);
        const changed = pairs.with(index, {
          ...pairs[index]!,
          candidatePassed: pairs[index]!.candidatePassed - 1,
        });
        const before = permutationTest(pairs, { random }).p;
        expect(permutationTest(changed, { random }).p).toBeLessThanOrEqual(before + 1e-12);
      }),
    );
  });

  it("draws when repeats have no common unit, and repeats itself with the same seed", () => {
    const primes = [101, 103, 107, 109, 113];
    const pairs = primes.map((runs) => ({
      baselinePassed: runs,
      baselineRuns: runs,
      candidatePassed: 60,
      candidateRuns: 97,
    }));
    const first = permutationTest(pairs, { random: seededRandom(9), draws: 500 });
    expect(first).toEqual({ p: 1 / 501, method: "sampled" });
    expect(permutationTest(pairs, { random: seededRandom(9), draws: 500 })).toEqual(first);
  });

  it.each([
    [2, 1],
    [-1, 1],
    [0.5, 1],
    [0, 0],
  ])("refuses %d passes of %d", (baselinePassed, baselineRuns) => {
    const given = { baselinePassed, baselineRuns, candidatePassed: 0, candidateRuns: 1 };
    expect(() => permutationTest([given], { random })).toThrow(invalid);
  });
});

describe("tangoLowerBound", () => {
  it("is -z^2 / (n + z^2) without any difference: 52 pairs prove a tolerance of 0.05", () => {
    const without = (pairs: number) => tangoLowerBound({ pairs, worse: 0, better: 0 }, 0.05);
    expect(without(100)).toBeCloseTo(-(1.6448536 ** 2) / (100 + 1.6448536 ** 2), 7);
    expect(without(51)).toBeLessThan(-0.05);
    expect(without(52)).toBeGreaterThan(-0.05);
    expect(without(0)).toBe(-1);
  });

  it("lies between -1 and the observed change, and lower with more confidence", () => {
    const counts = fc
      .tuple(fc.nat(40), fc.nat(40), fc.nat(100))
      .map(([worse, better, same]) => ({ worse, better, pairs: worse + better + same }))
      .filter(({ pairs }) => pairs > 0);
    fc.assert(
      fc.property(counts, (given) => {
        const bound = tangoLowerBound(given, 0.05);
        expect(bound).toBeGreaterThanOrEqual(-1);
        expect(bound).toBeLessThanOrEqual((given.better - given.worse) / given.pairs + 1e-12);
        expect(tangoLowerBound(given, 0.01)).toBeLessThanOrEqual(bound + 1e-12);
      }),
    );
  });

  it("refuses more differences than pairs, and no level", () => {
    expect(() => tangoLowerBound({ pairs: 3, worse: 2, better: 2 }, 0.05)).toThrow(invalid);
    expect(() => tangoLowerBound({ pairs: 3, worse: 2, better: 1 }, 0)).toThrow(invalid);
  });
});

describe("bcaLowerBound", () => {
  it("stays within the values, and is the value where all are alike", () => {
    const values = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(values, fc.integer(), (list, seed) => {
        const bound = bcaLowerBound(list, { alpha: 0.05, random: seededRandom(seed), draws: 200 });
        expect(bound).toBeGreaterThanOrEqual(Math.min(...list) - 1e-9);
        expect(bound).toBeLessThanOrEqual(Math.max(...list) + 1e-9);
      }),
      { numRuns: 50 },
    );
    expect(bcaLowerBound([0.1, 0.1, 0.1], { alpha: 0.05, random })).toBeCloseTo(0.1, 15);
    expect(() => bcaLowerBound([], { alpha: 0.05, random })).toThrow(invalid);
  });
});

describe("power", () => {
  const design: ComparisonDesign = {
    cases: 100,
    baselineRuns: 1,
    candidateRuns: 1,
    baselineRate: 0.9,
    alpha: 0.05,
    tolerance: 0.05,
  };

  // Shares of 500 and more simulated runs of the exact test that found a drop of 10 points.
  it.each([
    [20, 1, 0.09],
    [50, 1, 0.31],
    [100, 1, 0.56],
    [200, 1, 0.86],
    [50, 3, 0.72],
  ])("of 10 points with %i cases and %i repeats is about %d", (cases, runs, simulated) => {
    const given = { ...design, cases, baselineRuns: runs, candidateRuns: runs };
    expect(Math.abs(powerOfDrop(given, 0.1) - simulated)).toBeLessThan(0.04);
  });

  it("is that of the smallest detectable drop", () => {
    const drop = detectableDrop(design) ?? Number.NaN;
    expect(powerOfDrop(design, drop)).toBeCloseTo(0.8, 6);
    expect(drop).toBeGreaterThan(0.1);
    expect(detectableDrop({ ...design, cases: 2 })).toBeUndefined();
    expect(detectableDrop({ ...design, baselineRate: 0 })).toBeUndefined();
  });

  it("grows with cases, and sees nothing within the tolerance for certain", () => {
    const more = detectableDrop({ ...design, cases: 400 }) ?? 1;
    expect(more).toBeLessThan(detectableDrop(design) ?? 0);
    expect(detectableDrop({ ...design, cases: 1_000_000 })).toBeGreaterThan(0.05);
  });
});

describe("a large suite", () => {
  const big = (count: number, lost: number) =>
    Array.from({ length: count }, (_, index) => ({
      baselinePassed: 1 + (index % 3),
      baselineRuns: 3,
      candidatePassed: index < lost ? index % 3 : 1 + (index % 3),
      candidateRuns: 3,
    }));

  it("is counted, not drawn, and as the normal approximation says", () => {
    const pairs = big(9_000, 150);
    const { p, method } = permutationTest(pairs, { random });
    expect(method).toBe("exact");
    let variance = 0;
    for (const own of pairs) {
      const rate = (own.baselinePassed + own.candidatePassed) / 6;
      // Of the difference of two means of 3 that are dealt from 6.
      variance += ((rate * (1 - rate) * 6) / 5) * (2 / 3);
    }
    const z = (150 / 3 - 1 / 6) / Math.sqrt(variance);
    expect(p / normalCdf(-z)).toBeCloseTo(1, 1);
  });

  it("never gives 0, however far the drop lies out", () => {
    const { p } = permutationTest(big(9_000, 9_000), { random });
    expect(p).toBeGreaterThan(0);
    expect(p).toBeLessThan(1e-12);
  });
});
