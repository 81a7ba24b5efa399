import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeTallies } from "./bin-tally.ts";
import { mergeSparseBins } from "./merge-sparse-bins.ts";
import { populationStabilityIndex } from "./population-stability-index.ts";
import { referenceThreshold } from "./psi-threshold.ts";
import { unseenCategoriesPValue } from "./unseen-categories.ts";

describe("population stability index", () => {
  it.each([
    ["three bins", [0.3, 0.4, 0.3], [0.2, 0.4, 0.4], 0.069314718],
    ["four bins", [0.2, 0.3, 0.24, 0.26], [0.16, 0.28, 0.32, 0.24], 0.0349210194],
    ["a shift", [0.5, 0.3, 0.2], [0.8, 0.1, 0.1], 0.4300382644],
    ["an empty bin", [0.5, 0.5], [1, 0], 11.512925465],
    ["two empty bins", [0, 1], [0, 1], 0],
  ])("%s", (_, p, q, expected) => {
    expect(populationStabilityIndex(p, q)).toBeCloseTo(expected, 9);
  });

  const counts = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 12 });
  const proportions = (list: readonly number[]) => {
    const total = list.reduce((a, b) => a + b, 0) || 1;
    return list.map((count) => count / total);
  };

  it("is never negative, symmetric, 0 for itself, and blind to the order of bins", () => {
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        const size = Math.min(a.length, b.length);
        const p = proportions(a.slice(0, size));
        const q = proportions(b.slice(0, size));
        const index = populationStabilityIndex(p, q);
        expect(index).toBeGreaterThanOrEqual(0);
        expect(populationStabilityIndex(q, p)).toBeCloseTo(index, 10);
        expect(populationStabilityIndex(p.toReversed(), q.toReversed())).toBeCloseTo(index, 10);
        expect(populationStabilityIndex(p, p)).toBe(0);
      }),
    );
  });
});

describe("the reference's thresholds", () => {
  it.each([
    [400, 10, 0.05, 0.042297444, 0.0399463073],
    [1000, 20, 0.05, 0.0301435272, 0.0291395587],
    [100, 10, 0.05, 0.169189776, 0.1597852292],
    [200, 10, 0.05, 0.084594888, 0.0798926146],
    [1000, 10, 0.05, 0.0169189776, 0.0159785229],
    [1000, 5, 0.05, 0.009487729, 0.0086523486],
    [1000, 10, 0.01, 0.0216659943, 0.0188698581],
    [1000, 10, 0.1, 0.0146836566, 0.0144371628],
    [10_000, 10, 0.05, 0.0016918978, 0.0015978523],
  ])("%i rows, %i bins, alpha %d", (rows, bins, alpha, chiSquare, normal) => {
    expect(referenceThreshold({ ChiSquare: { alpha } }, bins, rows)).toBeCloseTo(chiSquare, 9);
    expect(referenceThreshold({ Normal: { alpha } }, bins, rows)).toBeCloseTo(normal, 9);
  });

  it("are infinite for one bin and for alpha 0, and fixed when fixed", () => {
    expect(referenceThreshold({ ChiSquare: { alpha: 0.05 } }, 1, 100)).toBe(Infinity);
    expect(referenceThreshold({ Normal: { alpha: 0.05 } }, 1, 100)).toBe(Infinity);
    expect(referenceThreshold({ ChiSquare: { alpha: 0 } }, 10, 100)).toBe(Infinity);
    expect(referenceThreshold({ Fixed: { threshold: 0.25 } }, 1, 100)).toBe(0.25);
  });
});

describe("merging sparse bins", () => {
  const pairs = (counts: readonly number[]) => counts.map((n) => ({ baseline: n, window: n }));
  const sizes = (counts: readonly number[], ordered: boolean) =>
    mergeSparseBins(pairs(counts), ordered, (bin) => bin.window).map(({ window }) => window);

  it.each([
    ["nothing to merge", [5, 6, 7], true, [5, 6, 7]],
    ["neighbours from the left", [1, 2, 3, 9, 5], true, [6, 9, 5]],
    ["a rest joins the bin before", [5, 9, 4], true, [5, 13]],
    ["one sparse bin alone", [1, 2], true, [3]],
    ["categories into one rest", [9, 3, 8, 2], false, [9, 8, 5]],
    ["a sparse rest joins the smallest", [9, 1, 6, 2], false, [9, 9]],
    ["only sparse categories", [1, 1], false, [2]],
  ])("%s", (_, counts, ordered, expected) => {
    expect(sizes(counts, ordered)).toEqual(expected);
  });

  it("puts unseen categories into the rest, when there is one", () => {
    const merged = (counts: readonly number[]) =>
      mergeSparseBins(pairs(counts), false, (bin) => bin.baseline, 7);
    expect(merged([9, 3, 2])).toEqual([
      { baseline: 9, window: 9 },
      { baseline: 5, window: 12 },
    ]);
    expect(merged([9, 8])).toEqual(pairs([9, 8]));
  });

  it("loses no row and leaves no sparse bin but a single one", () => {
    const counts = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(counts, fc.boolean(), (list, ordered) => {
        const merged = sizes(list, ordered);
        const total = (of: readonly number[]) => of.reduce((a, b) => a + b, 0);
        expect(total(merged)).toBe(total(list));
        expect(merged.length === 1 || merged.every((size) => size >= 5)).toBe(true);
      }),
    );
  });
});

describe("unseen categories", () => {
  it.each([
    // scipy.stats.betabinom.sf(k - 1, M, a, b)
    ["none", { unseenRows: 0, windowRows: 100, baselineRows: 100, seenOnce: 0 }, 1],
    ["as many as expected", { unseenRows: 9, windowRows: 100, baselineRows: 99, seenOnce: 9 }, 1],
    [
      "one of ten",
      { unseenRows: 1, windowRows: 10, baselineRows: 99, seenOnce: 0 },
      0.0917431192660549,
    ],
    [
      "two of a hundred",
      { unseenRows: 2, windowRows: 100, baselineRows: 999, seenOnce: 0 },
      0.0082041796582273,
    ],
    ["all", { unseenRows: 3, windowRows: 3, baselineRows: 9, seenOnce: 0 }, 0.0045454545454547],
    [
      "a long tail",
      { unseenRows: 60, windowRows: 1000, baselineRows: 500, seenOnce: 10, seenTwice: 4 },
      0.0046974088550607584,
    ],
  ])("%s", (_, input, expected) => {
    expect(unseenCategoriesPValue({ seenTwice: 0, ...input })).toBeCloseTo(expected, 9);
  });
});

describe("tallies of bins", () => {
  const tally = fc
    .array(fc.tuple(fc.constantFrom("a", "b"), fc.integer({ min: 1, max: 3 }), fc.nat(9)))
    .map((rows) =>
      rows
        .map(([feature, id, count]) => new Map([[feature, new Map([[id, count]])]]))
        .reduce<ReturnType<typeof mergeTallies>>(mergeTallies, new Map()),
    );
  const plain = (of: ReturnType<typeof mergeTallies>) =>
    [...of]
      .flatMap(([feature, counts]) => [...counts].map((row) => [feature, ...row].join(" ")))
      .sort();

  it("merge in any order and grouping", () => {
    fc.assert(
      fc.property(tally, tally, tally, (a, b, c) => {
        const left = mergeTallies(mergeTallies(a, b), c);
        expect(plain(left)).toEqual(plain(mergeTallies(a, mergeTallies(b, c))));
        expect(plain(mergeTallies(a, b))).toEqual(plain(mergeTallies(b, a)));
      }),
    );
  });
});
