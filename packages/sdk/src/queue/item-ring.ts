import type { QueuedItem, QueuedThing } from "./kind/batch-maker.ts";

/**
 * Bounded first-in-first-out buffer. It holds items by reference in two parallel arrays, so that `push` allocates
 * nothing: that is what keeps an insertion in the tens of nanoseconds.
 */
export class ItemRing {
  readonly capacity: number;
  readonly #items: (QueuedThing | undefined)[];
  readonly #traceIds: (string | undefined)[];
  #head = 0;
  #length = 0;

  /** @param capacity items held, at least 1 */
  constructor(capacity: number) {
    this.capacity = capacity;
    this.#items = Array.from({ length: capacity });
    this.#traceIds = Array.from({ length: capacity });
  }

  get length(): number {
    return this.#length;
  }

  get isFull(): boolean {
    return this.#length === this.capacity;
  }

  /** @returns false, and keeps nothing, when full */
  push(item: QueuedThing, traceId: string | undefined): boolean {
    if (this.#length === this.capacity) return false;
    let tail = this.#head + this.#length;
    if (tail >= this.capacity) tail -= this.capacity;
    this.#items[tail] = item;
    this.#traceIds[tail] = traceId;
    this.#length += 1;
    return true;
  }

  /** Removes up to `count` of the oldest items, oldest first. */
  take(count: number): readonly QueuedItem[] {
    const taken: QueuedItem[] = [];
    for (let left = Math.min(count, this.#length); left > 0; left -= 1) {
      const item = this.#items[this.#head];
      if (item !== undefined) taken.push({ item, traceId: this.#traceIds[this.#head] });
      // Let go of the references: a slot may stay unused for long.
      this.#items[this.#head] = undefined;
      this.#traceIds[this.#head] = undefined;
      this.#head = this.#head + 1 === this.capacity ? 0 : this.#head + 1;
      this.#length -= 1;
    }
    return taken;
  }
}
