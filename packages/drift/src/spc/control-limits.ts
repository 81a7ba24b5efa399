import type { SpcFeature } from "@scouter/contracts";
import { mean, sampleDeviation } from "@scouter/stats";
import { errors } from "../errors.ts";
import { subgroups } from "./subgroups.ts";

export type ControlLimits = Pick<
  SpcFeature,
  "center" | "one_ucl" | "one_lcl" | "two_ucl" | "two_lcl" | "three_ucl" | "three_lcl"
>;

/**
 * Whose spread the limits describe: that of single values (wide: the points, means of subgroups, vary less; few false
 * alarms), or that of the means themselves (narrower by the square root of the subgroup size, as in a textbook's chart).
 */
export type LimitsOf = "values" | "subgroup-means";

/**
 * Centre and limits at 1, 2 and 3 deviations from consecutive subgroups of `size` rows (2 or more).
 *
 * Centre: the mean of the subgroups' means. Deviation: the mean of their sample deviations, divided by
 * c4 = (4s - 4) / (4s - 3), the usual approximation of the bias of a sample deviation. Every subgroup weighs the same,
 * the last, shorter one too; a subgroup with fewer than two finite values has no deviation and is left out. Without any,
 * DRIFT_PROFILE_NO_VALUES.
 */
export function controlLimits(
  feature: string,
  values: Float64Array,
  size: number,
  limitsOf: LimitsOf = "values",
): ControlLimits {
  const groups = subgroups(values, size).filter(({ length }) => length >= 2);
  if (groups.length === 0) {
    const got = values.filter(Number.isFinite).length;
    throw errors.DRIFT_PROFILE_NO_VALUES({ feature, need: 2, got });
  }
  const center = mean(groups.map(mean));
  const bias = (4 * size - 4) / (4 * size - 3);
  const sigma = mean(groups.map(sampleDeviation)) / bias;
  const step = limitsOf === "values" ? sigma : sigma / Math.sqrt(size);
  return {
    center,
    one_ucl: center + step,
    one_lcl: center - step,
    two_ucl: center + 2 * step,
    two_lcl: center - 2 * step,
    three_ucl: center + 3 * step,
    three_lcl: center - 3 * step,
  };
}
