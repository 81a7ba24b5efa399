import fc from "fast-check";
import { expect, it } from "vitest";
import { mean, sampleDeviation, skewness } from "./moments.ts";

const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 50 });

it("moves with the values and scales with them", () => {
  fc.assert(
    fc.property(values, fc.integer({ min: -50, max: 50 }), (list, shift) => {
      const moved = list.map((value) => value + shift);
      expect(mean(moved)).toBeCloseTo(mean(list) + shift, 8);
      expect(sampleDeviation(moved)).toBeCloseTo(sampleDeviation(list), 8);
      const turned = list.map((value) => -3 * value);
      expect(sampleDeviation(turned)).toBeCloseTo(3 * sampleDeviation(list), 6);
    }),
  );
});

it("does not lose a small deviation on a large mean", () => {
  expect(sampleDeviation([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16])).toBeCloseTo(Math.sqrt(30), 10);
});

it.each([
  ["symmetric", [1, 2, 3], 0],
  ["one long tail", [0, 0, 0, 1], 1.1547005383792515],
])("skewness of %s values", (_, list, expected) => {
  expect(skewness(list)).toBeCloseTo(expected, 12);
});

it("is undefined for values that are all equal", () => {
  expect(skewness([2, 2, 2])).toBeNaN();
});

it("refuses too few values", () => {
  expect(() => mean([])).toThrow("a mean needs at least 1 value, got 0");
  expect(() => sampleDeviation([1])).toThrow("needs at least 2 values, got 1");
});
