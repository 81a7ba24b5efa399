/** A list that can be waited for: tests await the n-th arrival instead of sleeping. */
export class Arrivals<Item> {
  readonly items: Item[] = [];
  readonly #waits = new Set<{ readonly count: number; readonly reached: () => void }>();

  add(item: Item): void {
    this.items.push(item);
    for (const wait of this.#waits) {
      if (this.items.length < wait.count) continue;
      this.#waits.delete(wait);
      wait.reached();
    }
  }

  /** Resolves when at least `count` items have arrived. */
  until(count: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.items.length >= count) resolve();
      else this.#waits.add({ count, reached: resolve });
    });
  }
}
