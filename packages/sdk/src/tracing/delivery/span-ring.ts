import type { ReadableSpan } from "@opentelemetry/sdk-trace";

/** Bounded first-in-first-out buffer of finished spans, by reference; it counts what ever went in and out. */
export class SpanRing {
  readonly capacity: number;
  readonly #spans: (ReadableSpan | undefined)[];
  #pushed = 0;
  #taken = 0;

  /** @param capacity spans held, at least 1 */
  constructor(capacity: number) {
    this.capacity = capacity;
    this.#spans = Array.from({ length: capacity });
  }

  get length(): number {
    return this.#pushed - this.#taken;
  }

  /** Spans that ever went in. */
  get pushed(): number {
    return this.#pushed;
  }

  /** Spans that ever came out. */
  get taken(): number {
    return this.#taken;
  }

  /** @returns false, and keeps nothing, when full */
  push(span: ReadableSpan): boolean {
    if (this.length === this.capacity) return false;
    this.#spans[this.#pushed % this.capacity] = span;
    this.#pushed += 1;
    return true;
  }

  /** Removes up to `count` of the oldest spans, oldest first. */
  take(count: number): readonly ReadableSpan[] {
    const spans: ReadableSpan[] = [];
    for (let left = Math.min(count, this.length); left > 0; left -= 1) {
      const slot = this.#taken % this.capacity;
      const span = this.#spans[slot];
      // Let go of the reference: a slot may stay unused for long.
      this.#spans[slot] = undefined;
      this.#taken += 1;
      if (span !== undefined) spans.push(span);
    }
    return spans;
  }
}
