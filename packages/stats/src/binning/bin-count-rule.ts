import { errors } from "../errors.ts";
import { centralMoment, populationDeviation } from "../moment/moments.ts";

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
 * The raw figure of a rule for finite, ascending values (at least one): NaN or Infinity where the rule is undefined on
 * them (constant values; quartiles that coincide). `chooseBinCount` makes a usable number of it.
 *
 * With n values: SquareRoot ceil(sqrt n); Sturges ceil(log2 n) + 1; Rice ceil(2 n^(1/3)); TerrellScott
 * round((2n)^(1/3)); Doane round(1 + log2 n + log2(1 + |g1| / s)), g1 the skewness, s = sqrt(6 (n-2) / ((n+1)(n+3)));
 * Scott ceil(range / (3.49 sd n^(-1/3))), sd of the population; FreedmanDiaconis ceil(range / (2 iqr n^(-1/3))), with
 * quartiles by truncated index, not interpolated.
 */
export function rawBinCount(rule: BinCountRule, ascending: ArrayLike<number>): number {
  const count = ascending.length;
  if (count === 0) throw errors.STATS_NO_VALUES({ what: "a bin count rule", need: 1, got: 0 });
  // Not Math.cbrt: its last bit differs, and 2 n^(1/3) may sit exactly on an integer.
  const cubeRoot = Math.pow(count, 1 / 3);
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
      return Math.round(doane(ascending));
    case "Scott":
      return Math.ceil((rangeOf(ascending) / (3.49 * populationDeviation(ascending))) * cubeRoot);
    case "FreedmanDiaconis":
      return Math.ceil((rangeOf(ascending) / (2 * quartileRange(ascending))) * cubeRoot);
  }
}

function doane(values: ArrayLike<number>): number {
  const n = values.length;
  const variance = centralMoment(values, 2);
  // With fewer than 3 values the spread of the skewness is 0 and the rule is undefined.
  const spread = Math.sqrt((6 * (n - 2)) / ((n + 1) * (n + 3)));
  const skew = centralMoment(values, 3) / variance ** 1.5;
  return 1 + Math.log2(n) + Math.log2(1 + Math.abs(skew) / spread);
}

function rangeOf(ascending: ArrayLike<number>): number {
  return (ascending[ascending.length - 1] as number) - (ascending[0] as number);
}

function quartileRange(ascending: ArrayLike<number>): number {
  const last = ascending.length - 1;
  const at = (share: number) => ascending[Math.floor(share * last)] as number;
  return at(0.75) - at(0.25);
}
