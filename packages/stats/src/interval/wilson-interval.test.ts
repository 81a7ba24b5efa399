import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalQuantile } from "../distribution/normal.ts";
import { wilsonInterval } from "./wilson-interval.ts";

describe("wilsonInterval", () => {
  // Newcombe 1998, Statistics in Medicine 17, table I, method 3; four decimals.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])("%i of %i is %d to %d", (successes, trials, lower, upper) => {
    const interval = wilsonInterval(successes, trials);
    expect(interval?.lower).toBeCloseTo(lower, 4);
    expect(interval?.upper).toBeCloseTo(upper, 4);
  });

  it("knows nothing without trials, and has a width at both ends", () => {
    expect(wilsonInterval(0, 0)).toBeUndefined();
    expect(wilsonInterval(0, 1)).toMatchObject({ lower: 0 });
    expect(wilsonInterval(0, 1)?.upper).toBeGreaterThan(0.5);
    expect(wilsonInterval(1, 1)).toMatchObject({ upper: 1 });
  });

  it.each([
    [-1, 2, 0.95],
    [3, 2, 0.95],
    [0.5, 2, 0.95],
    [1, Number.NaN, 0.95],
    [1, 2, 0],
    [1, 2, 1],
  ])("refuses %d of %d at %d", (successes, trials, confidence) => {
    expect(() => wilsonInterval(successes, trials, confidence)).toThrow(
      expect.objectContaining({ kind: "invalid" }),
    );
  });

  const sample = fc
    .integer({ min: 1, max: 100_000 })
    .chain((trials) => fc.tuple(fc.integer({ min: 0, max: trials }), fc.constant(trials)));

  it("has the ends at which the score test is just not refused", () => {
    fc.assert(
      fc.property(
        sample,
        fc.double({ min: 0.5, max: 0.999, noNaN: true }),
        (counts, confidence) => {
          const [successes, trials] = counts;
          const { lower, upper } = wilsonInterval(successes, trials, confidence)!;
          const z = normalQuantile(1 - (1 - confidence) / 2);
          const share = successes / trials;
          for (const end of [lower, upper]) {
            if (end === 0 || end === 1) continue;
            const score = (z * z * end * (1 - end)) / trials;
            expect((share - end) ** 2).toBeCloseTo(score, 10);
          }
          expect(lower).toBeLessThanOrEqual(share);
          expect(upper).toBeGreaterThanOrEqual(share);
        },
      ),
    );
  });

  it("is mirrored when failures are counted", () => {
    fc.assert(
      fc.property(sample, ([successes, trials]) => {
        const mirrored = wilsonInterval(trials - successes, trials)!;
        const { lower, upper } = wilsonInterval(successes, trials)!;
        expect(lower).toBeCloseTo(1 - mirrored.upper, 12);
        expect(upper).toBeCloseTo(1 - mirrored.lower, 12);
      }),
    );
  });
});
