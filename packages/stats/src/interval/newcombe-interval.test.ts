import fc from "fast-check";
import { describe, expect, it } from "vitest";
import golden from "../../golden/proportions.json" with { type: "json" };
import { holm } from "../multiple-tests/holm.ts";
import { newcombeInterval } from "./newcombe-interval.ts";
import { hajekRate } from "./weighted-rate.ts";
import { wilsonInterval } from "./wilson-interval.ts";

const invalid = expect.objectContaining({ kind: "invalid" }) as Error;

describe("against statsmodels (golden/proportions.py)", () => {
  it.each(golden.newcombe)("$first against $second at $confidence", (row) => {
    const rateOf = ([passed = 0, trials = 1]: readonly number[]) => ({
      rate: passed / trials,
      trials,
    });
    const interval = newcombeInterval(rateOf(row.first), rateOf(row.second), row.confidence);
    expect(interval.lower).toBeCloseTo(row.lower, 8);
    expect(interval.upper).toBeCloseTo(row.upper, 8);
  });

  it.each(golden.holm)("Holm of $given", ({ given, adjusted }) => {
    for (const [index, p] of holm(given).entries()) expect(p).toBeCloseTo(adjusted[index]!, 12);
  });
});

describe("newcombeInterval", () => {
  const rate = fc.record({
    rate: fc.double({ min: 0, max: 1, noNaN: true }),
    trials: fc.double({ min: 0.5, max: 1e6, noNaN: true }),
  });

  it("holds the difference, lies in [-1, 1], and turns with its arguments", () => {
    fc.assert(
      fc.property(rate, rate, (a, b) => {
        const { lower, upper } = newcombeInterval(a, b, 0.95);
        expect(lower).toBeGreaterThanOrEqual(-1);
        expect(upper).toBeLessThanOrEqual(1);
        expect(lower).toBeLessThanOrEqual(a.rate - b.rate + 1e-9);
        expect(upper).toBeGreaterThanOrEqual(a.rate - b.rate - 1e-9);
        expect(newcombeInterval(b, a, 0.95).lower).toBeCloseTo(-upper, 9);
      }),
    );
  });

  it("is about one rate alone when the other is as good as known", () => {
    const known = { rate: 0.5, trials: 1e12 };
    const wilson = wilsonInterval(30, 40)!;
    const interval = newcombeInterval({ rate: 30 / 40, trials: 40 }, known, 0.95);
    expect(interval.lower).toBeCloseTo(wilson.lower - 0.5, 5);
    expect(interval.upper).toBeCloseTo(wilson.upper - 0.5, 5);
  });

  it.each([
    [{ rate: 2, trials: 1 }],
    [{ rate: 0.5, trials: 0 }],
    [{ rate: Number.NaN, trials: 1 }],
  ])("refuses %j", (given) => {
    expect(() => newcombeInterval(given, { rate: 0.5, trials: 1 }, 0.95)).toThrow(invalid);
  });
});

describe("hajekRate", () => {
  const outcomes = (weights: readonly number[], passed: number) =>
    weights.map((weight, index) => ({ weight, passed: index < passed }));

  it.each([
    ["equal weights", outcomes([3, 3, 3, 3], 1), 0.25, 4],
    // (8 + 1) / (8 + 1 + 1) and 10^2 / (64 + 1 + 1), by hand.
    ["unequal weights", outcomes([8, 1, 1], 2), 0.9, 100 / 66],
  ])("%s", (_, list, rate, effective) => {
    const found = hajekRate(list);
    expect(found?.rate).toBeCloseTo(rate, 12);
    expect(found?.effectiveTrials).toBeCloseTo(effective, 12);
  });

  it("knows nothing without outcomes, and refuses a weight of 0", () => {
    expect(hajekRate([])).toBeUndefined();
    expect(() => hajekRate(outcomes([1, 0], 1))).toThrow(invalid);
  });
});
