import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../random/seeded-random.ts";
import { DistinctNumbers, MOST_EXACT_NUMBERS } from "./distinct-numbers.ts";
import { hashNumber, hashText } from "./hash.ts";
import { TextCounts } from "./text-counts.ts";

const numbersOf = (values: ArrayLike<number>) => {
  const distinct = new DistinctNumbers();
  distinct.add(values);
  return distinct;
};

describe("different numbers", () => {
  it("are counted as a set does, however they are cut and merged", () => {
    const list = fc.array(fc.oneof(fc.double(), fc.integer({ min: -3, max: 3 })), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(list, list, (a, b) => {
        const merged = DistinctNumbers.from(structuredClone(numbersOf(a).state()));
        merged.merge(numbersOf(b));
        const expected = new Set([...a, ...b].filter(Number.isFinite).map((value) => value + 0))
          .size;
        expect(merged.count).toBe(expected);
        expect(merged.isExact).toBe(true);
      }),
    );
  });

  // Three standard errors of 0.81 %.
  it.each([
    ["whole numbers", 20_000, (i: number) => i],
    ["whole numbers", 1_000_000, (i: number) => i],
    ["multiples of a thousandth", 100_000, (i: number) => i / 1000],
    ["multiples of a large number", 100_000, (i: number) => i * 2 ** 40],
    ["negative powers", 50_000, (i: number) => -(1.0001 ** i)],
  ])("are estimated beyond the limit: %s, %i", (_, count, value) => {
    const distinct = numbersOf(Float64Array.from({ length: count }, (__, i) => value(i)));
    expect(distinct.isExact).toBe(false);
    expect(Math.abs(distinct.count / count - 1)).toBeLessThan(0.025);
  });

  it("give one estimate in any order, with repeats, and from parts", () => {
    const random = seededRandom(5);
    const values = Float64Array.from({ length: 3 * MOST_EXACT_NUMBERS }, () => random());
    const whole = numbersOf(values).count;
    expect(numbersOf(values.toReversed()).count).toBe(whole);
    const parts = [values.subarray(0, 100), values.subarray(50, 30_000), values.subarray(29_000)];
    for (const order of [
      [0, 1, 2],
      [2, 0, 1],
      [1, 2, 0],
    ]) {
      const merged = new DistinctNumbers();
      for (const i of order) merged.merge(numbersOf(parts[i] as Float64Array));
      expect(merged.count).toBe(whole);
    }
  });
});

const textsOf = (texts: readonly string[], most?: number) => {
  const counts = new TextCounts(most);
  for (const text of texts) counts.add(text);
  return counts;
};
const word = fc.integer({ min: 0, max: 19 }).map((i) => `word ${i}`);
const words = fc.array(word, { maxLength: 150 });

describe("counts of texts", () => {
  it("are exact while there are few, however they are cut and merged", () => {
    fc.assert(
      fc.property(words, words, (a, b) => {
        const merged = TextCounts.from(structuredClone(textsOf(a).state()));
        merged.merge(textsOf(b));
        const whole = textsOf([...a, ...b]);
        expect(Object.fromEntries(merged.counts)).toEqual(Object.fromEntries(whole.counts));
        expect([merged.distinct, merged.rows, merged.undercount]).toEqual([
          new Set([...a, ...b]).size,
          a.length + b.length,
          0,
        ]);
        expect(merged.top(3)).toEqual(whole.top(3));
      }),
    );
  });

  it("are never too high, and too low by the undercount at most, when there are many", () => {
    fc.assert(
      fc.property(words, words, fc.integer({ min: 2, max: 6 }), (a, b, most) => {
        const merged = textsOf(a, most);
        merged.merge(textsOf(b, most));
        const exact = textsOf([...a, ...b]);
        for (const [text, count] of exact.counts) {
          const kept = merged.counts.get(text) ?? 0;
          expect(kept).toBeLessThanOrEqual(count);
          expect(kept + merged.undercount).toBeGreaterThanOrEqual(count);
        }
        expect(merged.rows).toBe(a.length + b.length);
        expect(merged.undercount).toBeLessThanOrEqual(merged.rows / most);
      }),
    );
  });

  it("estimate how many different ones there are, the same from parts", () => {
    const texts = Array.from({ length: 60_000 }, (_, i) => `user-${i}`);
    const whole = textsOf(texts);
    expect(Math.abs(whole.distinct / texts.length - 1)).toBeLessThan(0.025);
    const merged = textsOf(texts.slice(0, 25_000));
    merged.merge(textsOf(texts.slice(20_000)));
    expect(merged.distinct).toBe(whole.distinct);
  });
});

it("hashes of neighbours share no half", () => {
  const hash = new Uint32Array(2);
  const halves = [new Set<number>(), new Set<number>()];
  for (let i = 0; i < 2000; i += 1) {
    if (i % 2 === 0) hashNumber(i / 2, hash);
    else hashText(`a${i}`, hash);
    for (const [half, seen] of halves.entries()) seen.add(hash[half] as number);
  }
  expect(halves.map((seen) => seen.size)).toEqual([2000, 2000]);
});
