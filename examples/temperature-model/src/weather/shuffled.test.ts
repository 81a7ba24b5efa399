import fc from "fast-check";
import { expect, it } from "vitest";
import { shuffled } from "./shuffled.ts";

it("gives the same items in an order that only the seed decides", () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.integer(), (items, seed) => {
      const order = shuffled(items, seed);
      expect(order).toEqual(shuffled(items, seed));
      const ascending = (a: number, b: number) => a - b;
      expect(order.toSorted(ascending)).toEqual(items.toSorted(ascending));
    }),
  );
  const many = Array.from({ length: 100 }, (_, i) => i);
  expect(shuffled(many, 1)).not.toEqual(shuffled(many, 2));
  expect(shuffled(many, 1)).not.toEqual(many);
});
