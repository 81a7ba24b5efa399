import { normalCdf, normalQuantile } from "../distribution/normal.ts";
import { checkArgument } from "../errors.ts";

/** A comparison as it is planned: every case has the same pass rate, and outcomes are independent. */
export interface ComparisonDesign {
  readonly cases: number;
  readonly baselineRuns: number;
  readonly candidateRuns: number;
  /** Pass rate of the baseline, in [0, 1]. */
  readonly baselineRate: number;
  /** One-sided level of the test, in (0, 0.5]. */
  readonly alpha: number;
  /** The observed drop must exceed this as well, in [0, 1]. */
  readonly tolerance: number;
}

/**
 * How probable it is that the permutation test on such a comparison finds a true drop of the pass rate, in [0, 1].
 * Normal approximation: the critical drop lies z standard errors of the pooled rate plus half a step of the lattice that
 * the mean difference lives on (continuity correction, Yates 1934); it is within 4 points of simulations of the exact
 * test. Real suites hold cases that always pass or always fail; they vary less, so this power is a cautious one.
 *
 * @param drop in [0, baselineRate]
 */
export function powerOfDrop(design: ComparisonDesign, drop: number): number {
  const { cases, baselineRuns, candidateRuns, baselineRate, alpha, tolerance } = design;
  checkArgument(cases >= 1, "cases", cases, "an integer of 1 or more");
  checkArgument(drop >= 0 && drop <= baselineRate, "drop", drop, "from 0 to the baseline's rate");
  const candidateRate = baselineRate - drop;
  const spread = (rate: number, runs: number) => (rate * (1 - rate)) / runs / cases;
  const pooled = (baselineRate + candidateRate) / 2;
  // Outcomes are dealt within a case, where the drop itself adds to their variance.
  const dealt = pooled * (1 - pooled) + (drop / 2) ** 2 / (baselineRuns + candidateRuns - 1);
  const chance = Math.sqrt((dealt * (1 / baselineRuns + 1 / candidateRuns)) / cases);
  const halfStep = (1 / baselineRuns + 1 / candidateRuns) / (2 * cases);
  const critical = Math.max(normalQuantile(1 - alpha) * chance + halfStep, tolerance);
  const deviation = Math.sqrt(
    spread(baselineRate, baselineRuns) + spread(candidateRate, candidateRuns),
  );
  if (deviation === 0) return drop > critical ? 1 : 0;
  return normalCdf((drop - critical) / deviation);
}

/**
 * The smallest true drop that such a comparison finds with the given probability (0.8 by default): what it could not
 * have seen is smaller. Undefined when not even a fall to 0 would be found.
 */
export function detectableDrop(design: ComparisonDesign, power = 0.8): number | undefined {
  checkArgument(power > 0 && power < 1, "power", power, "a number between 0 and 1");
  let tooSmall = 0;
  let found = design.baselineRate;
  if (powerOfDrop(design, found) < power) return undefined;
  for (let halving = 0; halving < 50; halving += 1) {
    const middle = (tooSmall + found) / 2;
    if (powerOfDrop(design, middle) < power) tooSmall = middle;
    else found = middle;
  }
  return found;
}
