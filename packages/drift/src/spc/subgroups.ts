import { finiteValues, mean } from "@scouter/stats";

/** Finite values of consecutive subgroups of `size` rows, in order; the last may be shorter, any may be empty. */
export function subgroups(values: Float64Array, size: number): readonly Float64Array[] {
  const groups: Float64Array[] = [];
  for (let start = 0; start < values.length; start += size) {
    groups.push(finiteValues(values.subarray(start, start + size)));
  }
  return groups;
}

/** Points of a control chart: the mean of every subgroup that has a value. Missing and infinite values are left out. */
export function subgroupMeans(values: ArrayLike<number>, size: number): readonly number[] {
  return subgroups(Float64Array.from(values), size)
    .filter((group) => group.length > 0)
    .map(mean);
}
