import type { DriftGrid } from "@scouter/contracts";
import { formatNumber } from "../../format/number.ts";

/** What a profile promises about alarms when nothing drifts; why it promises nothing, where it does not. */
export function falseAlarmLine({
  profile,
  expected_false_alarms_month: expected,
}: Pick<DriftGrid, "profile" | "expected_false_alarms_month">): string {
  if (expected !== null) {
    return `Expected false alarms: at most ${rounded(expected)} a month, if nothing drifts`;
  }
  if (profile.kind !== "Psi") return "This kind of profile promises no rate of false alarms";
  return "This profile promises no rate of false alarms: it is in the reference form, or its features do not tell how many rows they come from";
}

/** Two digits are what such an expectation is worth. */
function rounded(value: number): string {
  if (value === 0) return "0";
  return value < 0.1 ? "0.1" : formatNumber(Number(value.toPrecision(2)));
}
