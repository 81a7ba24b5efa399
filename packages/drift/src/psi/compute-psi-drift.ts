import type { PsiProfile } from "@scouter/contracts";
import { columnAsNumbers } from "../table/category-codes.ts";
import { checkFeature, type Column, featureNames, type Table } from "../table/column.ts";
import { type FeatureBins, featureBins } from "./feature-bins.ts";
import { populationStabilityIndex } from "./population-stability-index.ts";

/** The index of every feature of a table, in the wire's form. */
export interface PsiDriftMap {
  readonly features: Readonly<Record<string, number>>;
  readonly name: string;
  readonly space: string;
  readonly version: string;
}

/**
 * Compares a table with a profile, without any threshold. Values are cleaned as the baseline was: what is missing or
 * infinite is left out of both; a column without any other value is left out of the map. Every column must be in the
 * profile (DRIFT_FEATURE_UNKNOWN), not the other way round.
 */
export function computePsiDrift(table: Table, profile: PsiProfile): PsiDriftMap {
  const available = Object.keys(profile.features).sort();
  const { name, space, version, feature_map: featureMap } = profile.config;
  const features: Record<string, number> = {};
  for (const feature of featureNames(table)) {
    checkFeature(feature, "the table", available);
    const fitted = profile.features[feature];
    if (fitted === undefined) continue;
    const bins = featureBins(feature, fitted);
    const counts = new Float64Array(bins.ids.length);
    const rows = bins.count(columnAsNumbers(featureMap, feature, table[feature] as Column), counts);
    if (rows > 0) features[feature] = indexOfCounts(bins, counts, rows);
  }
  return { features, name, space, version };
}

/** The index of rows counted by bin, in the order of the bins' ids; `rows` has those of unseen categories too. */
export function indexOfCounts(bins: FeatureBins, counts: Float64Array, rows: number): number {
  return populationStabilityIndex(
    bins.proportions,
    Array.from(counts, (count) => count / rows),
  );
}
