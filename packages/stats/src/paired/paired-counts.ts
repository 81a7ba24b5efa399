import { checkArgument } from "../errors.ts";

/** How often one case passed before and after: repeats of the same case are a pair of small samples. */
export interface PairedCounts {
  readonly baselinePassed: number;
  /** 1 or more. */
  readonly baselineRuns: number;
  readonly candidatePassed: number;
  /** 1 or more; need not equal `baselineRuns`. */
  readonly candidateRuns: number;
}

/** Throws STATS_ARGUMENT_OUT_OF_RANGE unless passes are whole numbers from 0 to the runs, and runs at least 1. */
export function checkPair(pair: PairedCounts): void {
  checkSide(pair.baselinePassed, pair.baselineRuns);
  checkSide(pair.candidatePassed, pair.candidateRuns);
}

function checkSide(passed: number, runs: number): void {
  checkArgument(Number.isSafeInteger(runs) && runs >= 1, "runs", runs, "an integer of 1 or more");
  const isPart = Number.isSafeInteger(passed) && passed >= 0 && passed <= runs;
  checkArgument(isPart, "passed", passed, "an integer from 0 to the runs");
}

/** Pass rate of the candidate minus that of the baseline, in [-1, 1]. */
export function rateChange(pair: PairedCounts): number {
  return pair.candidatePassed / pair.candidateRuns - pair.baselinePassed / pair.baselineRuns;
}
