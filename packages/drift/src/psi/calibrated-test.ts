import { chiSquareQuantile, chiSquareSurvival } from "@scouter/stats";
import { type BinPair, mergeSparseBins } from "./merge-sparse-bins.ts";
import { populationStabilityIndex } from "./population-stability-index.ts";

/** Added to every bin of both samples, for the p-value only: a bin that is empty by chance weighs less. */
const ADDED_ROWS = 0.5;

/**
 * The p-value is taken this much larger than the chi-square distribution says, which without drift gives up to 5.7 % of
 * windows below 0.05, and up to a third more than promised in the tail, where the correction for many features looks: a promise
 * of at most alpha needs room. Judged on cells it was not chosen by, with the alternatives: decision 0043.
 */
export const P_VALUE_MARGIN = 1.25;

export interface CalibratedTestInput {
  /** Baseline proportions, bin by bin. */
  readonly proportions: readonly number[];
  /** Rows the proportions come from; undefined when the profile does not tell. */
  readonly baselineRows: number | undefined;
  /** Rows of the window, bin by bin, in the same order. */
  readonly windowCounts: readonly number[];
  /** Rows of the window in categories that the baseline did not have. */
  readonly unseenRows?: number;
  /** Whether neighbouring bins are neighbouring values. */
  readonly ordered: boolean;
}

export interface CalibratedTest {
  /** Probability of an index this high when nothing has drifted; 1 when merging leaves one bin. */
  readonly pValue: number;
  /** Bins after merging the sparse ones. */
  readonly bins: number;
  /** The index at which the p-value would be alpha, before any correction for many features; Infinity for one bin. */
  readonly thresholdAt: (alpha: number) => number;
}

/**
 * p-value of a population stability index that counts the uncertainty of both samples.
 *
 * For two samples of N and M rows from one distribution, PSI / (1/N + 1/M) is nearly chi-square with B - 1 degrees of
 * freedom: to second order the index is a sum of squared differences of proportions, each with variance p (1/N + 1/M).
 * The form that takes the baseline as exact (1/M alone) alarms far too often when N is not much larger than M. Bins that
 * expect fewer than 5 rows are merged first. Without N the baseline has to be taken as exact; nothing then holds the
 * rate of false alarms.
 *
 * Simulated rate of false alarms at alpha 0.05: see calibrated-test.test.ts.
 */
export function calibratedTest(input: CalibratedTestInput): CalibratedTest {
  const { baselineRows, windowCounts } = input;
  const knownRows = windowCounts.reduce((total, count) => total + count, 0);
  const bins = mergedBins(input, knownRows);
  const windowRows = bins.reduce((total, bin) => total + bin.window, 0);
  const spread = 1 / windowRows + (baselineRows === undefined ? 0 : 1 / baselineRows);
  const degrees = bins.length - 1;
  if (degrees < 1) return { pValue: 1, bins: bins.length, thresholdAt: () => Infinity };
  const addedToBaseline = baselineRows === undefined ? 0 : ADDED_ROWS;
  const baseline = proportionsOf(bins.map((bin) => bin.baseline + addedToBaseline));
  const window = proportionsOf(bins.map((bin) => bin.window + ADDED_ROWS));
  const index = populationStabilityIndex(baseline, window);
  return {
    pValue: Math.min(1, P_VALUE_MARGIN * chiSquareSurvival(index / spread, degrees)),
    bins: bins.length,
    thresholdAt: (alpha) => chiSquareQuantile(1 - alpha / P_VALUE_MARGIN, degrees) * spread,
  };
}

function mergedBins(input: CalibratedTestInput, windowRows: number): readonly BinPair[] {
  const { proportions, baselineRows, windowCounts, ordered, unseenRows } = input;
  const scale = baselineRows ?? 1;
  const pairs = proportions.map((proportion, i) => ({
    baseline: proportion * scale,
    window: windowCounts[i] ?? 0,
  }));
  if (baselineRows === undefined) {
    const expected = (bin: BinPair) => bin.baseline * windowRows;
    return mergeSparseBins(pairs, ordered, expected, unseenRows);
  }
  const smallerShare = Math.min(baselineRows, windowRows) / (baselineRows + windowRows);
  const expected = (bin: BinPair) => (bin.baseline + bin.window) * smallerShare;
  return mergeSparseBins(pairs, ordered, expected, unseenRows);
}

function proportionsOf(counts: readonly number[]): readonly number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => count / total);
}
