import type { SpcProfile } from "@scouter/contracts";
import { columnAsNumbers } from "../table/category-codes.ts";
import { checkFeature, type Column, featureNames, type Table } from "../table/column.ts";
import type { ControlLimits } from "./control-limits.ts";
import { subgroupMeans } from "./subgroups.ts";
import { zoneCode } from "./zone-code.ts";

/** Points and zone codes of every feature of a table, in the wire's form. */
export interface SpcDriftMap {
  readonly features: Readonly<
    Record<string, { readonly samples: readonly number[]; readonly drift: readonly number[] }>
  >;
  readonly name: string;
  readonly space: string;
  readonly version: string;
}

/** Charts a table with a profile, in subgroups of its `sample_size`. Every column must be in the profile. */
export function computeSpcDrift(table: Table, profile: SpcProfile): SpcDriftMap {
  const available = Object.keys(profile.features).sort();
  const { name, space, version, sample_size: size, feature_map: featureMap } = profile.config;
  const features: Record<string, { samples: readonly number[]; drift: readonly number[] }> = {};
  for (const feature of featureNames(table)) {
    checkFeature(feature, "the table", available);
    const limits = profile.features[feature];
    if (limits === undefined) continue;
    const values = columnAsNumbers(featureMap, feature, table[feature] as Column);
    features[feature] = charted(subgroupMeans(values, size), limits);
  }
  return { features, name, space, version };
}

/** Points of one feature with their zone codes. */
export function charted(
  samples: readonly number[],
  limits: ControlLimits,
): SpcDriftMap["features"][string] {
  return { samples, drift: samples.map((value) => zoneCode(value, limits)) };
}
