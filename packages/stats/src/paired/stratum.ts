import type { PairedCounts } from "./paired-counts.ts";

/** One case as the permutation test sees it: the baseline's passes above the fewest that are possible. */
export interface Stratum {
  readonly observed: number;
  /** weights[j]: how probable `j` passes above the fewest are when outcomes are dealt at random. */
  readonly weights: readonly number[];
  /** What one pass more of the baseline adds to the statistic, in units common to all strata. */
  readonly step: number;
}

export interface Strata {
  readonly strata: readonly Stratum[];
  /**
   * Values of the sum over all strata that are worth counting: those it can take, or those within some standard deviations;
   * Infinity when the steps have no usable common unit.
   */
  readonly gridSize: number;
}

/** Standard deviations to both sides of the mean beyond which less is left than trimming takes (`permutation-test.ts`). */
const COUNTED_DEVIATIONS = 10;

/** Beyond this the steps would no longer be exact integers in sums over many cases. */
const MAX_COMMON_RUNS = 1_000_000;

/** Cases whose outcomes are all alike are left out: no permutation changes them. */
export function strataOf(pairs: readonly PairedCounts[]): Strata {
  const undecided = pairs.filter(canChange);
  const multiple = undecided.reduce(
    (sum, pair) => leastMultiple(leastMultiple(sum, pair.baselineRuns), pair.candidateRuns),
    1,
  );
  const isWhole = multiple <= MAX_COMMON_RUNS;
  const raw = undecided.map((pair) => {
    const unit = isWhole ? multiple : 1;
    return unit / pair.baselineRuns + unit / pair.candidateRuns;
  });
  const divisor = isWhole ? Math.max(1, raw.reduce(greatestDivisor, 0)) : 1;
  const strata = undecided.map((pair, index) => stratumOf(pair, (raw[index] ?? 0) / divisor));
  const span = strata.reduce((sum, { weights, step }) => sum + (weights.length - 1) * step, 1);
  const counted = 2 * COUNTED_DEVIATIONS * deviationOf(strata);
  return { strata, gridSize: isWhole ? Math.min(span, counted) : Infinity };
}

/** Of the sum, in units common to all strata. */
function deviationOf(strata: readonly Stratum[]): number {
  let variance = 0;
  for (const { weights, step } of strata) {
    const mean = weights.reduce((sum, weight, index) => sum + weight * index, 0);
    const own = weights.reduce((sum, weight, index) => sum + weight * (index - mean) ** 2, 0);
    variance += own * step * step;
  }
  return Math.sqrt(variance);
}

function canChange(pair: PairedCounts): boolean {
  const passed = pair.baselinePassed + pair.candidatePassed;
  return passed > 0 && passed < pair.baselineRuns + pair.candidateRuns;
}

function stratumOf(pair: PairedCounts, step: number): Stratum {
  const passed = pair.baselinePassed + pair.candidatePassed;
  const fewest = Math.max(0, passed - pair.candidateRuns);
  const most = Math.min(passed, pair.baselineRuns);
  const failed = pair.baselineRuns + pair.candidateRuns - passed;
  // Relative to the first, by the ratio of neighbours: no factorials, no overflow.
  const relative = [1];
  for (let count = fewest; count < most; count += 1) {
    const ratio =
      ((passed - count) * (pair.baselineRuns - count)) /
      ((count + 1) * (failed - pair.baselineRuns + count + 1));
    relative.push((relative.at(-1) ?? 1) * ratio);
  }
  const total = relative.reduce((sum, weight) => sum + weight, 0);
  return {
    observed: pair.baselinePassed - fewest,
    weights: relative.map((weight) => weight / total),
    step,
  };
}

/** Infinity once it is of no use, so that it cannot overflow into wrong integers. */
function leastMultiple(a: number, b: number): number {
  if (a > MAX_COMMON_RUNS) return a;
  return (a / greatestDivisor(a, b)) * b;
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
