import type { SpcDistribution } from "@scouter/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { controlScale } from "./control-scale.ts";

const chartOf = (values: readonly number[]) =>
  ({
    points: values.map((value) => ({ at: "2026-01-01T00:00:00Z", value, zone: 0 })),
    three_sigma: { lower: -3, upper: 3 },
  }) as unknown as SpcDistribution;

describe("controlScale", () => {
  it("keeps every point and zone inside, higher values higher up, points in order", () => {
    const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(values, (points) => {
        const { x, y } = controlScale(chartOf(points));
        for (const value of [...points, -3, 3]) {
          expect(y(value)).toBeGreaterThanOrEqual(0);
          expect(y(value)).toBeLessThanOrEqual(1);
        }
        expect(y(3)).toBeLessThan(y(-3));
        expect(x(0)).toBeGreaterThan(0);
        expect(x(points.length - 1)).toBeLessThan(1);
      }),
    );
  });

  it("has a middle when all is one value", () => {
    const flat = { ...chartOf([1]), three_sigma: { lower: 1, upper: 1 } };
    expect(controlScale(flat).y(1)).toBeCloseTo(0.5);
  });
});
