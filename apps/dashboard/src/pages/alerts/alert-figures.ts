import type { AlertItem } from "@scouter/contracts";
import { formatMeasure, ruleWords } from "../drift/cell-words.ts";
import { NO_VALUE } from "../../format/number.ts";

/** `0.42 > 0.1`: the last value and the limit it passed; a control chart's rule where there is no figure. */
export function alertFigures({ alert, profile, last_value, threshold }: AlertItem): string {
  if (alert !== "None" && "Spc" in alert) {
    const { kind, zone } = alert.Spc;
    return ruleWords({ kind, zone });
  }
  if (last_value === null) return NO_VALUE;
  const value = formatMeasure(last_value, profile.kind);
  if (threshold === null) return value;
  return `${value} ${signOf(last_value, threshold)} ${formatMeasure(threshold, profile.kind)}`;
}

function signOf(value: number, threshold: number): string {
  if (value === threshold) return "=";
  return value > threshold ? ">" : "<";
}
