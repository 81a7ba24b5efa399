import type { StringStats } from "@scouter/contracts";
import { TextCounts, type TextCountsState } from "@scouter/stats";
import type { TextBatch } from "../table/column-batch.ts";

export interface TextColumnState {
  readonly kind: "text";
  readonly rows: number;
  readonly texts: TextCountsState;
  /** Values by their length in code points. */
  readonly lengths: readonly (readonly [number, number])[];
}

/** Whole values that a profile lists. */
export const MOST_WORDS = 100;

/** What a column of texts has shown so far. Memory grows with the number of different texts and lengths, up to a limit. */
export class TextColumn {
  readonly kind = "text";
  #rows = 0;
  #texts = new TextCounts();
  #lengths = new Map<number, number>();

  add({ values }: TextBatch): void {
    this.#rows += values.length;
    for (const value of values) {
      if (value === null) continue;
      this.#texts.add(value);
      const length = codePoints(value);
      this.#lengths.set(length, (this.#lengths.get(length) ?? 0) + 1);
    }
  }

  merge(other: TextColumn): void {
    this.#rows += other.#rows;
    this.#texts.merge(other.#texts);
    for (const [length, count] of other.#lengths) {
      this.#lengths.set(length, (this.#lengths.get(length) ?? 0) + count);
    }
  }

  /** All categories, or undefined when there were too many to be kept. */
  get categories(): readonly string[] | undefined {
    return this.#texts.isExact ? [...this.#texts.counts.keys()] : undefined;
  }

  get isConstant(): boolean {
    return this.#texts.distinct < 2;
  }

  stats(): StringStats {
    const present = this.#texts.rows;
    const shareOf = (count: number) => ({ count, percent: present === 0 ? 0 : count / present });
    const top = this.#texts.top(MOST_WORDS);
    const rest = present - top.reduce((sum, [, count]) => sum + count, 0);
    const different = Math.min(this.#texts.distinct, present);
    return {
      distinct: {
        count: different,
        percent: present === 0 ? 0 : different / present,
        estimated: !this.#texts.isExact,
      },
      char_stats: this.#charStats(present),
      word_stats: {
        words: Object.fromEntries(top.map(([word, count]) => [word, shareOf(count)])),
        ...(rest === 0 ? {} : { other: shareOf(rest) }),
        ...(this.#texts.undercount === 0 ? {} : { undercount: this.#texts.undercount }),
      },
      rows: this.#rows,
      missing: this.#rows - present,
    };
  }

  #charStats(present: number): StringStats["char_stats"] {
    if (present === 0) {
      return { min_length: 0, max_length: 0, median_length: 0, mean_length: null };
    }
    const lengths = [...this.#lengths].sort(([a], [b]) => a - b);
    const middle = Math.floor(present / 2);
    let upTo = 0;
    const median = lengths.find(([, count]) => (upTo += count) > middle);
    const total = lengths.reduce((sum, [length, count]) => sum + length * count, 0);
    return {
      min_length: lengths[0]?.[0] ?? 0,
      max_length: lengths.at(-1)?.[0] ?? 0,
      median_length: median?.[0] ?? 0,
      mean_length: total / present,
    };
  }

  state(): TextColumnState {
    return {
      kind: "text",
      rows: this.#rows,
      texts: this.#texts.state(),
      lengths: [...this.#lengths],
    };
  }

  static from({ rows, texts, lengths }: TextColumnState): TextColumn {
    const column = new TextColumn();
    column.#rows = rows;
    column.#texts = TextCounts.from(texts);
    column.#lengths = new Map(lengths);
    return column;
  }
}

function codePoints(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length - 1; i += 1) {
    const isPair =
      (text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00;
    if (isPair) count -= 1;
  }
  return count;
}
