import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { closestName, editDistance } from "./closest-name.ts";

describe("editDistance", () => {
  it.each([
    ["", "", 0],
    ["", "abc", 3],
    ["kitten", "sitting", 3],
    ["flaw", "lawn", 2],
    ["same", "same", 0],
  ])("%s to %s is %i", (left, right, distance) => {
    expect(editDistance(left, right)).toBe(distance);
  });

  it("is a metric", () => {
    const word = fc.string({ maxLength: 8 });
    fc.assert(
      fc.property(word, word, word, (a, b, c) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
        expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
      }),
    );
  });
});

describe("closestName", () => {
  it("takes the nearest and refuses what is far off", () => {
    expect(closestName("SCOUTER_HOSTS", ["SCOUTER_HOME", "SCOUTER_HOST"])).toBe("SCOUTER_HOST");
    expect(closestName("NOTHING_ALIKE", ["SCOUTER_HOME"])).toBeUndefined();
    expect(closestName("ANY", [])).toBeUndefined();
  });
});
