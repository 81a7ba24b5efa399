import type { QueuedItem } from "./batch-maker.ts";

interface Sum {
  total: number;
  count: number;
}

/** Means of named values over rows. Values that are missing or not finite do not count. */
export class Means {
  readonly #sums: ReadonlyMap<string, Sum>;
  readonly #nameOf: (given: string) => string;
  #lastMs = 0;

  /** @param nameOf from a row's name to that of the profile */
  constructor(names: readonly string[], nameOf = (given: string) => given) {
    this.#sums = new Map(names.map((name) => [name, { total: 0, count: 0 }]));
    this.#nameOf = nameOf;
  }

  add({ item }: QueuedItem): boolean {
    if (item.kind === "eval") return false;
    let found = false;
    for (const [given, value] of Object.entries(item.values)) {
      const sum = this.#sums.get(this.#nameOf(given));
      if (sum === undefined || typeof value !== "number" || !Number.isFinite(value)) continue;
      sum.total += value;
      sum.count += 1;
      found = true;
    }
    if (found) this.#lastMs = Math.max(this.#lastMs, item.createdAtMs);
    return found;
  }

  /** Of the names that have a value: the mean, and the time of the last row. */
  entries(): readonly (readonly [name: string, mean: number, lastMs: number])[] {
    return [...this.#sums].flatMap(([name, { total, count }]) =>
      count === 0 || !Number.isFinite(total) ? [] : [[name, total / count, this.#lastMs] as const],
    );
  }
}
