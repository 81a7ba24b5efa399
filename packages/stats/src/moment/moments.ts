import { errors } from "../errors.ts";

/** Arithmetic mean; `STATS_NO_VALUES` when there is none. A NaN among the values gives NaN. */
export function mean(values: ArrayLike<number>): number {
  if (values.length === 0) throw errors.STATS_NO_VALUES({ what: "a mean", need: 1, got: 0 });
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[i] as number;
  return sum / values.length;
}

/** Mean of (x - mean)^power: the central moment of the population. */
export function centralMoment(values: ArrayLike<number>, power: number): number {
  const centre = mean(values);
  let sum = 0;
  if (power === 2) {
    // Much quicker than the general power, and what nearly everybody asks for.
    for (let i = 0; i < values.length; i += 1) {
      const difference = (values[i] as number) - centre;
      sum += difference * difference;
    }
    return sum / values.length;
  }
  for (let i = 0; i < values.length; i += 1) sum += ((values[i] as number) - centre) ** power;
  return sum / values.length;
}

/** Standard deviation of the values themselves (divided by n). */
export function populationDeviation(values: ArrayLike<number>): number {
  return Math.sqrt(centralMoment(values, 2));
}

/** Standard deviation of a sample (divided by n - 1), in two passes; needs 2 values. */
export function sampleDeviation(values: ArrayLike<number>): number {
  const { length } = values;
  if (length < 2) {
    throw errors.STATS_NO_VALUES({ what: "a sample standard deviation", need: 2, got: length });
  }
  return Math.sqrt((centralMoment(values, 2) * length) / (length - 1));
}

/** Skewness g1 = m3 / m2^(3/2) of the population; NaN when all values are equal. */
export function skewness(values: ArrayLike<number>): number {
  return centralMoment(values, 3) / centralMoment(values, 2) ** 1.5;
}
