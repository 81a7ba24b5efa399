import { describe, expect, it } from "vitest";
import golden from "../golden/distributions.json" with { type: "json" };
import { chiSquareCdf, chiSquareQuantile, chiSquareSurvival } from "./distribution/chi-square.ts";
import { logGamma } from "./distribution/log-gamma.ts";
import { normalCdf, normalQuantile } from "./distribution/normal.ts";
import { wilsonInterval } from "./interval/wilson-interval.ts";
import { populationDeviation, sampleDeviation } from "./moment/moments.ts";
import { benjaminiHochberg } from "./multiple-tests/benjamini-hochberg.ts";
import { finiteSorted, quantileOfSorted } from "./quantile/quantile.ts";

// Values of SciPy and NumPy; golden/distributions.py makes them. Tolerances are relative to the larger of |expected| and
// the floor: a floor of 0 demands the same digits of very small values too.
function expectNear(actual: number, expected: number, tolerance: number, floor = 0): void {
  const scale = Math.max(Math.abs(expected), floor);
  expect(Math.abs(actual - expected), `${actual} for ${expected}`).toBeLessThanOrEqual(
    tolerance * scale,
  );
}

describe("against SciPy and NumPy", () => {
  it.each(golden.chi_square)("chi-square at $x with $degrees degrees", (row) => {
    expectNear(chiSquareCdf(row.x, row.degrees), row.cdf, 1e-11, 1);
    expectNear(chiSquareSurvival(row.x, row.degrees), row.survival, 1e-11, 1);
    // An upper tail keeps its digits however small it is, down to where SciPy's own end.
    const floor = row.x >= row.degrees ? 1e-250 : 1;
    expectNear(chiSquareSurvival(row.x, row.degrees), row.survival, 1e-10, floor);
  });

  it.each(golden.chi_square_quantile)("chi-square quantile $p of $degrees degrees", (row) => {
    expectNear(chiSquareQuantile(row.p, row.degrees), row.x, 1e-10);
  });

  it.each(golden.normal_quantile)("normal quantile $p", (row) => {
    expectNear(normalQuantile(row.p), row.z, 1e-13, 1e-3);
  });

  it.each(golden.normal_cdf)("normal distribution at $z", (row) => {
    expectNear(normalCdf(row.z), row.p, 1e-12);
  });

  it.each(golden.log_gamma)("log gamma of $x", (row) => {
    expectNear(logGamma(row.x), row.value, 1e-13, 1);
  });

  it.each(golden.quantile)("quantile $p of $sample", (row) => {
    expectNear(quantileOfSorted(finiteSorted(row.sample), row.p), row.value, 1e-14, 1e-3);
  });

  it.each(golden.deviation)("standard deviation of $sample", (row) => {
    expectNear(populationDeviation(row.sample), row.population, 1e-14);
    if (row.of_sample !== null) expectNear(sampleDeviation(row.sample), row.of_sample, 1e-14);
  });

  it.each(golden.benjamini_hochberg)("Benjamini-Hochberg of $p", (row) => {
    const adjusted = benjaminiHochberg(row.p);
    for (const [i, expected] of row.adjusted.entries()) {
      expectNear(adjusted[i] as number, expected, 1e-14);
    }
  });

  it.each(golden.wilson_interval)("Wilson interval of $successes in $trials", (row) => {
    const interval = wilsonInterval(row.successes, row.trials, row.confidence);
    expectNear(interval?.lower ?? Number.NaN, row.lower, 1e-12, 1e-3);
    expectNear(interval?.upper ?? Number.NaN, row.upper, 1e-12, 1e-3);
  });
});
