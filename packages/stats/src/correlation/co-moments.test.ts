import fc from "fast-check";
import { expect, it } from "vitest";
import { normalQuantile } from "../distribution/normal.ts";
import { seededRandom } from "../random/seeded-random.ts";
import { CoMoments } from "./co-moments.ts";

const columnsOf = (rows: readonly (readonly number[])[], columns: number) =>
  Array.from({ length: columns }, (_, i) => Float64Array.from(rows, (row) => row[i] as number));

function correlationsOf(...parts: readonly (readonly (readonly number[])[])[]): CoMoments {
  const merged = new CoMoments(3);
  for (const rows of parts) {
    const part = new CoMoments(3);
    part.add(columnsOf(rows, 3));
    merged.merge(new CoMoments(structuredClone(part.state())));
  }
  return merged;
}

/** The textbook's formula, in one pass over the pairs that are finite. */
function pearson(rows: readonly (readonly number[])[], a: number, b: number): number {
  const pairs = rows
    .map((row) => [row[a] as number, row[b] as number] as const)
    .filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
  const mean = (side: 0 | 1) => pairs.reduce((sum, pair) => sum + pair[side], 0) / pairs.length;
  const [mx, my] = [mean(0), mean(1)];
  const sum = (term: (x: number, y: number) => number) =>
    pairs.reduce((total, [x, y]) => total + term(x - mx, y - my), 0);
  return sum((x, y) => x * y) / Math.sqrt(sum((x) => x * x) * sum((_, y) => y * y));
}

it("is 0.8 for (1, 2, 3, 4, 5) and (2, 1, 4, 3, 5), 1 and -1 on lines", () => {
  const rows = [1, 2, 3, 4, 5].map((x, i) => [x, [2, 1, 4, 3, 5][i] as number, -3 * x + 7]);
  const found = correlationsOf(rows);
  expect(found.correlation(0, 1)).toBeCloseTo(0.8, 14);
  expect(found.correlation(0, 2)).toBeCloseTo(-1, 14);
  expect(found.correlation(2, 0)).toBe(found.correlation(0, 2));
});

it("is that of all rows, however they are cut, with gaps in any column", () => {
  const value = fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: -50, max: 50 }) },
    { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity) },
  );
  const rows = fc.array(fc.tuple(value, value, value), { maxLength: 30 });
  fc.assert(
    fc.property(rows, rows, rows, (a, b, c) => {
      const all = [...a, ...b, ...c];
      const found = correlationsOf(a, b, c);
      for (const [first, second] of [
        [0, 1],
        [0, 2],
        [1, 2],
      ] as const) {
        const expected = pearson(all, first, second);
        const own = found.correlation(first, second);
        // Rounding may leave a spread where there is none: the correlation is then any number of -1 to 1.
        const holds = Number.isNaN(expected)
          ? Number.isNaN(own) || Math.abs(own) <= 1
          : Math.abs(own - expected) < 1e-6;
        expect(holds, `${own} for ${expected}`).toBe(true);
      }
    }),
  );
});

it("does not exist for a constant column, or a single row", () => {
  expect(
    correlationsOf([
      [1, 5, 2],
      [2, 5, 3],
    ]).correlation(0, 1),
  ).toBeNaN();
  expect(correlationsOf([[1, 2, 3]]).correlation(0, 1)).toBeNaN();
});

it("finds the correlation that normal values were made with", () => {
  const random = seededRandom(9);
  const normal = () => normalQuantile(Math.max(random(), 1e-12));
  const rows = Array.from({ length: 20_000 }, () => {
    const [x, y, z] = [normal(), normal(), normal()];
    return [x, 0.75 * x + Math.sqrt(1 - 0.75 ** 2) * y, -0.8 * x + 0.6 * z];
  });
  const found = correlationsOf(rows.slice(0, 7000), rows.slice(7000));
  expect(found.correlation(0, 1)).toBeCloseTo(0.75, 1);
  expect(found.correlation(0, 2)).toBeCloseTo(-0.8, 1);
});
