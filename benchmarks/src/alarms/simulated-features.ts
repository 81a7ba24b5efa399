import type { PsiProfile } from "@scouter/contracts";
import { featureBins } from "@scouter/drift";
import { normalQuantile, type RandomSource } from "@scouter/stats";

/** Normal values in quantile bins, categories of which some are rare, or 40 categories after Zipf. */
export type FeatureKind = "quantile" | "category" | "zipf";

/** Shares of twelve categories: two common ones and a long tail, the last in one row of two thousand. */
const SHARES = [0.4, 0.25, 0.15, 0.08, 0.05, 0.03, 0.02, 0.01, 0.005, 0.003, 0.0015, 0.0005];
/** Two thousand places, each the category of one: all shares are multiples of a two-thousandth. */
const CATEGORIES = Uint8Array.from(
  SHARES.flatMap((share, category) =>
    Array.from({ length: Math.round(share * 2000) }, () => category),
  ),
);

const ZIPF_WEIGHTS = Array.from({ length: 40 }, (_, rank) => 1 / (rank + 1));
const ZIPF_TOTAL = ZIPF_WEIGHTS.reduce((sum, weight) => sum + weight, 0);
/** As `CATEGORIES`, in ten thousand places. */
const ZIPF = Uint8Array.from(
  ZIPF_WEIGHTS.flatMap((weight, category) =>
    Array.from({ length: Math.round((weight / ZIPF_TOTAL) * 10_000) }, () => category),
  ),
);

/**
 * Draws of one feature. The index of quantile bins depends on ranks alone, so that without a shift uniform values stand
 * for any others; a shift is one of normal values, in standard deviations.
 */
export function drawsOf(
  kind: FeatureKind,
  rows: number,
  shift: number | undefined,
  random: RandomSource,
): Float64Array {
  const values = new Float64Array(rows);
  for (let row = 0; row < rows; row += 1) {
    const share = random();
    if (kind !== "quantile") {
      const places = kind === "category" ? CATEGORIES : ZIPF;
      values[row] = places[(share * places.length) | 0] as number;
      continue;
    }
    values[row] = shift === undefined ? share : shift + normalQuantile(share + 2 ** -34);
  }
  return values;
}

/** Rows of a window by bin, as a client counts them; categories that the baseline did not have among them. */
export function tallyOf(
  profile: PsiProfile,
  feature: string,
  values: Float64Array,
): ReadonlyMap<number, number> {
  const fitted = profile.features[feature];
  if (fitted === undefined) throw new Error(`no feature '${feature}'`);
  const bins = featureBins(feature, fitted);
  const rows = new Map<number, number>();
  for (const value of values) {
    const id = bins.idOf(value) ?? value;
    rows.set(id, (rows.get(id) ?? 0) + 1);
  }
  return rows;
}
