import type { PsiProfile } from "@scouter/contracts";
import { finiteValues } from "@scouter/stats";
import { columnAsNumbers } from "../table/category-codes.ts";
import { checkFeature, type Column, featureNames, type Table } from "../table/column.ts";
import { featureBins } from "./feature-bins.ts";
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
    const values = finiteValues(columnAsNumbers(featureMap, feature, table[feature] as Column));
    if (values.length === 0) continue;
    const counts = new Map<number, number>();
    for (const value of values) {
      const id = bins.idOf(bins.kind === "Category" ? Math.trunc(value) : value);
      if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    const observed = bins.ids.map((id) => (counts.get(id) ?? 0) / values.length);
    features[feature] = populationStabilityIndex(bins.proportions, observed);
  }
  return { features, name, space, version };
}
