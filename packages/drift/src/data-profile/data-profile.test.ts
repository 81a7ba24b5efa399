import { dataProfile, type FeatureDataProfile } from "@scouter/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import golden from "../../golden/data-profile.json" with { type: "json" };
import { batchOf } from "../table/column-batch.ts";
import type { Column, Table } from "../table/column.ts";
import { createDataProfile } from "./create-data-profile.ts";
import { countIntoBins, leftEdges } from "./histogram.ts";
import { PartialDataProfile } from "./partial-data-profile.ts";

const timestamp = "2026-01-01T00:00:00Z";
const profileOf = (table: Table, options: { binSize?: number; correlations?: boolean } = {}) =>
  createDataProfile({ table, timestamp, ...options }).features;
const featureOf = (column: Column, binSize?: number): FeatureDataProfile =>
  profileOf({ f: column }, binSize === undefined ? {} : { binSize })["f"] as FeatureDataProfile;

/** In `cuts` parts, each profiled by itself, sent as plain values, merged; optionally with the second pass on each. */
function merged(table: Table, cuts: number, again = false): PartialDataProfile {
  const rows = Object.values(table)[0]?.length ?? 0;
  const size = Math.max(1, Math.ceil(rows / cuts));
  const whole = new PartialDataProfile();
  const parts: Table[] = [];
  for (let start = 0; start < rows; start += size) {
    const part = Object.entries(table).map(([name, column]) => {
      const values = Array.from(column as ArrayLike<number | null>);
      return [name, values.slice(start, start + size)] as const;
    });
    parts.push(Object.fromEntries(part));
  }
  for (const part of parts) {
    const own = new PartialDataProfile();
    own.add(batchOf(part));
    whole.merge(PartialDataProfile.from(structuredClone(own.state())));
  }
  if (again) for (const part of parts) whole.addAgain(batchOf(part), { correlations: true });
  return whole;
}

describe("a column of numbers", () => {
  it("1, 2, 2, 3, 10 in five bins", () => {
    const { numeric_stats: stats, string_stats } = featureOf([1, 2, 2, 3, 10], 5);
    expect(string_stats).toBeNull();
    expect(stats).toMatchObject({
      mean: 3.6,
      min: 1,
      max: 10,
      distinct: { count: 4, percent: 0.8 },
      quantiles: { q25: 2, q50: 2, q75: 3, q99: 10 },
      histogram: { bins: [1, 2.8, 4.6, 6.4, 8.2], bin_counts: [3, 1, 0, 0, 1] },
      rows: 5,
      missing: 0,
      non_finite: 0,
      rank_error: 0,
    });
    expect(stats?.stddev).toBeCloseTo(3.646916505762094, 14);
  });

  it.each([
    [[1, 2, 3, 4], { q25: 2, q50: 3, q75: 3, q99: 4 }],
    [[1, 2, 3, 4, 5, 6], { q25: 2, q50: 4, q75: 5, q99: 6 }],
    [[7], { q25: 7, q50: 7, q75: 7, q99: 7 }],
  ])("has quantiles that are values of it: %j", (values, expected) => {
    expect(featureOf(values).numeric_stats?.quantiles).toEqual(expected);
  });

  it.each<[string, Column, object]>([
    ["constant", [4, 4, 4], { histogram: { bins: [4], bin_counts: [3] }, stddev: 0 }],
    ["one value", [4], { stddev: null, mean: 4, histogram: { bins: [4], bin_counts: [1] } }],
    [
      "a value on the last left edge, and one at the end",
      [0, 8, 10],
      { histogram: { bins: [0, 2, 4, 6, 8], bin_counts: [1, 0, 0, 0, 2] } },
    ],
    [
      "gaps, NaN and infinities",
      [1, null, NaN, 3, Infinity, null],
      { rows: 6, missing: 2, non_finite: 2, mean: 2, distinct: { count: 2, percent: 1 } },
    ],
    [
      "no value",
      [null, null],
      { rows: 2, missing: 2, mean: null, min: null, histogram: { bins: [], bin_counts: [] } },
    ],
    [
      "values too far apart for a width",
      [-Number.MAX_VALUE, Number.MAX_VALUE],
      { histogram: { bins: [-Number.MAX_VALUE], bin_counts: [2] } },
    ],
  ])("that is special: %s", (_, column, expected) => {
    expect(featureOf(column, 5).numeric_stats).toMatchObject(expected);
  });

  it("does not blank the others when it holds NaN", () => {
    const { a, b } = profileOf({ a: [1, NaN, 3], b: [1, 2, 3] });
    expect(b?.numeric_stats).toEqual(featureOf([1, 2, 3]).numeric_stats);
    expect(a?.numeric_stats).toMatchObject({ mean: 2, quantiles: { q50: 3 } });
  });

  it("loses no digit of large whole numbers", () => {
    const { numeric_stats: stats } = featureOf([16_777_217, 16_777_219, 9_007_199_254_740_991]);
    expect(stats).toMatchObject({
      min: 16_777_217,
      max: 9_007_199_254_740_991,
      distinct: { count: 3 },
    });
  });
});

