import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { placeAfter } from "./grid-keys.ts";

const SIZE = { rows: 3, columns: 20 };

describe("placeAfter", () => {
  it.each([
    ["ArrowRight", { row: 1, column: 4 }, { row: 1, column: 5 }],
    ["ArrowRight", { row: 1, column: 19 }, { row: 1, column: 19 }],
    ["ArrowLeft", { row: 1, column: 0 }, { row: 1, column: -1 }],
    ["ArrowLeft", { row: 1, column: -1 }, { row: 1, column: -1 }],
    ["ArrowUp", { row: 0, column: 4 }, { row: 0, column: 4 }],
    ["ArrowDown", { row: 1, column: 4 }, { row: 2, column: 4 }],
    ["PageDown", { row: 1, column: 4 }, { row: 1, column: 14 }],
    ["PageUp", { row: 1, column: 4 }, { row: 1, column: 0 }],
    ["Home", { row: 2, column: 4 }, { row: 2, column: 0 }],
    ["End", { row: 2, column: 4 }, { row: 2, column: 19 }],
    ["x", { row: 2, column: 4 }, undefined],
  ])("%s from %o", (key, from, to) => {
    expect(placeAfter(key, from, SIZE)).toEqual(to);
  });

  it("never leaves the grid", () => {
    const keys = fc.constantFrom("ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp", "PageDown");
    const sizes = fc.record({ rows: fc.integer({ min: 1, max: 9 }), columns: fc.nat(9) });
    fc.assert(
      fc.property(sizes, fc.array(keys), (size, pressed) => {
        let place = { row: 0, column: -1 };
        for (const key of pressed) place = placeAfter(key, place, size) ?? place;
        expect(place.row).toBeGreaterThanOrEqual(0);
        expect(place.row).toBeLessThan(size.rows);
        expect(place.column).toBeGreaterThanOrEqual(-1);
        expect(place.column).toBeLessThan(Math.max(size.columns, 0.5));
      }),
    );
  });
});
