import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalQuantile } from "../distribution/normal.ts";
import { skewness } from "../moment/moments.ts";
import { finiteValues } from "../quantile/quantile.ts";
import { summaryOf } from "../quantile/value-summary.ts";
import { type BinCountRule, rawBinCount } from "./bin-count-rule.ts";
import { chooseBinCount } from "./choose-bin-count.ts";
import { binIndex } from "./bin-index.ts";
import { binCounts, distinctEdges, equalWidthEdges, quantileEdges } from "./edges.ts";

const D13 = [12, 8, 17, 33, 123, 6, 9.23, 123.43, 1.9, 4, 11, 2, 5.6];
const D20 = [120, 1, 33, 71, 15, 59, 8, 62, 4, 21, 10, 2, 344, 437, 53, 39, 83, 6, 4.3, 2];
const summarised = (values: ArrayLike<number>) => summaryOf(finiteValues(values));
const ofSize = (count: number) => Array.from({ length: count }, (_, i) => i);

describe("bin counts by number of values", () => {
  it.each([
    [3, 2, 3, 3, 2],
    [8, 3, 4, 4, 3],
    [9, 3, 5, 5, 3],
    [10, 4, 5, 5, 3],
    [16, 4, 5, 6, 3],
    [32, 6, 6, 7, 4],
    [50, 8, 7, 8, 5],
    [64, 8, 7, 8, 5],
    [100, 10, 8, 10, 6],
    [125, 12, 8, 10, 6],
    [128, 12, 8, 11, 6],
    [1000, 32, 11, 20, 13],
  ])("%i values", (count, squareRoot, sturges, rice, terrellScott) => {
    const rules = ["SquareRoot", "Sturges", "Rice", "TerrellScott"] as const;
    const found = rules.map((rule) => rawBinCount(rule, summarised(ofSize(count))));
    expect(found).toEqual([squareRoot, sturges, rice, terrellScott]);
  });
});

describe("bin counts by shape", () => {
  it.each<[BinCountRule, string, number[], number]>([
    ["Doane", "1, 2, 3", [1, 2, 3], 3],
    ["Doane", "20 values", D20, 8],
    ["Doane", "13 values", D13, 7],
    ["Scott", "20 values", D20, 4],
    ["Scott", "13 values", D13, 2],
    ["FreedmanDiaconis", "20 values", D20, 11],
    ["FreedmanDiaconis", "13 values", D13, 13],
  ])("%s on %s", (rule, _, values, expected) => {
    expect(rawBinCount(rule, summarised(values))).toBe(expected);
  });

  // The figure before it is rounded: 1 + log2 n + log2(1 + |skewness| / its spread).
  it.each([
    ["20 values", D20, 7.915286628035931],
    ["13 values", D13, 6.801924592213238],
    ["1, 2, 3", [1, 2, 3], 1 + Math.log2(3)],
  ])("Doane's figure of %s", (_, values, expected) => {
    const n = values.length;
    const spread = Math.sqrt((6 * (n - 2)) / ((n + 1) * (n + 3)));
    const figure = 1 + Math.log2(n) + Math.log2(1 + Math.abs(skewness(values)) / spread);
    expect(figure).toBeCloseTo(expected, 12);
  });

  /** Normal values from quantiles of an even grid: the shape without the chance. */
  const normal = (count: number, scale: number) =>
    ofSize(count).map((i) => scale * normalQuantile((i + 0.5) / count));

  it("Scott's count does not depend on the scale", () => {
    const counts = [1, 10].map((scale) => rawBinCount("Scott", summarised(normal(100, scale))));
    expect(Math.abs((counts[0] ?? 0) - (counts[1] ?? 0))).toBeLessThanOrEqual(2);
  });

  it("Freedman and Diaconis take few bins for normal values with a heavy tail", () => {
    const heavy = summarised(normal(200, 1).map((z, i) => (i % 20 === 0 ? 2 * z : z)));
    const bins = rawBinCount("FreedmanDiaconis", heavy);
    expect(bins).toBeGreaterThan(3);
    expect(bins).toBeLessThan(30);
  });

  const halfEqual = [...Array.from({ length: 80 }, () => 5), ...ofSize(20)];
  it.each<[BinCountRule, string, number[], ReturnType<typeof chooseBinCount>]>([
    ["Doane", "constant", [4, 4, 4, 4], { bins: 3, rule: "Sturges" }],
    ["Scott", "constant", [4, 4], { bins: 2, rule: "Sturges" }],
    ["FreedmanDiaconis", "coinciding quartiles", halfEqual, { bins: 8, rule: "Sturges" }],
    ["Doane", "two values", [1, 2], { bins: 2, rule: "Sturges" }],
    ["Sturges", "one value", [1], { bins: 2, rule: "Sturges" }],
    [
      "FreedmanDiaconis",
      "one far value",
      [...ofSize(100), 1e9],
      { bins: 101, rule: "FreedmanDiaconis", cappedFrom: 46415889 },
    ],
  ])("%s on %s values falls back or is capped", (rule, _, values, expected) => {
    const chosen = chooseBinCount(rule, summarised(values));
    const { cappedFrom, ...rest } = expected;
    expect(chosen).toMatchObject(rest);
    expect(chosen.cappedFrom === undefined).toBe(cappedFrom === undefined);
  });

  it("never exceeds the number of values or 1000", () => {
    const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), {
      minLength: 1,
      maxLength: 200,
    });
    const rule = fc.constantFrom<BinCountRule>("Doane", "Scott", "FreedmanDiaconis", "Rice");
    fc.assert(
      fc.property(values, rule, (list, name) => {
        const { bins } = chooseBinCount(name, summarised(list));
        expect(bins).toBeGreaterThanOrEqual(2);
        expect(bins).toBeLessThanOrEqual(Math.min(1000, Math.max(2, list.length)));
      }),
    );
  });
});

