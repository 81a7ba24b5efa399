export { errors } from "./errors.ts";
export { finiteSorted, finiteValues, quantileOfSorted } from "./quantile/quantile.ts";
export {
  centralMoment,
  mean,
  populationDeviation,
  sampleDeviation,
  skewness,
} from "./moment/moments.ts";
export { type BinCountRule, binCountRules, rawBinCount } from "./binning/bin-count-rule.ts";
export {
  chooseBinCount,
  type ChosenBinCount,
  MAX_BINS,
  MIN_BINS,
} from "./binning/choose-bin-count.ts";
export {
  binCounts,
  binIndex,
  distinctEdges,
  equalWidthEdges,
  type InteriorEdges,
  quantileEdges,
} from "./binning/edges.ts";
export { logGamma } from "./distribution/log-gamma.ts";
export { incompleteGamma, type IncompleteGamma } from "./distribution/incomplete-gamma.ts";
export { chiSquareCdf, chiSquareQuantile, chiSquareSurvival } from "./distribution/chi-square.ts";
export { normalCdf, normalQuantile } from "./distribution/normal.ts";
export { benjaminiHochberg } from "./multiple-tests/benjamini-hochberg.ts";
export { type Interval, wilsonInterval } from "./interval/wilson-interval.ts";
export { holm } from "./multiple-tests/holm.ts";
export { type RandomSource, seededRandom } from "./random/seeded-random.ts";
export { type PairedCounts, rateChange } from "./paired/paired-counts.ts";
export {
  type PermutationOptions,
  type PermutationResult,
  permutationTest,
} from "./paired/permutation-test.ts";
export { type Discordance, tangoLowerBound } from "./paired/tango-bound.ts";
export { bcaLowerBound, type BootstrapOptions } from "./paired/bca-bound.ts";
export { type ComparisonDesign, detectableDrop, powerOfDrop } from "./paired/detectable-drop.ts";
export { spendingLevels } from "./sequential/spending-levels.ts";
export { newcombeInterval, type RateOfTrials } from "./interval/newcombe-interval.ts";
export { hajekRate, type WeightedOutcome, type WeightedRate } from "./interval/weighted-rate.ts";
