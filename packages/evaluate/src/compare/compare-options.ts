import { errors } from "../errors.ts";

export const compareModes = ["statistical", "threshold", "strict"] as const;
export type CompareMode = (typeof compareModes)[number];

/** A scenario that is shown and not judged, for a while, and who looks after it. */
export interface QuarantineEntry {
  readonly scenario: string;
  readonly owner: string;
  /** The last day on which it holds, as YYYY-MM-DD. */
  readonly expires: string;
}

export interface CompareOptions {
  readonly mode: CompareMode;
  /** The drop of a pass rate that is tolerated, in [0, 1). */
  readonly regressionThreshold: number;
  /** One-sided level: the probability of failing an unchanged candidate, in (0, 0.5]. */
  readonly alpha: number;
  /** The share of outcomes that may be missing, in [0, 1]. */
  readonly maxMissing: number;
  /** Tasks that may fail the comparison too: `<task>` or `<alias>/<task>`. */
  readonly gate: readonly string[];
  /** Scenarios and aliases that the candidate lacks are left out instead of counting as failed. */
  readonly allowRemoved: boolean;
  readonly quarantine: readonly QuarantineEntry[];
  /** Of drawn permutations and bootstraps: the same seed gives the same comparison. */
  readonly seed: number;
}

export const compareDefaults: CompareOptions = {
  mode: "statistical",
  regressionThreshold: 0.05,
  alpha: 0.05,
  maxMissing: 0.02,
  gate: [],
  allowRemoved: false,
  quarantine: [],
  seed: 1,
};

export function checkOptions(options: CompareOptions): void {
  const { regressionThreshold, alpha, maxMissing, seed } = options;
  check("regressionThreshold", regressionThreshold, inRange(regressionThreshold, 0, 1), "0 to 1");
  check("alpha", alpha, alpha > 0 && alpha <= 0.5, "above 0, at most 0.5");
  check("maxMissing", maxMissing, inRange(maxMissing, 0, 1), "0 to 1");
  check("seed", seed, Number.isSafeInteger(seed), "a whole number");
  check("mode", options.mode, compareModes.includes(options.mode), compareModes.join(", "));
}

function inRange(value: number, lowest: number, highest: number): boolean {
  return value >= lowest && value <= highest;
}

function check(option: string, given: unknown, holds: boolean, allowed: string): void {
  if (holds) return;
  throw errors.EVALUATE_COMPARE_OPTION_INVALID({ option, given: String(given), allowed });
}
