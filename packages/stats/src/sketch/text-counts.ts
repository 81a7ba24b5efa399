import { hashText, type Hash } from "./hash.ts";
import { estimatedDistinct, mergeRegisters, newHyperLogLog, observe } from "./hyper-log-log.ts";

/** Different texts that are counted one by one. */
export const MOST_COUNTED_TEXTS = 10_000;

export interface TextCountsState {
  readonly most: number;
  readonly rows: number;
  readonly counts: readonly (readonly [string, number])[];
  readonly undercount: number;
  readonly registers: Uint8Array | null;
}

/**
 * How often each text occurs: exactly up to `most` different ones. Beyond that the frequent ones are kept (Misra and
 * Gries 1982; merged after Agarwal and others 2012): a count may be too low by `undercount`, which is at most
 * rows / most, and a text that is more frequent than that is never missing. The number of different texts is then
 * estimated by a HyperLogLog.
 */
export class TextCounts {
  readonly #most: number;
  #rows = 0;
  #counts = new Map<string, number>();
  #undercount = 0;
  #registers: Uint8Array | undefined;
  readonly #hash: Hash = new Uint32Array(2);

  constructor(most: number = MOST_COUNTED_TEXTS) {
    this.#most = most;
  }

  add(text: string, times = 1): void {
    this.#rows += times;
    const before = this.#counts.get(text);
    this.#counts.set(text, (before ?? 0) + times);
    if (before !== undefined) return;
    if (this.#registers !== undefined) {
      hashText(text, this.#hash);
      observe(this.#registers, this.#hash);
    }
    // Twice as many, so that cutting down is rare.
    if (this.#counts.size > this.#limit()) this.#cut();
  }

  merge(other: TextCounts): void {
    if (other.#registers !== undefined) mergeRegisters(this.#estimating(), other.#registers);
    const rows = this.#rows + other.#rows;
    for (const [text, times] of other.#counts) this.add(text, times);
    this.#rows = rows;
    this.#undercount += other.#undercount;
  }

  /** Texts counted, those that are missing from `counts` too. */
  get rows(): number {
    return this.#rows;
  }
  get isExact(): boolean {
    return this.#registers === undefined;
  }
  get distinct(): number {
    return this.#registers === undefined
      ? this.#counts.size
      : Math.round(estimatedDistinct(this.#registers));
  }
  /** By how much a count may be too low. */
  get undercount(): number {
    return this.#undercount;
  }
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** The most frequent first, equal ones by UTF-16 units. */
  top(most: number): readonly (readonly [string, number])[] {
    return [...this.#counts].sort(byCount).slice(0, most);
  }

  state(): TextCountsState {
    return {
      most: this.#most,
      rows: this.#rows,
      counts: [...this.#counts],
      undercount: this.#undercount,
      registers: this.#registers?.slice() ?? null,
    };
  }

  static from({ most, rows, counts, undercount, registers }: TextCountsState): TextCounts {
    const made = new TextCounts(most);
    made.#rows = rows;
    made.#counts = new Map(counts);
    made.#undercount = undercount;
    made.#registers = registers?.slice();
    return made;
  }

  #limit(): number {
    return this.#registers === undefined ? this.#most : 2 * this.#most;
  }

  #estimating(): Uint8Array {
    if (this.#registers !== undefined) return this.#registers;
    const registers = newHyperLogLog();
    for (const text of this.#counts.keys()) {
      hashText(text, this.#hash);
      observe(registers, this.#hash);
    }
    this.#registers = registers;
    return registers;
  }

  /** Takes from every count what the first one beyond the limit has; what has no more is left out. */
  #cut(): void {
    this.#estimating();
    if (this.#counts.size <= this.#limit()) return;
    const counts = Float64Array.from(this.#counts.values()).sort();
    const taken = counts[counts.length - this.#most - 1] as number;
    this.#undercount += taken;
    for (const [text, count] of this.#counts) {
      if (count > taken) this.#counts.set(text, count - taken);
      else this.#counts.delete(text);
    }
  }
}

function byCount([a, m]: readonly [string, number], [b, n]: readonly [string, number]): number {
  return n - m || (a < b ? -1 : 1);
}
