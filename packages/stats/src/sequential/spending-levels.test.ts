import { expect, it } from "vitest";
import { spendingLevels } from "./spending-levels.ts";

it("gives the whole level to a single look", () => {
  expect(spendingLevels([1], 0.05)[0]).toBeCloseTo(0.05, 8);
  expect(spendingLevels([], 0.05)).toEqual([]);
});

it("grows from look to look and never reaches the whole", () => {
  const levels = spendingLevels([0.2, 0.5, 0.7, 1], 0.05);
  expect(levels).toEqual(levels.toSorted((a, b) => a - b));
  expect(levels.at(-1)).toBeLessThan(0.05);
});

it.each([[[0.5, 0.5]], [[0.8, 0.5]], [[1.2]], [[0]]])("refuses looks at %j", (information) => {
  expect(() => spendingLevels(information, 0.05)).toThrow("information is");
});
