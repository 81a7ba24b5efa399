import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../random/seeded-random.ts";
import { orderStatistics } from "./order-statistics.ts";

const ranksOf = (count: number, wanted: number) =>
  Array.from({ length: wanted }, (_, i) => Math.floor((i * (count - 1)) / (wanted - 1)));

describe("values at ranks are those of a full sort", () => {
  const random = seededRandom(1);
  const many = (draw: (i: number) => number) =>
    Float64Array.from({ length: 20_000 }, (_, i) => draw(i));
  it.each([
    ["uniform", many(() => random())],
    ["ascending", many((i) => i)],
    ["descending", many((i) => -i)],
    ["few distinct", many((i) => i % 7)],
    ["constant", many(() => 4)],
    ["one far value", many((i) => (i === 5 ? 1e300 : random()))],
    ["two far values of both signs", many((i) => (i < 2 ? (i - 0.5) * 1e307 : random()))],
    [
      "a range that no number holds",
      many((i) => (i < 2 ? (i === 0 ? -1.5e308 : 1.5e308) : random())),
    ],
    ["over many powers of ten", many(() => 10 ** (600 * random() - 300))],
    ["next to each other", many((i) => 1 + (i % 3) * Number.EPSILON)],
    ["denormal", many((i) => (i % 50) * Number.MIN_VALUE)],
    ["around a large mean", many(() => 1.7e9 + random())],
  ])("%s", (_, values) => {
    const before = values.slice();
    const ranks = ranksOf(values.length, 40);
    const sorted = values.slice().sort();
    expect(orderStatistics(values, ranks)).toEqual(ranks.map((rank) => sorted[rank]));
    expect(values).toEqual(before);
  });

  it("whatever the values and the ranks", () => {
    const value = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer({ min: -3, max: 3 }),
    );
    const values = fc.array(value, { minLength: 2049, maxLength: 2600 });
    fc.assert(
      fc.property(values, fc.array(fc.nat(), { maxLength: 12 }), (list, picks) => {
        const numbers = Float64Array.from(list, (value) => value + 0);
        const ranks = picks.map((pick) => pick % list.length).sort((a, b) => a - b);
        const sorted = numbers.slice().sort();
        const found = orderStatistics(numbers, ranks);
        expect(found.map((own, i) => own === sorted[ranks[i] as number])).not.toContain(false);
      }),
      { numRuns: 30 },
    );
  });
});

it.each([
  ["no values", [], [0], "an order statistic needs at least 1 value, got 0"],
  ["a rank beyond the values", [1, 2], [2], "rank is 2: expected integers of 0 to 1, ascending"],
  ["ranks that fall", [1, 2], [1, 0], "rank is 0: expected integers of 0 to 1, ascending"],
  ["a rank between two", [1, 2], [0.5], "rank is 0.5"],
])("refuses %s", (_, values, ranks, message) => {
  expect(() => orderStatistics(Float64Array.from(values), ranks)).toThrow(message);
});
