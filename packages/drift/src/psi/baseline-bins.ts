import type { BinningStrategy, PsiBin, PsiFeature } from "@scouter/contracts";
import {
  binCounts,
  type BinCountRule,
  chooseBinCount,
  distinctEdges,
  equalWidthEdges,
  finiteSorted,
  finiteValues,
  quantileEdges,
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

/** Bins of a numeric feature. NaN and infinities are left out; without any other value DRIFT_PROFILE_NO_VALUES. */
export function numericBaseline(
  feature: string,
  values: Float64Array,
  strategy: BinningStrategy,
): BaselineBins {
  const ascending = finiteSorted(values);
  checkSome(feature, ascending.length);
  const { edges, notes } = edgesBy(feature, strategy, ascending);
  const counts = binCounts(edges, ascending);
  const bins = counts.map((count, i): PsiBin => {
    const lower_limit = i === 0 ? "-inf" : (edges[i - 1] as number);
    const upper_limit = i === edges.length ? "inf" : (edges[i] as number);
    return { id: i + 1, lower_limit, upper_limit, proportion: count / ascending.length };
  });
  const left = leftOut(feature, values.length - ascending.length);
  return {
    feature: { bins, bin_type: "Numeric", baseline_count: ascending.length },
    notes: [...left, ...notes],
  };
}

/** One bin per category code, ascending. Codes are whole numbers of 32 bits; fractions are cut off. */
export function categoryBaseline(feature: string, values: Float64Array): BaselineBins {
  const present = finiteValues(values);
  checkSome(feature, present.length);
  const counts = new Map<number, number>();
  for (const value of present) {
    const code = Math.trunc(value) + 0;
    if (code < INT32_MIN || code > INT32_MAX) {
      throw errors.DRIFT_CATEGORY_INVALID({ feature, given: String(value) });
    }
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  const bins = [...counts]
    .sort(([a], [b]) => a - b)
    .map(([id, count]): PsiBin => ({
      id,
      lower_limit: null,
      upper_limit: null,
      proportion: count / present.length,
    }));
  return {
    feature: { bins, bin_type: "Category", baseline_count: present.length },
    notes: leftOut(feature, values.length - present.length),
  };
}

function checkSome(feature: string, got: number): void {
  if (got === 0) throw errors.DRIFT_PROFILE_NO_VALUES({ feature, need: 1, got });
}

function leftOut(feature: string, count: number): readonly BinningNote[] {
  if (count === 0) return [];
  const message = `${count} missing or infinite values were left out`;
  return [{ feature, kind: "values-left-out", message }];
}

interface Edges {
  readonly edges: readonly number[];
  readonly notes: readonly BinningNote[];
}

function edgesBy(feature: string, strategy: BinningStrategy, ascending: Float64Array): Edges {
  if ("QuantileBinning" in strategy) {
    return withoutRepeats(feature, quantileEdges(ascending, strategy.QuantileBinning.num_bins));
  }
  const { method } = strategy.EqualWidthBinning;
  if ("Manual" in method) {
    return withoutRepeats(feature, equalWidthEdges(ascending, method.Manual.num_bins));
  }
  const [rule] = Object.keys(method) as [BinCountRule];
  const chosen = chooseBinCount(rule, ascending);
  const notes: BinningNote[] = [];
  if (chosen.rule !== rule) {
    const message = `${rule} is undefined on these values; ${chosen.rule} was used`;
    notes.push({ feature, kind: "rule-replaced", message });
  }
  if (chosen.cappedFrom !== undefined) {
    const message = `${rule} asks for ${chosen.cappedFrom} bins; ${chosen.bins} were made`;
    notes.push({ feature, kind: "bins-capped", message });
  }
  const { edges, notes: merged } = withoutRepeats(feature, equalWidthEdges(ascending, chosen.bins));
  return { edges, notes: [...notes, ...merged] };
}

/** A bin between two equal edges can hold nothing, but would count towards the threshold. */
function withoutRepeats(feature: string, all: readonly number[]): Edges {
  const edges = distinctEdges(all);
  if (edges.length === all.length) return { edges, notes: [] };
  const message = `${all.length - edges.length} of ${all.length} bin edges repeat others and were merged`;
  return { edges, notes: [{ feature, kind: "edges-merged", message }] };
}
