import fc from "fast-check";
import { expect, it } from "vitest";
import { finiteSorted, finiteValues, quantileOfSorted } from "./quantile.ts";

const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }), {
  minLength: 1,
});

it("has the smallest and the largest value as its ends, and grows with p", () => {
  const p = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(values, p, p, (list, a, b) => {
      const sorted = finiteSorted(list);
      expect(quantileOfSorted(sorted, 0) === sorted[0]).toBe(true);
      expect(quantileOfSorted(sorted, 1) === sorted.at(-1)).toBe(true);
      const lower = quantileOfSorted(sorted, Math.min(a, b));
      expect(lower).toBeLessThanOrEqual(quantileOfSorted(sorted, Math.max(a, b)) + 1e-6);
    }),
  );
});

it("is the median at one half", () => {
  expect(quantileOfSorted([1, 2, 10], 0.5)).toBe(2);
  expect(quantileOfSorted([1, 2, 4, 10], 0.5)).toBe(3);
});

it("does not depend on the order of the values", () => {
  fc.assert(
    fc.property(values, (list) => {
      const turned = list.toReversed();
      expect(finiteSorted(turned)).toEqual(finiteSorted(list));
    }),
  );
});

it("leaves out what is not finite", () => {
  expect([...finiteValues([3, NaN, 1, Infinity, -Infinity, 2])]).toEqual([3, 1, 2]);
});

it("refuses no values and a probability outside [0, 1]", () => {
  expect(() => quantileOfSorted([], 0.5)).toThrow("a quantile needs at least 1 value, got 0");
  expect(() => quantileOfSorted([1], -0.1)).toThrow("probability is -0.1: expected");
});
