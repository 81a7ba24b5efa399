import { assert, property, string, integer } from "fast-check";
import { expect, it } from "vitest";
import { boundedKey } from "./bounded-key.ts";
import { clip } from "./clip.ts";

it("keeps what fits and marks what does not, whole characters only", () => {
  expect(clip("abc", 40)).toBe("abc");
  expect(clip("x".repeat(100), 50)).toBe(`${"x".repeat(26)} … (74 more characters)`);
  assert(
    property(
      string({ unit: "binary", maxLength: 300 }),
      integer({ min: 40, max: 200 }),
      (text, maximum) => {
        const clipped = clip(text, maximum);
        expect(clipped.length).toBeLessThanOrEqual(maximum);
        expect(clipped.isWellFormed()).toBe(true);
        const isMarked = / … \(\d+ more characters\)$/.test(clipped);
        expect(text.length <= maximum ? clipped === text : isMarked).toBe(true);
      },
    ),
  );
});

it("bounds keys so that they still tell messages apart", () => {
  expect(boundedKey("k", 80)).toBe("k");
  assert(
    property(
      string({ unit: "binary", maxLength: 200 }),
      integer({ min: 80, max: 120 }),
      (key, maximum) => {
        const bounded = boundedKey(key, maximum);
        expect(bounded.length).toBeLessThanOrEqual(maximum);
        expect(boundedKey(key, maximum)).toBe(bounded);
        const long = key + "x".repeat(maximum);
        expect(boundedKey(`${long}1`, maximum)).not.toBe(boundedKey(`${long}2`, maximum));
      },
    ),
  );
});
