import type { FiredRule } from "@scouter/contracts";
import { describe, expect, it } from "vitest";
import { firedPlaces } from "./fired-places.ts";

const placesOf = (rule: FiredRule, codes: readonly number[]) =>
  firedPlaces(
    [rule],
    codes.map((zone) => ({ zone })),
  ).map(({ index, length }) => [index, length]);

describe("firedPlaces", () => {
  it.each<[string, FiredRule, readonly number[], readonly (readonly number[])[]]>([
    [
      "the first point out of bounds",
      { kind: "OutOfBounds", zone: "Zone4" },
      [0, 4, 1, -4],
      [[1, 1]],
    ],
    [
      "the end of the longest run on one side",
      { kind: "Consecutive", zone: "Zone1" },
      [1, 1, -1, 2, 1, 1, 0, 1],
      [[5, 3]],
    ],
    [
      "a run that ends in the zone itself",
      { kind: "Consecutive", zone: "Zone2" },
      [3, 2, 3],
      [[1, 2]],
    ],
    [
      "sides that change each time",
      { kind: "Alternating", zone: "Zone1" },
      [1, 1, -1, 1, -1],
      [[4, 4]],
    ],
    ["a trend", { kind: "Trend", zone: "NotApplicable" }, [3, -3, -2, -1, 1, 2, 3, 4], [[7, 7]]],
    ["no place before the window", { kind: "OutOfBounds", zone: "Zone4" }, [0, 1], []],
  ])("names %s", (_name, rule, codes, places) => {
    expect(placesOf(rule, codes)).toEqual(places);
  });
});
