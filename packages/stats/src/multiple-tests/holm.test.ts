import fc from "fast-check";
import { expect, it } from "vitest";
import { benjaminiHochberg } from "./benjamini-hochberg.ts";
import { holm } from "./holm.ts";

// By hand from the definition; R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm").
it.each([
  [
    [0.01, 0.04, 0.03, 0.005],
    [0.03, 0.06, 0.06, 0.02],
  ],
  [
    [0.5, 0.9],
    [1, 1],
  ],
  [[0.03], [0.03]],
  [[], []],
])("adjusts %j to %j", (given, expected) => {
  for (const [index, p] of holm(given).entries()) expect(p).toBeCloseTo(expected[index] ?? -1, 12);
});

it("is at least Benjamini-Hochberg's and at most Bonferroni's, in the same order", () => {
  const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 });
  fc.assert(
    fc.property(pValues, (list) => {
      const weaker = benjaminiHochberg(list);
      for (const [index, p] of holm(list).entries()) {
        expect(p).toBeGreaterThanOrEqual((weaker[index] ?? 0) - 1e-12);
        expect(p).toBeLessThanOrEqual(Math.min(1, (list[index] ?? 0) * list.length) + 1e-12);
      }
    }),
  );
});

it("refuses what is no probability", () => {
  expect(() => holm([0.1, 2])).toThrow("p-value is 2");
});
