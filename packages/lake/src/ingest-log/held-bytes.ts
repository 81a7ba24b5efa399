/** Bytes of the entries after the release mark, numbered 1, 2, 3 ... in the order of `add`. */
export class HeldBytes {
  /** Bytes per entry; those before `#head` are released. */
  #sizes: number[] = [];
  #head = 0;
  /** Entries dropped from the front of `#sizes`. */
  #dropped = 0;
  #total = 0;

  get total(): number {
    return this.#total;
  }

  add(bytes: number): void {
    this.#sizes.push(bytes);
    this.#total += bytes;
  }

  releaseThrough(sequence: number): void {
    for (; this.#dropped + this.#head < sequence && this.#head < this.#sizes.length; this.#head++) {
      this.#total -= this.#sizes[this.#head] ?? 0;
    }
    // Half of the array is waste: shrink it, at a cost paid by as many additions.
    if (this.#head > 1024 && this.#head * 2 > this.#sizes.length) {
      this.#sizes = this.#sizes.slice(this.#head);
      this.#dropped += this.#head;
      this.#head = 0;
    }
  }
}