describe("against NumPy and SciPy", () => {
  const profiles = profileOf(golden.columns, { correlations: true });
  const merge = merged(golden.columns, 7, true).finish({ timestamp }).features;
  const names = Object.keys(golden.columns) as (keyof typeof golden.columns)[];
  it.each(
    names.flatMap((name) => [[name, "whole", profiles] as const, [name, "merged", merge] as const]),
  )("%s, %s", (name, _, features) => {
    const expected = golden.profiles[name];
    const feature = features[name];
    const stats = feature?.numeric_stats;
    expect(stats).toMatchObject({
      min: expected.min,
      max: expected.max,
      distinct: { count: expected.distinct },
      quantiles: expected.quantiles,
      histogram: { bin_counts: expected.bin_counts },
    });
    const near = (own: number | null | undefined, other: number, digits = 1e-12) =>
      expect(Math.abs((own ?? NaN) / other - 1)).toBeLessThan(digits);
    near(stats?.mean, expected.mean);
    near(stats?.stddev, expected.stddev, 1e-9);
    for (const [i, edge] of expected.bins.entries()) {
      expect(stats?.histogram.bins[i]).toBeCloseTo(edge, 6);
    }
    for (const [other, value] of Object.entries(golden.correlations[name])) {
      // With a spread of a billionth of the mean, half of the digits are the mean's.
      const digits = [name, other].includes("large_mean") ? 6 : 12;
      expect(feature?.correlations?.[other]).toBeCloseTo(value, digits);
    }
  });
});

describe("a column of texts", () => {
  it("is described by its values and their lengths in code points", () => {
    const { numeric_stats, string_stats: stats } = featureOf(["a", "bb", "a", null, "🚀🚀🚀", "a"]);
    expect(numeric_stats).toBeNull();
    expect(stats).toEqual({
      distinct: { count: 3, percent: 0.6, estimated: false },
      char_stats: { min_length: 1, max_length: 3, median_length: 1, mean_length: 8 / 5 },
      word_stats: {
        words: {
          a: { count: 3, percent: 0.6 },
          bb: { count: 1, percent: 0.2 },
          "🚀🚀🚀": { count: 1, percent: 0.2 },
        },
      },
      rows: 6,
      missing: 1,
    });
  });

  it("takes the upper one of two middle lengths", () => {
    expect(featureOf(["a", "bb", "ccc", "dddd"]).string_stats?.char_stats.median_length).toBe(3);
  });

  it("lists the most frequent values and adds up the others", () => {
    const texts = Array.from({ length: 12_000 }, (_, i) => (i % 3 === 0 ? "often" : `id-${i}`));
    const stats = featureOf(texts).string_stats;
    const { words, other } = stats?.word_stats ?? { words: {} };
    expect(words["often"]?.count).toBe(4000);
    expect(Object.keys(words)).toHaveLength(100);
    const listed = Object.values(words).reduce((sum, { count }) => sum + count, 0);
    expect(listed + (other?.count ?? 0)).toBe(12_000);
    expect(Math.abs((stats?.distinct.count ?? 0) / 8001 - 1)).toBeLessThan(0.03);
  });

  it.each([
    ["1 to 3", 1, 3, "3", 1 / 3],
    ["5 to 9", 5, 9, "7", 1 / 5],
  ])(
    "of whole numbers %s drawn at random has shares near their chance",
    (_, low, high, word, share) => {
      let state = 42;
      const draw = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
      const texts = Array.from({ length: 1000 }, () =>
        String(low + Math.floor(draw() * (high - low + 1))),
      );
      const stats = featureOf(texts).string_stats;
      expect(stats?.distinct.count).toBe(high - low + 1);
      expect(Math.abs((stats?.word_stats.words[word]?.percent ?? 0) - share)).toBeLessThan(0.1);
    },
  );

  it("survives names and values that every object has", () => {
    const features = profileOf({ constructor: ["__proto__", "toString", "__proto__"] });
    expect(features["constructor"]?.string_stats?.word_stats.words).toHaveProperty("toString");
    const { words } = JSON.parse(
      JSON.stringify(features["constructor"]?.string_stats?.word_stats),
    ) as {
      words: Record<string, { count: number }>;
    };
    expect(Object.getOwnPropertyDescriptor(words, "__proto__")?.value).toMatchObject({ count: 2 });
  });
});

describe("correlations", () => {
  it("number texts by their order, and leave out the column itself", () => {
    const features = profileOf(
      { x: [1, 2, 3, 4, 5], y: [2, 1, 4, 3, 5], t: ["a", "b", "c", "d", "e"], k: [1, 1, 1, 1, 1] },
      { correlations: true },
    );
    expect(features["x"]?.correlations).toEqual({
      k: null,
      t: expect.closeTo(1, 14) as number,
      y: expect.closeTo(0.8, 14) as number,
    });
    expect(features["k"]?.correlations).toEqual({ t: null, x: null, y: null });
  });

  it("are null unless asked for", () => {
    expect(featureOf([1, 2]).correlations).toBeNull();
  });

  it("do not see rounding as a spread of a constant column", () => {
    const k = Array.from({ length: 1000 }, () => 0.1);
    const features = profileOf({ k, x: k.map((_, i) => i) }, { correlations: true });
    expect(features["x"]?.correlations).toEqual({ k: null });
  });
});

