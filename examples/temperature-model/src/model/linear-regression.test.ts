import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { leastSquares } from "./linear-regression.ts";

describe("leastSquares", () => {
  // R's lm(c(1, 3, 2, 5) ~ c(1, 2, 3, 4)) gives intercept 0 and slope 1.1.
  it("agrees with R on a line", () => {
    const rows = [1, 2, 3, 4].map((x) => [1, x]);
    const [intercept, slope] = leastSquares(rows, [1, 3, 2, 5]);
    expect(intercept).toBeCloseTo(0, 12);
    expect(slope).toBeCloseTo(1.1, 12);
  });

  it("finds the weights that made the targets, whatever the order of rows", () => {
    const weight = fc.integer({ min: -50, max: 50 });
    fc.assert(
      fc.property(weight, weight, weight, fc.integer(), (a, b, c, turn) => {
        const rows = Array.from({ length: 9 }, (_, i) => {
          const x = (i + Math.abs(turn)) % 9;
          return [1, x, x * x];
        });
        const targets = rows.map(([, x = 0, square = 0]) => a + b * x + c * square);
        const found = leastSquares(rows, targets);
        [a, b, c].forEach((value, i) => expect(found[i]).toBeCloseTo(value, 6));
      }),
    );
  });

  it("refuses columns that depend on each other, and no rows that decide", () => {
    const refusal = expect.objectContaining({ code: "MODEL_DEMO_FIT_IMPOSSIBLE" });
    expect(() =>
      leastSquares(
        [
          [1, 2],
          [2, 4],
          [3, 6],
        ],
        [1, 2, 3],
      ),
    ).toThrow(refusal);
    expect(() => leastSquares([[0]], [1])).toThrow(refusal);
  });
});
