import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binIndex } from "../binning/bin-index.ts";
import { seededRandom } from "../random/seeded-random.ts";
import { QuantileSketch } from "./quantile-sketch.ts";

const RUN = 16;

/** How far a value's own ranks, with ties a range, are from the rank asked for. */
function distance(sorted: readonly number[], value: number, rank: number): number {
  const first = binIndex(sorted, value);
  const last = sorted.findLastIndex((own) => own <= value);
  expect(sorted[first]).toBe(value);
  return rank < first ? first - rank : Math.max(0, rank - last);
}

function expectWithinBound(sketch: QuantileSketch, values: readonly number[]): void {
  const sorted = values.toSorted((a, b) => a - b);
  const ranks = values.map((_, i) => i);
  const found = sketch.atRanks(ranks);
  const worst = Math.max(...ranks.map((rank) => distance(sorted, found[rank] as number, rank)));
  expect(worst).toBeLessThanOrEqual(sketch.rankError);
  for (const inclusive of [true, false]) {
    const counts = sketch.countsBelow(sorted, inclusive);
    for (const [i, bound] of sorted.entries()) {
      const exact = sorted.filter((own) => (inclusive ? own <= bound : own < bound)).length;
      expect(Math.abs((counts[i] as number) - exact)).toBeLessThanOrEqual(sketch.rankError);
    }
  }
}

const list = fc.array(fc.integer({ min: -200, max: 200 }), { minLength: 1, maxLength: 400 });

describe("a sketch of values", () => {
  it("finds every rank within its proved error", () => {
    fc.assert(
      fc.property(list, (values) => {
        const sketch = new QuantileSketch(RUN);
        sketch.add(values);
        expect(sketch.count).toBe(values.length);
        expectWithinBound(sketch, values);
      }),
      { numRuns: 50 },
    );
  });

  it("keeps that bound when parts are merged, in any grouping, or travel as plain values", () => {
    fc.assert(
      fc.property(list, list, list, (a, b, c) => {
        const [first, second, third] = [a, b, c].map((values) => {
          const sketch = new QuantileSketch(RUN);
          sketch.add(values);
          return QuantileSketch.from(structuredClone(sketch.state()));
        }) as [QuantileSketch, QuantileSketch, QuantileSketch];
        second.merge(third);
        first.merge(second);
        expect(first.count).toBe(a.length + b.length + c.length);
        expectWithinBound(first, [...a, ...b, ...c]);
      }),
      { numRuns: 50 },
    );
  });

  it("is exact up to one run of values, also merged from parts of it", () => {
    const values = Array.from({ length: RUN - 1 }, (_, i) => (i * 7) % 11);
    const [whole, left, right] = [
      new QuantileSketch(RUN),
      new QuantileSketch(RUN),
      new QuantileSketch(RUN),
    ];
    whole.add(values);
    left.add(values.slice(0, 6));
    right.add(values.slice(6));
    left.merge(right);
    const ranks = values.map((_, i) => i);
    const sorted = values.toSorted((a, b) => a - b);
    expect(whole.rankError).toBe(0);
    expect(whole.atRanks(ranks)).toEqual(sorted);
    expect(left.atRanks(ranks)).toEqual(sorted);
  });

  it("stays within its bound, and far within it, on a million values", () => {
    const random = seededRandom(3);
    const values = Float64Array.from({ length: 1_000_000 }, () => random());
    const sketch = new QuantileSketch();
    sketch.add(values);
    expect(sketch.rankError / values.length).toBeLessThan(5e-4);
    const shares = [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99];
    const sorted = values.slice().sort();
    const found = sketch.atRanks(shares.map((share) => share * values.length));
    for (const [i, share] of shares.entries()) {
      expect(
        Math.abs(
          binIndex(sorted as unknown as number[], found[i] as number) / values.length - share,
        ),
      ).toBeLessThan(3e-4);
    }
    expect([sketch.smallest, sketch.largest]).toEqual([sorted[0], sorted.at(-1)]);
  });
});

it("leaves out what is not finite, and refuses ranks that are not there", () => {
  const sketch = new QuantileSketch();
  sketch.add([NaN, Infinity, -Infinity]);
  expect(sketch.count).toBe(0);
  expect(() => sketch.atRanks([0])).toThrow("a rank needs at least 1 value, got 0");
  sketch.add([5]);
  expect(() => sketch.atRanks([1])).toThrow("rank is 1: expected 0 to 0");
  expect(() => sketch.merge(new QuantileSketch(4))).toThrow("runSize of the other sketch is 4");
  expect(() => new QuantileSketch(1)).toThrow("runSize is 1");
});
