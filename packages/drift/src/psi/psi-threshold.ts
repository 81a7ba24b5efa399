import type { PsiThreshold } from "@scouter/contracts";
import { chiSquareQuantile, normalQuantile } from "@scouter/stats";

/**
 * The reference's threshold for an index over `bins` bins and `rows` observed rows, after Yurdakul (2018) with the
 * baseline taken as exact. Infinity (never alerts) for alpha 0, and for a single bin, whose index is always 0.
 *
 * Normal: (B - 1)/M + z(1 - alpha) sqrt(2 (B - 1))/M. ChiSquare: chi2(1 - alpha; B - 1)/M. Fixed: the number itself.
 */
export function referenceThreshold(threshold: PsiThreshold, bins: number, rows: number): number {
  if ("Fixed" in threshold) return threshold.Fixed.threshold;
  const degrees = bins - 1;
  if (degrees < 1) return Infinity;
  if ("Normal" in threshold) {
    const z = normalQuantile(1 - threshold.Normal.alpha);
    return (degrees + z * Math.sqrt(2 * degrees)) / rows;
  }
  return chiSquareQuantile(1 - threshold.ChiSquare.alpha, degrees) / rows;
}