describe("edges", () => {
  it.each([
    ["1 to 8", [8, 7, 6, 5, 4, 3, 2, 1], 4, [2.75, 4.5, 6.25]],
    ["13 values", D13, 5, [4.64, 7.6, 11.2, 26.6]],
    ["20 values", D20, 10, [2, 4.24, 7.4, 13, 27, 44.6, 59.9, 73.4, 142.4]],
  ])("quantiles of %s", (_, values, bins, expected) => {
    const edges = quantileEdges(summarised(values), bins);
    expect(edges).toHaveLength(expected.length);
    for (const [i, edge] of edges.entries()) expect(edge).toBeCloseTo(expected[i] as number, 10);
  });

  it("equal widths of 1 to 10", () => {
    const edges = equalWidthEdges(summarised(ofSize(10).map((i) => i + 1)), 5);
    expect(edges).toEqual([2.8, 4.6, 6.4, 8.2]);
    expect(binCounts(edges, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).toEqual([2, 2, 2, 2, 2]);
  });

  it.each([
    ["of 2 to 6", [2, 6], [1, 2.5, 3.7, 5, 6.3, 8.1], 3],
    ["of 0 to 11", [0, 11], [12, 11, 10, 1, 10, 21, 19, 12, 12, 23], 4],
  ])("counts what lies in the bin %s", (_, edges, values, expected) => {
    expect(binCounts(edges, values)[1]).toBe(expected);
  });

  it("closes bins on the right: three values up to the first edge", () => {
    const edges = quantileEdges(summarised(D20), 10);
    expect(binCounts(edges, D20)).toEqual([3, 1, 2, 2, 2, 2, 2, 2, 2, 2]);
  });

  it.each([
    [-Infinity, 0],
    [1, 0],
    [1.5, 1],
    [2, 1],
    [9, 2],
    [Infinity, 2],
    [NaN, -1],
  ])("puts %d into bin %i of edges 1 and 2", (value, expected) => {
    expect(binIndex([1, 2], value)).toBe(expected);
  });

  it("puts every value into the one bin with lower < value <= upper", () => {
    const number = fc.integer({ min: -20, max: 20 });
    fc.assert(
      fc.property(fc.array(number, { maxLength: 8 }), number, (list, value) => {
        const edges = distinctEdges(list.toSorted((a, b) => a - b));
        const holding = [-Infinity, ...edges].findIndex(
          (lower, i) => lower < value && value <= ([...edges, Infinity][i] as number),
        );
        expect(binIndex(edges, value)).toBe(holding);
      }),
    );
  });

  it("ascend, also between values that are almost equal", () => {
    const near = fc.integer({ min: -20, max: 20 }).map((steps) => steps * Number.MIN_VALUE);
    const values = fc.array(fc.oneof(near, fc.double({ noNaN: true, min: -1e6, max: 1e6 })), {
      minLength: 1,
    });
    const bins = fc.integer({ min: 2, max: 20 });
    fc.assert(
      fc.property(values, bins, (list, count) => {
        const edges = quantileEdges(summarised(list), count);
        expect(edges).toEqual(edges.toSorted((a, b) => a - b));
      }),
    );
    expect(
      quantileEdges(summarised([-12, -11, 0].map((steps) => steps * Number.MIN_VALUE)), 10)[2],
    ).toBe(-11 * Number.MIN_VALUE);
  });

  it("leaves out repeated edges", () => {
    expect(distinctEdges([1, 1, 2, 2, 2, 3])).toEqual([1, 2, 3]);
  });

  it.each([
    [
      "one bin",
      () => quantileEdges(summarised([1, 2]), 1),
      "a binning needs at least 2 bins, got 1",
    ],
    [
      "a fraction of a bin",
      () => equalWidthEdges(summarised([1, 2]), 2.5),
      "expected an integer of 2 to 1000",
    ],
    [
      "too many bins",
      () => equalWidthEdges(summarised([1, 2]), 1e9),
      "expected an integer of 2 to 1000",
    ],
    [
      "values too far apart",
      () => equalWidthEdges(summarised([-Number.MAX_VALUE, Number.MAX_VALUE]), 4),
      "range is Infinity: expected a finite number",
    ],
    [
      "no values",
      () => equalWidthEdges(summarised([]), 4),
      "a summary needs at least 1 value, got 0",
    ],
  ])("refuses %s", (_, call, message) => {
    expect(call).toThrow(message);
  });
});
