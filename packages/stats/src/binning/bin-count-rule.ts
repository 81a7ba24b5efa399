import type { ValueSummary } from "../quantile/value-summary.ts";

/** Rules that tell how many equal-width bins suit the data. */
export const binCountRules = [
  "SquareRoot",
  "Sturges",
  "Rice",
  "Doane",
  "Scott",
  "TerrellScott",
  "FreedmanDiaconis",
] as const;
export type BinCountRule = (typeof binCountRules)[number];

/**
 * The raw figure of a rule: NaN or Infinity where the rule is undefined on the values (constant ones; quartiles that
 * coincide). `chooseBinCount` makes a usable number of it.
 *
 * With n values: SquareRoot ceil(sqrt n); Sturges ceil(log2 n) + 1; Rice ceil(2 n^(1/3)); TerrellScott
 * round((2n)^(1/3)); Doane round(1 + log2 n + log2(1 + |g1| / s)), g1 the skewness, s = sqrt(6 (n-2) / ((n+1)(n+3)));
 * Scott ceil(range / (3.49 sd n^(-1/3))), sd of the population; FreedmanDiaconis ceil(range / (2 iqr n^(-1/3))), with
 * quartiles by truncated index, not interpolated.
 */
export function rawBinCount(rule: BinCountRule, values: ValueSummary): number {
  const { count } = values;
  // Not Math.cbrt: its last bit differs, and 2 n^(1/3) may sit exactly on an integer.
  const cubeRoot = Math.pow(count, 1 / 3);
  const range = values.largest - values.smallest;
  switch (rule) {
    case "SquareRoot":
      return Math.ceil(Math.sqrt(count));
    case "Sturges":
      return Math.ceil(Math.log2(count)) + 1;
    case "Rice":
      return Math.ceil(2 * cubeRoot);
    case "TerrellScott":
      return Math.round(Math.pow(2 * count, 1 / 3));
    case "Doane":
      return Math.round(doane(values));
    case "Scott":
      return Math.ceil((range / (3.49 * values.deviation())) * cubeRoot);
    case "FreedmanDiaconis":
      return Math.ceil((range / (2 * quartileRange(values))) * cubeRoot);
  }
}

function doane(values: ValueSummary): number {
  const n = values.count;
  // With fewer than 3 values the spread of the skewness is 0 and the rule is undefined.
  const spread = Math.sqrt((6 * (n - 2)) / ((n + 1) * (n + 3)));
  return 1 + Math.log2(n) + Math.log2(1 + Math.abs(values.skewness()) / spread);
}

function quartileRange(values: ValueSummary): number {
  const last = values.count - 1;
  const [first, third] = values.atRanks([Math.floor(0.25 * last), Math.floor(0.75 * last)]);
  return (third as number) - (first as number);
}
