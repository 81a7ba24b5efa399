import { type Hash, hashNumber } from "./hash.ts";
import { estimatedDistinct, mergeRegisters, newHyperLogLog, observe } from "./hyper-log-log.ts";

/** Kept one by one up to this many, then estimated. */
export const MOST_EXACT_NUMBERS = 16_384;

export interface DistinctNumbersState {
  /** The values themselves, while there are few. */
  readonly values: Float64Array | null;
  readonly registers: Uint8Array | null;
}

/**
 * How many different numbers there are: exactly up to 16,384, then by a HyperLogLog of 16 KB. The result depends on the
 * values alone, not on their order or on how parts were merged. Takes finite values.
 */
export class DistinctNumbers {
  #table: Float64Array | undefined = new Float64Array(64).fill(NaN);
  #size = 0;
  #registers: Uint8Array | undefined;
  readonly #hash: Hash = new Uint32Array(2);
  #latest = NaN;

  /** Takes in the finite values. */
  add(values: ArrayLike<number>): void {
    for (let i = 0; i < values.length; i += 1) {
      const value = values[i] as number;
      // Columns often repeat a value row after row.
      if (value - value !== 0 || value === this.#latest) continue;
      this.#latest = value;
      hashNumber(value, this.#hash);
      if (this.#registers === undefined) this.#insert(value);
      else observe(this.#registers, this.#hash);
    }
  }

  merge(other: DistinctNumbers): void {
    const { values, registers } = other.state();
    if (values !== null) this.add(values);
    if (registers !== null) mergeRegisters(this.#registers ?? this.#estimate(), registers);
  }

  get isExact(): boolean {
    return this.#registers === undefined;
  }

  /** A whole number. */
  get count(): number {
    return this.#registers === undefined
      ? this.#size
      : Math.round(estimatedDistinct(this.#registers));
  }

  state(): DistinctNumbersState {
    return {
      values: this.#table?.filter((value) => !Number.isNaN(value)) ?? null,
      registers: this.#registers?.slice() ?? null,
    };
  }

  static from({ values, registers }: DistinctNumbersState): DistinctNumbers {
    const distinct = new DistinctNumbers();
    if (values !== null) distinct.add(values);
    if (registers !== null) {
      distinct.#registers = registers.slice();
      distinct.#table = undefined;
    }
    return distinct;
  }

  /** Open addressing; NaN marks a free place. Never more than half full. */
  #insert(value: number): void {
    let table = this.#table as Float64Array;
    if (this.#size * 2 >= table.length) {
      table = this.#larger(table);
      hashNumber(value, this.#hash);
    }
    if (!this.#put(table, value)) return;
    this.#size += 1;
    if (this.#size > MOST_EXACT_NUMBERS) this.#estimate();
  }

  /** The hash of the value must be at hand. */
  #put(table: Float64Array, value: number): boolean {
    const mask = table.length - 1;
    let place = (this.#hash[1] as number) & mask;
    for (;;) {
      const present = table[place] as number;
      if (present === value) return false;
      if (present !== present) break;
      place = (place + 1) & mask;
    }
    table[place] = value;
    return true;
  }

  #larger(table: Float64Array): Float64Array {
    const larger = new Float64Array(table.length * 4).fill(NaN);
    for (const value of table) {
      if (Number.isNaN(value)) continue;
      hashNumber(value, this.#hash);
      this.#put(larger, value);
    }
    this.#table = larger;
    return larger;
  }

  #estimate(): Uint8Array {
    const registers = newHyperLogLog();
    for (const value of this.#table ?? []) {
      if (Number.isNaN(value)) continue;
      hashNumber(value, this.#hash);
      observe(registers, this.#hash);
    }
    this.#registers = registers;
    this.#table = undefined;
    return registers;
  }
}
