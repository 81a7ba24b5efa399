import fc from "fast-check";
import { expect, it } from "vitest";
import { binIndex } from "./bin-index.ts";
import { binLookup } from "./bin-lookup.ts";

const number = fc.oneof(
  fc.double(),
  fc.integer({ min: -5, max: 5 }),
  fc.constantFrom(Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE, 0, -0),
);

it("finds the bin that a search through the edges finds", () => {
  const edge = number.filter(Number.isFinite);
  fc.assert(
    fc.property(fc.array(edge, { maxLength: 40 }), fc.array(number), (list, values) => {
      const edges = list.toSorted((a, b) => a - b);
      const lookup = binLookup(edges);
      const expected = new Float64Array(edges.length + 1);
      for (const value of [...values, ...edges]) {
        const index = binIndex(edges, value);
        expect(lookup.indexOf(value)).toBe(index);
        if (index >= 0) expected[index] = (expected[index] as number) + 1;
      }
      const counts = new Float64Array(edges.length + 1);
      lookup.count([...values, ...edges], counts);
      expect(counts).toEqual(expected);
    }),
  );
});

it("finds it among edges that crowd in one place", () => {
  const edges = [...Array.from({ length: 998 }, (_, i) => i * 1e-9), 1e9];
  const lookup = binLookup(edges);
  for (const value of [-1, 0, 5e-10, 4.995e-7, 1e-3, 1e9, 2e9]) {
    expect(lookup.indexOf(value)).toBe(binIndex(edges, value));
  }
});
