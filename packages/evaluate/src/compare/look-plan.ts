import type { EarlyStop, RunDocument } from "@scouter/contracts";
import { spendingLevels } from "@scouter/stats";
import { errors } from "../errors.ts";

/** Repeats of the candidate at which a growing comparison is looked at, before the last one. */
const USUAL_LOOKS: readonly number[] = [1, 2, 3, 5];

/** Levels change by less than their own rounding between looks that are nearer to each other (`spendingLevels`). */
const SMALLEST_STEP = 0.01;

/** When a comparison that grows repeat by repeat may be decided, fixed before the first repeat is run. */
export interface LookPlan {
  readonly baselineRepeats: number;
  readonly maxRepeat: number;
  /** Repeats of the candidate at each look, ascending; the last is `maxRepeat`. */
  readonly looks: readonly number[];
}

/**
 * Looks at 1, 2, 3 and 5 repeats as far as they lie below `maxRepeat`, and at `maxRepeat`. A look whose data hardly differ
 * from those of the next is left out.
 *
 * @param baselineRepeats 1 or more: what the baseline has, and keeps
 * @param maxRepeat 1 or more
 * @throws EVALUATE_COMPARE_OPTION_INVALID
 */
export function lookPlan(baselineRepeats: number, maxRepeat: number): LookPlan {
  checkRepeats("baselineRepeats", baselineRepeats);
  checkRepeats("maxRepeat", maxRepeat);
  const candidates = [...USUAL_LOOKS.filter((look) => look < maxRepeat), maxRepeat];
  const information = candidates.map((look) => informationAt(look, baselineRepeats, maxRepeat));
  const looks = candidates.filter(
    (_, index) =>
      index === candidates.length - 1 ||
      (information[index + 1] ?? 1) - (information[index] ?? 0) >= SMALLEST_STEP,
  );
  return { baselineRepeats, maxRepeat, looks };
}

/**
 * The one-sided level of each look, so that all together fail an unchanged candidate with probability `alpha` at most:
 * information t = (1/kb + 1/K) / (1/kb + 1/k), spent as Lan and DeMets (1983) say.
 *
 * @example lookLevels(lookPlan(3, 5), 0.05); // [0.0019, 0.0137, 0.0241, 0.0408]
 */
export function lookLevels(plan: LookPlan, alpha: number): readonly number[] {
  const key = JSON.stringify([plan.baselineRepeats, plan.maxRepeat, plan.looks, alpha]);
  if (remembered.key !== key) remembered = { key, levels: levelsOf(plan, alpha) };
  return remembered.levels;
}

/** The levels that were asked for last: they cost an integration, and one run asks for the same at every look. */
let remembered: { readonly key: string; readonly levels: readonly number[] } = {
  key: "",
  levels: [],
};

function levelsOf({ looks, baselineRepeats, maxRepeat }: LookPlan, alpha: number): number[] {
  return spendingLevels(
    looks.map((look) => informationAt(look, baselineRepeats, maxRepeat)),
    alpha,
  );
}

/** The repeats that every scenario of a run has on average, as a whole number: the baseline's k. */
export function typicalRepeats({ scenarios }: RunDocument): number {
  const repeats = scenarios.reduce((sum, own) => sum + own.repeats.length, 0);
  return Math.max(1, Math.floor(repeats / Math.max(1, scenarios.length)));
}

/** The level that a run which ended at a look is judged by; `alpha` itself for a run without looks. */
export function levelOf(stop: EarlyStop | undefined, alpha: number): number {
  if (stop === undefined) return alpha;
  const plan = {
    baselineRepeats: stop.baseline_repeats,
    maxRepeat: stop.max_repeat,
    looks: stop.looks,
  };
  const level = lookLevels(plan, alpha)[stop.look];
  if (level === undefined) {
    throw errors.EVALUATE_COMPARE_OPTION_INVALID({
      option: "early_stop.look",
      given: String(stop.look),
      allowed: `0 to ${stop.looks.length - 1}`,
    });
  }
  return level;
}

/** Of the path that the statistic walks while repeats grow, as a share of the last look's. */
function informationAt(look: number, baselineRepeats: number, maxRepeat: number): number {
  return (1 / baselineRepeats + 1 / maxRepeat) / (1 / baselineRepeats + 1 / look);
}

function checkRepeats(option: string, given: number): void {
  if (Number.isSafeInteger(given) && given >= 1) return;
  const allowed = "a whole number of 1 or more";
  throw errors.EVALUATE_COMPARE_OPTION_INVALID({ option, given: String(given), allowed });
}
