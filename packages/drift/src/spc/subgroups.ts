import { finiteValues, mean } from "@scouter/stats";

/**
 * Cuts consecutive rows, which may come in parts of any length, into subgroups, and hands on the finite values of each.
 * A subgroup may have none; it is not to be kept, its memory is used again.
 */
export class SubgroupCutter {
  readonly #open: Float64Array;
  readonly #each: (finite: Float64Array) => void;
  #count = 0;

  constructor(size: number, each: (finite: Float64Array) => void) {
    this.#open = new Float64Array(size);
    this.#each = each;
  }

  add(values: Float64Array): void {
    for (let start = 0; start < values.length;) {
      const taken = Math.min(this.#open.length - this.#count, values.length - start);
      this.#open.set(values.subarray(start, start + taken), this.#count);
      this.#count += taken;
      start += taken;
      if (this.#count === this.#open.length) this.end();
    }
  }

  /** All rows have been taken in: what is left is a shorter subgroup. */
  end(): void {
    if (this.#count === 0) return;
    this.#each(finiteValues(this.#open.subarray(0, this.#count)));
    this.#count = 0;
  }
}

/** Points of a control chart: the mean of every subgroup that has a value. Missing and infinite values are left out. */
export function subgroupMeans(values: ArrayLike<number>, size: number): readonly number[] {
  const means = new SubgroupMeans(size);
  means.add(values instanceof Float64Array ? values : Float64Array.from(values));
  return means.finish();
}

/** Points in the making: takes in consecutive rows in parts of any length. */
export class SubgroupMeans {
  readonly #means: number[] = [];
  readonly #cutter: SubgroupCutter;

  constructor(size: number) {
    this.#cutter = new SubgroupCutter(size, (group) => {
      if (group.length > 0) this.#means.push(mean(group));
    });
  }

  add(values: Float64Array): void {
    this.#cutter.add(values);
  }

  /** All rows have been taken in: what is left is a point of fewer rows. */
  finish(): readonly number[] {
    this.#cutter.end();
    return this.#means;
  }
}
