import type { PsiProfile } from "@scouter/contracts";
import { codeOf } from "../table/category-codes.ts";
import { type FeatureBins, featureBins } from "./feature-bins.ts";

/**
 * Where a value belongs. `unseen`: a category that the baseline did not have; it is counted under its own id, which no
 * bin has. `missing`: null, NaN or an infinity; it is counted nowhere. `unknown-feature`: not in the profile.
 */
export type BinAssignment =
  | { readonly kind: "bin"; readonly id: number }
  | { readonly kind: "unseen"; readonly id: number }
  | { readonly kind: "missing" }
  | { readonly kind: "unknown-feature" };

export interface BinAssigner {
  assign(feature: string, value: number | string | null | undefined): BinAssignment;
}

const MISSING: BinAssignment = { kind: "missing" };
const INT32_MAX = 2_147_483_647;
/** For categories that have no number: none of a profile's bins has this id. */
export const UNSEEN_ID = -1;

/** Compiles a profile's bins once, for any number of values. Throws as `featureBins` does. */
export function binAssigner(profile: PsiProfile): BinAssigner {
  const features = new Map<string, FeatureBins>();
  for (const [name, feature] of Object.entries(profile.features)) {
    features.set(name, featureBins(name, feature));
  }
  const featureMap = profile.config.feature_map;
  return {
    assign(name, value) {
      const bins = features.get(name);
      if (bins === undefined) return { kind: "unknown-feature" };
      if (value === null || value === undefined) return MISSING;
      const known = typeof value === "string" ? codeOf(featureMap, name, value) : value;
      if (known === undefined) return { kind: "unseen", id: UNSEEN_ID };
      if (!Number.isFinite(known)) return MISSING;
      return bins.kind === "Numeric" ? numericBin(bins, known) : categoryBin(bins, known);
    },
  };
}

function numericBin(bins: FeatureBins, value: number): BinAssignment {
  const id = bins.idOf(value);
  return id === undefined ? MISSING : { kind: "bin", id };
}

function categoryBin(bins: FeatureBins, value: number): BinAssignment {
  const code = Math.trunc(value);
  if (bins.idOf(code) !== undefined) return { kind: "bin", id: code };
  return { kind: "unseen", id: Math.abs(code) > INT32_MAX ? UNSEEN_ID : code };
}
