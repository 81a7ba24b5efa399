import type { SpcFeature } from "@scouter/contracts";
import { mean, sampleDeviation } from "@scouter/stats";
import { errors } from "../errors.ts";
import { SubgroupCutter } from "./subgroups.ts";

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
  const baseline = new ControlBaseline(size);
  baseline.add(values);
  return baseline.limits(feature, limitsOf);
}

/** Limits in the making: takes in consecutive rows in parts of any length, in memory of one subgroup. */
export class ControlBaseline {
  readonly #size: number;
  readonly #cutter: SubgroupCutter;
  #groups = 0;
  #finite = 0;
  #sumOfMeans = 0;
  #sumOfDeviations = 0;

  constructor(size: number) {
    this.#size = size;
    this.#cutter = new SubgroupCutter(size, (group) => this.#take(group));
  }

  add(values: Float64Array): void {
    this.#cutter.add(values);
  }

  /** All rows have been taken in: what is left is a shorter subgroup. Throws DRIFT_PROFILE_NO_VALUES. */
  limits(feature: string, limitsOf: LimitsOf = "values"): ControlLimits {
    this.#cutter.end();
    if (this.#groups === 0) {
      throw errors.DRIFT_PROFILE_NO_VALUES({ feature, need: 2, got: this.#finite });
    }
    const center = this.#sumOfMeans / this.#groups;
    const bias = (4 * this.#size - 4) / (4 * this.#size - 3);
    const sigma = this.#sumOfDeviations / this.#groups / bias;
    const step = limitsOf === "values" ? sigma : sigma / Math.sqrt(this.#size);
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

  #take(group: Float64Array): void {
    this.#finite += group.length;
    if (group.length < 2) return;
    this.#groups += 1;
    this.#sumOfMeans += mean(group);
    this.#sumOfDeviations += sampleDeviation(group);
  }
}
