import type { DriftType, FiredRule, GridCell } from "@scouter/contracts";
import { formatCount, formatNumber, formatPercent } from "../../format/number.ts";
import { cellLook, measureOf } from "./cell-look.ts";

/** The value of a cell as it is to be read; pass rates in percent. */
export function formatMeasure(value: number | null, kind: DriftType): string {
  return kind === "Agent" ? formatPercent(value) : formatNumber(value);
}

const ruleNames: Readonly<Record<FiredRule["kind"], string>> = {
  OutOfBounds: "out of bounds",
  Consecutive: "one-sided run",
  Alternating: "alternating",
  Trend: "trend",
  AllGood: "all good",
};

/** `one-sided run, zone 2` */
export function ruleWords({ kind, zone }: FiredRule): string {
  const where = zone === "NotApplicable" ? "" : `, ${zone.replace("Zone", "zone ")}`;
  return `${ruleNames[kind]}${where}`;
}

/** A cell in words: status, value, threshold, sample size, rules. */
export function cellWords(cell: GridCell | null, kind: DriftType): readonly string[] {
  if (cell === null) return ["Not watched in this window"];
  const { status, value, threshold, sample_size: size, needed, rules } = cell;
  return [
    cellLook(status).word,
    ...(value === null ? [] : [`${measureOf(kind)} ${formatMeasure(value, kind)}`]),
    ...(threshold === null ? [] : [`threshold ${formatMeasure(threshold, kind)}`]),
    ...(size === null ? [] : [`n = ${formatCount(size)}`]),
    ...(needed === null ? [] : [`${formatCount(needed)} needed`]),
    ...rules.map(ruleWords),
  ];
}
