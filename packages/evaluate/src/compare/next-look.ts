import type { EarlyStop, RunDocument } from "@scouter/contracts";
import { compareDefaults, type CompareOptions } from "./compare-options.ts";
import { compareRuns } from "./compare-runs.ts";
import type { RunComparison } from "./comparison.ts";
import { type LookPlan, lookPlan, typicalRepeats } from "./look-plan.ts";

/**
 * - `run`: nothing is decided; every scenario shall have `repeats` repeats, then ask again
 * - `stop`: decided, or the last look; save the run with this `earlyStop`, and `comparison` is its verdict
 */
export type NextLook =
  | { readonly kind: "run"; readonly repeats: number; readonly comparison: RunComparison | null }
  | {
      readonly kind: "stop";
      readonly comparison: RunComparison;
      readonly earlyStop: EarlyStop;
      readonly candidate: RunDocument;
    };

export interface NextLookInput {
  readonly baseline: RunDocument;
  /** Undefined before the first repeat. */
  readonly candidate: RunDocument | undefined;
  /** The most repeats of a scenario. */
  readonly maxRepeat: number;
  readonly options?: Partial<CompareOptions>;
}

/**
 * Whether a run that grows repeat by repeat goes on. Statistical mode ends at the first look that fails or proves
 * non-inferiority at that look's level; strict mode at the first failure, which no further repeat undoes; threshold mode
 * looks at the end only. In every mode it ends when more outcomes are missing than the whole run may lack.
 *
 * The candidate must have the repeats of a look, counted as its typical number of repeats; one with more than the last look
 * is judged as the last look. Pure: the same documents give the same answer.
 *
 * @throws EVALUATE_COMPARE_OPTION_INVALID
 */
export function nextLook({ baseline, candidate, maxRepeat, options }: NextLookInput): NextLook {
  const plan = lookPlan(typicalRepeats(baseline), maxRepeat);
  if (candidate === undefined) {
    return { kind: "run", repeats: plan.looks[0] ?? maxRepeat, comparison: null };
  }
  const look = lookReached(plan, typicalRepeats(candidate));
  const earlyStop: EarlyStop = {
    baseline_repeats: plan.baselineRepeats,
    max_repeat: maxRepeat,
    looks: [...plan.looks],
    look,
  };
  const looked = { ...candidate, early_stop: earlyStop };
  const comparison = compareRuns(baseline, looked, options);
  const next = plan.looks[look + 1];
  if (next === undefined || isDecided(comparison, { ...compareDefaults, ...options }, plan, look)) {
    return { kind: "stop", comparison, earlyStop, candidate: looked };
  }
  return { kind: "run", repeats: next, comparison };
}

function lookReached({ looks }: LookPlan, repeats: number): number {
  const reached = looks.findLastIndex((look) => look <= repeats);
  return Math.max(0, reached);
}

function isDecided(
  { verdict, metrics, mode }: RunComparison,
  { maxMissing }: CompareOptions,
  plan: LookPlan,
  look: number,
): boolean {
  if (verdict === "invalid") {
    // Were every further outcome known, would still too many be missing?
    const share = (plan.looks[look] ?? 1) / plan.maxRepeat;
    const lost = metrics.filter((own) => own.verdict === "invalid");
    return lost.length === 0 || lost.some((own) => own.missingShare * share > maxMissing);
  }
  if (mode === "threshold") return false;
  return verdict === "fail" || verdict === "non-inferior";
}
