import { checkArgument } from "../errors.ts";

export interface WeightedOutcome {
  readonly passed: boolean;
  /** One over the probability with which it was sampled: above 0. */
  readonly weight: number;
}

export interface WeightedRate {
  /** In [0, 1]. */
  readonly rate: number;
  /** As many equally weighted outcomes would be known as well: at most the number of outcomes. */
  readonly effectiveTrials: number;
  readonly trials: number;
}

/**
 * The pass rate of a sample that was not drawn evenly: sum of weights of what passed by the sum of all weights (Hajek 1971),
 * with Kish's effective sample size (sum w)^2 / sum w^2 (Kish 1965): unequal weights tell less. Equal weights give the plain
 * rate. Undefined without outcomes.
 *
 * @throws STATS_ARGUMENT_OUT_OF_RANGE for a weight that is not above 0 and finite
 */
export function hajekRate(outcomes: readonly WeightedOutcome[]): WeightedRate | undefined {
  if (outcomes.length === 0) return undefined;
  let passed = 0;
  let sum = 0;
  let squares = 0;
  for (const own of outcomes) {
    const isWeight = own.weight > 0 && Number.isFinite(own.weight);
    checkArgument(isWeight, "weight", own.weight, "a finite number above 0");
    if (own.passed) passed += own.weight;
    sum += own.weight;
    squares += own.weight ** 2;
  }
  const effectiveTrials = Math.min(outcomes.length, (sum * sum) / squares);
  return { rate: passed / sum, effectiveTrials, trials: outcomes.length };
}
