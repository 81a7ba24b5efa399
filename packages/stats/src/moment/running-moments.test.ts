import fc from "fast-check";
import { expect, it } from "vitest";
import { centralMoment, mean, sampleDeviation } from "./moments.ts";
import {
  deviationOfSample,
  meanOfMoments,
  mergeMoments,
  momentsOf,
  NO_MOMENTS,
} from "./running-moments.ts";

const part = fc.array(fc.integer({ min: -1000, max: 1000 }), { maxLength: 40 });

it("are those of all values, however these are cut and merged", () => {
  fc.assert(
    fc.property(part, part, part, (a, b, c) => {
      const all = [...a, ...b, ...c];
      const [first, second, third] = [momentsOf(a), momentsOf(b), momentsOf(c)];
      const merged = mergeMoments(mergeMoments(first, second), third);
      const otherwise = mergeMoments(first, mergeMoments(third, second));
      expect(merged.count).toBe(all.length);
      if (all.length === 0) return;
      for (const own of [merged, otherwise]) {
        const { squares, cubes } = own;
        expect(meanOfMoments(own)).toBeCloseTo(mean(all), 8);
        expect(squares / all.length).toBeCloseTo(centralMoment(all, 2), 6);
        expect(cubes / all.length / 1e6).toBeCloseTo(centralMoment(all, 3) / 1e6, 6);
      }
      const deviation = all.length > 1 ? sampleDeviation(all) : NaN;
      const holds = Math.abs(deviationOfSample(merged) - deviation) < 1e-8;
      expect(holds || all.length === 1).toBe(true);
    }),
  );
});

it("leave out what is not finite, and keep a small spread on a large mean", () => {
  const parts = [[NaN, 1e15 + 4], [1e15 + 7, Infinity, 1e15 + 13], [], [NaN], [1e15 + 16]];
  const merged = parts.map(momentsOf).reduce(mergeMoments, NO_MOMENTS);
  expect(merged.count).toBe(4);
  expect(deviationOfSample(merged)).toBeCloseTo(Math.sqrt(30), 10);
  expect(meanOfMoments(merged)).toBe(1e15 + 10);
  expect(meanOfMoments(NO_MOMENTS)).toBeNaN();
  expect(deviationOfSample(momentsOf([3]))).toBeNaN();
});
