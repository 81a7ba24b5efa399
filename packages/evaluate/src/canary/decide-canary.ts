import { hajekRate, newcombeInterval, spendingLevels, type WeightedRate } from "@scouter/stats";
import { errors } from "../errors.ts";

/** One evaluated record of live traffic. */
export interface CanaryRecord {
  /** Every task that counts passed. */
  readonly passed: boolean;
  /** One over the probability with which it was sampled; 1 where all were. */
  readonly weight: number;
}

/**
 * - `promote`: proved to be no worse than tolerated
 * - `roll back`: worse than tolerated, and chance does not explain it
 * - `keep waiting`: neither, yet
 */
export type CanaryVerdict = "promote" | "roll back" | "keep waiting";

export interface CanaryInput {
  readonly baseline: readonly CanaryRecord[];
  readonly candidate: readonly CanaryRecord[];
  /** The drop of the pass rate that is tolerated, in [0, 1). */
  readonly regressionThreshold: number;
  /** One-sided level of all looks together, in (0, 0.5]. */
  readonly alpha: number;
  /** How often it is looked in all, fixed before the first look, and which look this is, from 0. */
  readonly looks: number;
  readonly look: number;
}

export interface CanaryDecision {
  readonly verdict: CanaryVerdict;
  readonly reason: string;
  /** Null without records. */
  readonly baseline: WeightedRate | null;
  readonly candidate: WeightedRate | null;
  /** Candidate minus baseline. */
  readonly change: number | null;
  /** Two one-sided bounds at this look's level. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** The level of this look. */
  readonly level: number;
}

/** Fewer records on a side decide nothing: one answer more would turn the verdict. */
const FEWEST_RECORDS = 10;
/** More looks lie nearer together than levels can tell apart. */
export const MOST_LOOKS = 50;

/**
 * Whether a release candidate that already gets live traffic goes on. Records of the two versions are independent samples:
 * weighted rates (Hajek, Kish's effective size) and Newcombe's interval of their difference; the looks lie evenly over the
 * window and share `alpha` by Lan and DeMets' spending, so that looking often rolls back no more good releases.
 *
 * @throws EVALUATE_COMPARE_OPTION_INVALID
 */
export function decideCanary(input: CanaryInput): CanaryDecision {
  check(input);
  const level = lookLevel(input);
  const baseline = hajekRate(input.baseline) ?? null;
  const candidate = hajekRate(input.candidate) ?? null;
  const unknown = { baseline, candidate, change: null, lower: null, upper: null, level };
  if (baseline === null || candidate === null) {
    return { ...unknown, verdict: "keep waiting", reason: "a version has no evaluated records" };
  }
  const trials = (own: WeightedRate) => ({ rate: own.rate, trials: own.effectiveTrials });
  const { lower, upper } = newcombeInterval(trials(candidate), trials(baseline), 1 - 2 * level);
  const change = candidate.rate - baseline.rate;
  const known = { baseline, candidate, change, lower, upper, level };
  if (Math.min(baseline.trials, candidate.trials) < FEWEST_RECORDS) {
    const reason = `a version has fewer than ${String(FEWEST_RECORDS)} evaluated records`;
    return { ...known, verdict: "keep waiting", reason };
  }
  if (upper < 0 && -change > input.regressionThreshold) {
    const reason = "the pass rate fell by more than is tolerated, and chance does not explain it";
    return { ...known, verdict: "roll back", reason };
  }
  if (lower > -input.regressionThreshold) {
    const reason = "the pass rate is proved to have fallen by less than is tolerated";
    return { ...known, verdict: "promote", reason };
  }
  return { ...known, verdict: "keep waiting", reason: "the records do not decide yet" };
}

function lookLevel({ alpha, looks, look }: CanaryInput): number {
  const key = `${String(alpha)} ${String(looks)}`;
  if (remembered.key !== key) {
    const information = Array.from({ length: looks }, (_, index) => (index + 1) / looks);
    remembered = { key, levels: spendingLevels(information, alpha) };
  }
  return remembered.levels[look] ?? alpha;
}

/** The levels that were asked for last: they cost an integration for every look. */
let remembered: { readonly key: string; readonly levels: readonly number[] } = {
  key: "",
  levels: [],
};

function check({ regressionThreshold, alpha, looks, look }: CanaryInput): void {
  const refuse = (option: string, given: number, allowed: string) => {
    throw errors.EVALUATE_COMPARE_OPTION_INVALID({ option, given: String(given), allowed });
  };
  if (!(regressionThreshold >= 0 && regressionThreshold < 1)) {
    refuse("regressionThreshold", regressionThreshold, "0 to 1, 1 left out");
  }
  if (!(alpha > 0 && alpha <= 0.5)) refuse("alpha", alpha, "above 0, at most 0.5");
  if (!(Number.isSafeInteger(looks) && looks >= 1 && looks <= MOST_LOOKS)) {
    refuse("looks", looks, `a whole number from 1 to ${String(MOST_LOOKS)}`);
  }
  if (!(Number.isSafeInteger(look) && look >= 0 && look < looks)) {
    refuse("look", look, `a whole number from 0 to ${String(looks - 1)}`);
  }
}
