import { normalCdf, normalQuantile } from "../distribution/normal.ts";
import { checkArgument } from "../errors.ts";

/** Even, as Simpson's rule needs it. */
const STEPS = 600;
/** Standard deviations below 0 at which what is left cannot matter. */
const FAR = 8;

/** What has not stopped yet: a density of the Brownian path at one look, on an even grid. */
interface Running {
  readonly information: number;
  readonly at: readonly number[];
  /** Density times the weight of Simpson's rule. */
  readonly mass: readonly number[];
}

/**
 * One-sided nominal levels for looking several times at data that grow, so that all looks together are wrong with
 * probability `alpha` at most: stop at the first look whose p is at or below its level. Spending function of Lan and DeMets
 * (1983, Biometrika 70:659) of O'Brien-Fleming type, alpha*(t) = 2 - 2 Phi(z(alpha / 2) / sqrt t); bounds by the recursion of
 * Armitage, McPherson and Rowe (1969), integrated by Simpson's rule (levels within 1e-5).
 *
 * @param information of each look, ascending, as a share of that of the last possible one: in (0, 1], steps of 0.01 or more
 * @param alpha in (0, 0.5]
 * @example spendingLevels([0.5, 1], 0.025); // [0.00153, 0.02450]
 */
export function spendingLevels(information: readonly number[], alpha: number): number[] {
  checkArgument(alpha > 0 && alpha <= 0.5, "alpha", alpha, "a number in (0, 0.5]");
  let running: Running = { information: 0, at: [0], mass: [1] };
  let spent = 0;
  return information.map((t) => {
    const isNext = t - running.information >= 0.01 - 1e-12 && t <= 1;
    checkArgument(isNext, "information", t, "more than the look before by 0.01, and at most 1");
    const allowed = spentAt(t, alpha);
    const bound = boundThatSpends(running, t, allowed - spent);
    spent = allowed;
    running = goneOn(running, t, bound);
    return normalCdf(-bound / Math.sqrt(t));
  });
}

function spentAt(t: number, alpha: number): number {
  return 2 * normalCdf(normalQuantile(alpha / 2) / Math.sqrt(t));
}

/** The value of the path above which exactly `share` of all paths stops at this look. */
function boundThatSpends(running: Running, t: number, share: number): number {
  const deviation = Math.sqrt(t - running.information);
  const stopping = (bound: number) =>
    running.mass.reduce(
      (sum, mass, index) => sum + mass * normalCdf(((running.at[index] ?? 0) - bound) / deviation),
      0,
    );
  let low = -FAR * Math.sqrt(t);
  let high = -low;
  for (let halving = 0; halving < 50; halving += 1) {
    const middle = (low + high) / 2;
    if (stopping(middle) > share) low = middle;
    else high = middle;
  }
  return high;
}

function goneOn(running: Running, t: number, bound: number): Running {
  const deviation = Math.sqrt(t - running.information);
  const start = -FAR * Math.sqrt(t);
  const width = (bound - start) / STEPS;
  const at = Array.from({ length: STEPS + 1 }, (_, index) => start + index * width);
  const mass = at.map((value, index) => {
    const density = running.mass.reduce(
      (sum, own, from) => sum + own * normalDensity((value - (running.at[from] ?? 0)) / deviation),
      0,
    );
    return ((density / deviation) * simpsonWeight(index) * width) / 3;
  });
  return { information: t, at, mass };
}

function normalDensity(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}

function simpsonWeight(index: number): number {
  if (index === 0 || index === STEPS) return 1;
  return index % 2 === 1 ? 4 : 2;
}
