import fc from "fast-check";
import { expect, it } from "vitest";
import { benjaminiHochberg } from "./benjamini-hochberg.ts";

const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 });

it("never makes a value smaller, keeps the order, and is one value's own p", () => {
  fc.assert(
    fc.property(pValues, (list) => {
      const adjusted = benjaminiHochberg(list);
      for (const [i, p] of list.entries()) {
        expect(adjusted[i]).toBeGreaterThanOrEqual(p);
        expect(adjusted[i]).toBeLessThanOrEqual(1);
        for (const [j, other] of list.entries()) {
          const grows = (adjusted[i] as number) <= (adjusted[j] as number);
          expect(p > other || grows).toBe(true);
        }
      }
    }),
  );
  expect(benjaminiHochberg([0.03])).toEqual([0.03]);
  expect(benjaminiHochberg([])).toEqual([]);
});

it("rejects what the step-up rule rejects", () => {
  const alpha = 0.1;
  fc.assert(
    fc.property(pValues, (list) => {
      const sorted = list.toSorted((a, b) => a - b);
      const last = sorted.findLastIndex((p, i) => p <= ((i + 1) * alpha) / list.length);
      const expected = list.filter((p) => last >= 0 && p <= (sorted[last] as number)).length;
      const rejected = benjaminiHochberg(list).filter((p) => p <= alpha).length;
      // On the boundary p m / i and alpha may differ in the last bit.
      const nearBoundary = list.some((p) =>
        sorted.some((_, i) => Math.abs((p * list.length) / (i + 1) - alpha) < 1e-12),
      );
      expect(nearBoundary || rejected === expected).toBe(true);
    }),
  );
});

it("refuses what is no probability", () => {
  expect(() => benjaminiHochberg([0.1, NaN])).toThrow("p-value is NaN");
});
