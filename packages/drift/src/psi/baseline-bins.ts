import type { BinningStrategy, PsiBin, PsiFeature } from "@scouter/contracts";
import {
  binCounts,
  type BinCountRule,
  chooseBinCount,
  distinctEdges,
  equalWidthEdges,
  finiteValues,
  quantileEdges,
  summaryOf,
  type ValueSummary,
} from "@scouter/stats";
import { errors } from "../errors.ts";

/** Something about a feature's bins that was not as asked, and that its owner may want to know. */
export interface BinningNote {
  readonly feature: string;
  readonly kind: "values-left-out" | "edges-merged" | "bins-capped" | "rule-replaced";
  readonly message: string;
}

/** The part of a feature's profile that binning decides. */
export interface BaselineBins {
  readonly feature: Pick<PsiFeature, "bins" | "bin_type"> & { readonly baseline_count: number };
  readonly notes: readonly BinningNote[];
}

const INT32_MIN = -2_147_483_648;
const INT32_MAX = 2_147_483_647;

/** More categories than this are identifiers, whose distribution says nothing. */
export const MOST_CATEGORIES = 10_000;

/** Bins of a numeric feature. NaN and infinities are left out; without any other value DRIFT_PROFILE_NO_VALUES. */
export function numericBaseline(
  feature: string,
  values: Float64Array,
  strategy: BinningStrategy,
): BaselineBins {
  const finite = finiteValues(values);
  checkSome(feature, finite.length);
  const chosen = chooseEdges(feature, summaryOf(finite), strategy);
  const counts = binCounts(chosen.edges, finite);
  return numericBins({ feature, chosen, counts, leftOut: values.length - finite.length });
}

/** Interior edges of a numeric feature, ascending and without repeats. */
export interface ChosenEdges {
  readonly edges: readonly number[];
  readonly notes: readonly BinningNote[];
}

export function chooseEdges(
  feature: string,
  values: ValueSummary,
  strategy: BinningStrategy,
): ChosenEdges {
  if ("QuantileBinning" in strategy) {
    return withoutRepeats(feature, quantileEdges(values, strategy.QuantileBinning.num_bins));
  }
  const { method } = strategy.EqualWidthBinning;
  if ("Manual" in method) {
    return withoutRepeats(feature, equalWidthEdges(values, method.Manual.num_bins));
  }
  const [rule] = Object.keys(method) as [BinCountRule];
  const chosen = chooseBinCount(rule, values);
  const notes: BinningNote[] = [];
  if (chosen.rule !== rule) {
    const message = `${rule} is undefined on these values; ${chosen.rule} was used`;
    notes.push({ feature, kind: "rule-replaced", message });
  }
  if (chosen.cappedFrom !== undefined) {
    const message = `${rule} asks for ${chosen.cappedFrom} bins; ${chosen.bins} were made`;
    notes.push({ feature, kind: "bins-capped", message });
  }
  const { edges, notes: merged } = withoutRepeats(feature, equalWidthEdges(values, chosen.bins));
  return { edges, notes: [...notes, ...merged] };
}

export interface CountedBins {
  readonly feature: string;
  readonly chosen: ChosenEdges;
  /** Finite values per bin, one more than there are edges. */
  readonly counts: readonly number[];
  /** Missing and infinite values. */
  readonly leftOut: number;
}

/** A feature's bins from what was counted in them. */
export function numericBins({ feature, chosen, counts, leftOut }: CountedBins): BaselineBins {
  const { edges } = chosen;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const bins = counts.map((count, i): PsiBin => {
    const lower_limit = i === 0 ? "-inf" : (edges[i - 1] as number);
    const upper_limit = i === edges.length ? "inf" : (edges[i] as number);
    return { id: i + 1, lower_limit, upper_limit, proportion: count / total };
  });
  return {
    feature: { bins, bin_type: "Numeric", baseline_count: total },
    notes: [...valuesLeftOut(feature, leftOut), ...chosen.notes],
  };
}

/** One bin per category code, ascending. Codes are whole numbers of 32 bits; fractions are cut off. */
export function categoryBaseline(feature: string, values: Float64Array): BaselineBins {
  const counts = new Map<number, number>();
  return categoryBins(feature, counts, countCategories(feature, values, counts));
}

/** Adds to the rows of every category code; returns how many values were missing or infinite. */
export function countCategories(
  feature: string,
  values: Float64Array,
  counts: Map<number, number>,
): number {
  let left = 0;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) {
      left += 1;
      continue;
    }
    const code = Math.trunc(value) + 0;
    if (code < INT32_MIN || code > INT32_MAX) {
      throw errors.DRIFT_CATEGORY_INVALID({ feature, given: String(value) });
    }
    counts.set(code, (counts.get(code) ?? 0) + 1);
    if (counts.size > MOST_CATEGORIES) throw tooMany(feature);
  }
  return left;
}

export function tooMany(feature: string): Error {
  return errors.DRIFT_CATEGORIES_TOO_MANY({ feature, most: MOST_CATEGORIES });
}

/** A feature's bins from the rows of every category code. */
export function categoryBins(
  feature: string,
  counts: ReadonlyMap<number, number>,
  leftOut: number,
): BaselineBins {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  checkSome(feature, total);
  const bins = [...counts]
    .sort(([a], [b]) => a - b)
    .map(([id, count]): PsiBin => ({
      id,
      lower_limit: null,
      upper_limit: null,
      proportion: count / total,
    }));
  return {
    feature: { bins, bin_type: "Category", baseline_count: total },
    notes: valuesLeftOut(feature, leftOut),
  };
}

/** Throws DRIFT_PROFILE_NO_VALUES when a feature has none. */
export function checkSome(feature: string, got: number): void {
  if (got === 0) throw errors.DRIFT_PROFILE_NO_VALUES({ feature, need: 1, got });
}

function valuesLeftOut(feature: string, count: number): readonly BinningNote[] {
  if (count === 0) return [];
  const message = `${count} missing or infinite values were left out`;
  return [{ feature, kind: "values-left-out", message }];
}

/** A bin between two equal edges can hold nothing, but would count towards the threshold. */
function withoutRepeats(feature: string, all: readonly number[]): ChosenEdges {
  const edges = distinctEdges(all);
  if (edges.length === all.length) return { edges, notes: [] };
  const message = `${all.length - edges.length} of ${all.length} bin edges repeat others and were merged`;
  return { edges, notes: [{ feature, kind: "edges-merged", message }] };
}
