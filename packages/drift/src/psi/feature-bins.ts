import type { BinLimit, PsiBin, PsiFeature } from "@scouter/contracts";
import { binLookup, type BinLookup, finiteValues } from "@scouter/stats";
import { errors } from "../errors.ts";

/** A feature's bins, ready to be looked up: sorted by lower limit, or by category code. */
export interface FeatureBins {
  readonly feature: string;
  readonly kind: "Numeric" | "Category";
  readonly ids: readonly number[];
  /** Baseline proportions in the order of `ids`. */
  readonly proportions: readonly number[];
  readonly baselineRows: number | undefined;
  /** The id of the bin with lower < value <= upper, or whose category's code it is; undefined when there is none. */
  idOf(value: number): number | undefined;
  /**
   * Adds a column to the rows of its bins, in the order of `ids`. Categories are cut to whole numbers. Returns how many
   * values were finite, those of unseen categories among them.
   */
  count(values: Float64Array, into: Float64Array): number;
}

/**
 * Throws DRIFT_BINS_INVALID when the bins are no partition: no bins, repeated ids, limits that are not a number
 * or leave a gap between two bins.
 */
export function featureBins(feature: string, profile: PsiFeature): FeatureBins {
  const reason = binsProblem(profile);
  if (reason !== undefined) throw errors.DRIFT_BINS_INVALID({ feature, reason });
  return profile.bin_type === "Category"
    ? categoryBins(feature, profile)
    : numericBins(feature, profile);
}

/** A limit as a number: the wire writes infinities as text. NaN when it is neither. */
export function limitValue(limit: BinLimit): number {
  if (limit === null) return NaN;
  if (typeof limit === "number") return limit;
  const infinite = /^([+-]?)inf$/.exec(limit);
  if (infinite !== null) return infinite[1] === "-" ? -Infinity : Infinity;
  return limit.trim() === "" ? NaN : Number(limit);
}

/** Proportions that clients round to two digits still add up to 1 within this. */
const SHARE_TOLERANCE = 0.05;

/** What is wrong with a feature's bins, if anything. */
export function binsProblem(feature: PsiFeature): string | undefined {
  const { bins } = feature;
  if (bins.length === 0) return "the profile has no bins for it";
  if (new Set(bins.map(({ id }) => id)).size < bins.length) return "two of its bins have one id";
  if (feature.bin_type === "Numeric" && !isPartition(bins)) {
    return "its bins do not reach from -inf to inf without gap and overlap";
  }
  const share = bins.reduce((sum, { proportion }) => sum + proportion, 0);
  if (Math.abs(share - 1) <= SHARE_TOLERANCE) return undefined;
  return `the proportions of its bins add up to ${share}, expected 1`;
}

function isPartition(bins: readonly PsiBin[]): boolean {
  const sorted = byLowerLimit(bins);
  const isGapless = sorted.every((bin, i) => {
    const lower = limitValue(bin.lower_limit);
    const expected = i === 0 ? -Infinity : limitValue((sorted[i - 1] as PsiBin).upper_limit);
    return lower === expected && limitValue(bin.upper_limit) >= lower;
  });
  return isGapless && limitValue((sorted.at(-1) as PsiBin).upper_limit) === Infinity;
}

function byLowerLimit(bins: readonly PsiBin[]): readonly PsiBin[] {
  return bins.toSorted(
    (a, b) =>
      compare(limitValue(a.lower_limit), limitValue(b.lower_limit)) ||
      compare(limitValue(a.upper_limit), limitValue(b.upper_limit)),
  );
}

/** Not a - b: two infinities have no difference. */
function compare(a: number, b: number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function numericBins(feature: string, profile: PsiFeature): FeatureBins {
  const sorted = byLowerLimit(profile.bins);
  const ids = sorted.map(({ id }) => id);
  let made: BinLookup | undefined;
  /** Made when the first value comes: the check of a window has counts already. */
  const lookup = () =>
    (made ??= binLookup(sorted.slice(0, -1).map((bin) => limitValue(bin.upper_limit))));
  return {
    feature,
    kind: "Numeric",
    ids,
    proportions: sorted.map(({ proportion }) => proportion),
    baselineRows: profile.baseline_count,
    idOf: (value) => ids[lookup().indexOf(value)],
    count(values, into) {
      const finite = finiteValues(values);
      lookup().count(finite, into);
      return finite.length;
    },
  };
}

function categoryBins(feature: string, profile: PsiFeature): FeatureBins {
  const sorted = profile.bins.toSorted((a, b) => a.id - b.id);
  const ids = sorted.map(({ id }) => id);
  const places = new Map(ids.map((id, place) => [id, place]));
  return {
    feature,
    kind: "Category",
    ids,
    proportions: sorted.map(({ proportion }) => proportion),
    baselineRows: profile.baseline_count,
    idOf: (value) => (places.has(value) ? value : undefined),
    count(values, into) {
      let finite = 0;
      for (let i = 0; i < values.length; i += 1) {
        const value = values[i] as number;
        if (value - value !== 0) continue;
        finite += 1;
        const place = places.get(Math.trunc(value));
        if (place !== undefined) into[place] = (into[place] as number) + 1;
      }
      return finite;
    },
  };
}
