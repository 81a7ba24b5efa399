import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chiSquareCdf, chiSquareQuantile, chiSquareSurvival } from "./chi-square.ts";
import { incompleteGamma } from "./incomplete-gamma.ts";
import { normalCdf, normalQuantile } from "./normal.ts";

const probability = fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true });
const degrees = fc.integer({ min: 1, max: 2000 });

describe("chi-square distribution", () => {
  it("is inverted by its quantile", () => {
    fc.assert(
      fc.property(probability, degrees, (p, k) => {
        expect(chiSquareCdf(chiSquareQuantile(p, k), k)).toBeCloseTo(p, 11);
      }),
    );
  });

  it("has tails that add up to 1 and grow and fall with x", () => {
    const x = fc.double({ min: 0, max: 5000, noNaN: true });
    fc.assert(
      fc.property(x, x, degrees, (a, b, k) => {
        expect(chiSquareCdf(a, k) + chiSquareSurvival(a, k)).toBeCloseTo(1, 12);
        const [low, high] = a < b ? [a, b] : [b, a];
        expect(chiSquareCdf(low, k)).toBeLessThanOrEqual(chiSquareCdf(high, k) + 1e-13);
      }),
    );
  });

  // With 2 degrees of freedom the distribution is exponential: a closed form to compare with.
  it("is exponential for 2 degrees of freedom", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 600, noNaN: true }), (x) => {
        const expected = Math.exp(-x / 2);
        expect(Math.abs(chiSquareSurvival(x, 2) - expected)).toBeLessThanOrEqual(1e-12 * expected);
      }),
    );
  });

  it("has limits at the ends", () => {
    expect(chiSquareQuantile(0, 3)).toBe(0);
    expect(chiSquareQuantile(1, 3)).toBe(Infinity);
    expect(chiSquareCdf(-1, 3)).toBe(0);
    expect(chiSquareSurvival(Infinity, 3)).toBe(0);
  });
});

describe("normal distribution", () => {
  it("is inverted by its quantile and symmetric", () => {
    fc.assert(
      fc.property(probability, (p) => {
        expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 12);
        expect(normalQuantile(1 - p)).toBeCloseTo(-normalQuantile(p), 6);
      }),
    );
    expect(normalQuantile(0.5)).toBe(0);
    expect([normalQuantile(0), normalQuantile(1)]).toEqual([-Infinity, Infinity]);
  });
});

it.each([
  ["probability above 1", () => normalQuantile(1.5)],
  ["probability NaN", () => chiSquareQuantile(NaN, 3)],
  ["no degrees of freedom", () => chiSquareQuantile(0.5, 0)],
  ["no degrees of freedom of a statistic", () => chiSquareSurvival(1, 0)],
  ["shape 0", () => incompleteGamma(0, 1)],
  ["negative x", () => incompleteGamma(1, -1)],
])("refuses: %s", (_, call) => {
  expect(call).toThrow(expect.objectContaining({ code: "STATS_ARGUMENT_OUT_OF_RANGE" }));
});
