import type { ValueSummary } from "../quantile/value-summary.ts";
import { type BinCountRule, rawBinCount } from "./bin-count-rule.ts";

/** No data set needs more, and a profile with more could not be read by anybody. */
export const MAX_BINS = 1000;
export const MIN_BINS = 2;

export interface ChosenBinCount {
  readonly bins: number;
  /** The rule that gave the number; another one than asked for when that was undefined on the values. */
  readonly rule: BinCountRule;
  /** What the rule asked for when it was more than allowed. */
  readonly cappedFrom?: number;
}

/**
 * The number of equal-width bins for finite values, always 2 ... min(max(n, 2), 1000).
 *
 * A rule that is undefined on the values (Doane and Scott on constant ones, Freedman-Diaconis when half of them are
 * equal) is replaced by Sturges', which needs nothing but n. The result tells both that and a cap.
 */
export function chooseBinCount(rule: BinCountRule, values: ValueSummary): ChosenBinCount {
  const raw = rawBinCount(rule, values);
  if (!Number.isFinite(raw)) {
    return rule === "Sturges" ? { bins: MIN_BINS, rule } : chooseBinCount("Sturges", values);
  }
  const most = Math.min(Math.max(values.count, MIN_BINS), MAX_BINS);
  if (raw > most) return { bins: most, rule, cappedFrom: raw };
  return { bins: Math.max(raw, MIN_BINS), rule };
}