describe("merged from parts", () => {
  const number = fc.oneof(
    fc.integer({ min: -20, max: 20 }),
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    fc.constantFrom(NaN, Infinity),
  );
  const table = fc.integer({ min: 1, max: 60 }).chain((rows) =>
    fc.record({
      a: fc.array(fc.oneof(number, fc.constant(null)), { minLength: rows, maxLength: rows }),
      b: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: rows, maxLength: rows }),
      t: fc.array(fc.constantFrom("x", "y", "é", null), { minLength: rows, maxLength: rows }),
    }),
  );

  it("is what one pass over all rows gives", () => {
    fc.assert(
      fc.property(table, fc.integer({ min: 1, max: 6 }), (columns, cuts) => {
        // A part whose values are all missing has no kind: such columns are tested apart.
        fc.pre(typeof columns.a[0] === "number" && columns.t[0] !== null);
        const kinds = { a: columns.a.map((value) => value ?? NaN), b: columns.b };
        const whole = profileOf(kinds, { correlations: true });
        const parts = merged(kinds, cuts, true).finish({ timestamp }).features;
        for (const name of ["a", "b"] as const) {
          const [one, other] = [whole[name]?.numeric_stats, parts[name]?.numeric_stats];
          const { mean, stddev, ...exact } = one ?? { mean: null, stddev: null };
          expect(other).toMatchObject(exact);
          const rounded = (own: number | null | undefined) => Number((own ?? -1e9).toFixed(3));
          expect(Math.abs(rounded(other?.mean) - rounded(mean))).toBeLessThanOrEqual(0.002);
          expect(Math.abs(rounded(other?.stddev) - rounded(stddev))).toBeLessThanOrEqual(0.002);
        }
      }),
    );
  });

  it("keeps quantiles and histogram within the error that it tells", () => {
    const values = Array.from({ length: 60_000 }, (_, i) => Math.sin(i) * 100);
    const exact = featureOf(values).numeric_stats;
    const partial = merged({ f: values }, 5).finish({ timestamp }).features["f"]?.numeric_stats;
    const error = partial?.rank_error ?? NaN;
    expect(error).toBeGreaterThan(0);
    expect(error / values.length).toBeLessThan(5e-4);
    for (const [i, count] of (exact?.histogram.bin_counts ?? []).entries()) {
      const own = partial?.histogram.bin_counts[i] ?? NaN;
      expect(Math.abs(own - count)).toBeLessThanOrEqual(2 * error);
    }
    const again = merged({ f: values }, 5, true).finish({ timestamp }).features["f"];
    expect(again?.numeric_stats?.histogram).toEqual(exact?.histogram);
  });

  it("refuses a column that is numbers here and texts there", () => {
    const [a, b] = [new PartialDataProfile(), new PartialDataProfile()];
    a.add(batchOf({ f: [1] }));
    b.add(batchOf({ f: ["x"] }));
    expect(() => a.merge(b)).toThrow("'f' held numbers before and does not any more");
  });
});

it("has the wire's shape, and reads what other clients wrote", () => {
  const profile = createDataProfile({
    table: { n: [1, 2], s: ["a", "b"] },
    timestamp,
    correlations: true,
  });
  expect(dataProfile.parse(JSON.parse(JSON.stringify(profile)))).toEqual(profile);
  const other = {
    features: {
      f: {
        id: "f",
        numeric_stats: {
          mean: null,
          stddev: null,
          min: 0,
          max: 0,
          distinct: { count: 0, percent: 0 },
          quantiles: { q25: 0, q50: 0, q75: 0, q99: 0 },
          histogram: { bins: [], bin_counts: [] },
        },
        string_stats: null,
        timestamp: "2024-01-01T00:00:00.000000Z",
        correlations: { g: null },
      },
    },
  };
  expect(dataProfile.parse(other)).toEqual(other);
});

it.each([0, 1.5, 1001])("refuses a histogram of %d bins", (binSize) => {
  expect(() => featureOf([1, 2], binSize)).toThrow("expected a whole number of 1 to 1000");
});

it("puts every value of its range into the one bin that holds it", () => {
  const value = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer({ min: -9, max: 9 }),
  );
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1 }),
      fc.integer({ min: 1, max: 40 }),
      (list, size) => {
        const bins = leftEdges(Math.min(...list), Math.max(...list), size);
        const counts = new Float64Array(bins.length);
        countIntoBins(bins, Float64Array.from(list), counts);
        const expected = bins.map(() => 0);
        for (const own of list) {
          const bin = bins.findLastIndex((edge) => edge <= own);
          expected[bin] = (expected[bin] ?? 0) + 1;
        }
        expect([...counts]).toEqual(expected);
      },
    ),
  );
});
