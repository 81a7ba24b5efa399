import type { DriftGrid } from "@scouter/contracts";
import { expect, it } from "vitest";
import { falseAlarmLine } from "./false-alarm-line.ts";

function lineOf(kind: DriftGrid["profile"]["kind"], expected: number | null): string {
  return falseAlarmLine({
    profile: { uid: "u", space: "s", name: "n", version: "1.0.0", kind },
    expected_false_alarms_month: expected,
  });
}

it.each([
  [36.525, "at most 37 a month"],
  [1.5217, "at most 1.5 a month"],
  [0.0012, "at most 0.1 a month"],
  [0, "at most 0 a month"],
])("tells %d as '%s'", (expected, words) => {
  expect(lineOf("Psi", expected)).toContain(words);
});

it("says why there is no figure", () => {
  expect(lineOf("Spc", null)).toContain("kind of profile");
  expect(lineOf("Psi", null)).toContain("reference form");
});
