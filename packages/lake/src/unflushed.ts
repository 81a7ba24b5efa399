/** Entries of one owner that were acknowledged and are not committed yet: what back pressure and flushes go by. */
export class Unflushed {
  readonly #entries = new Map<number, { readonly spans: number; readonly bytes: number }>();
  #spans = 0;
  #bytes = 0;

  get isEmpty(): boolean {
    return this.#entries.size === 0;
  }
  get spans(): number {
    return this.#spans;
  }
  get bytes(): number {
    return this.#bytes;
  }

  add(sequence: number, spans: number, bytes: number): void {
    this.#entries.set(sequence, { spans, bytes });
    this.#spans += spans;
    this.#bytes += bytes;
  }

  releaseThrough(sequence: number): void {
    for (const [each, { spans, bytes }] of this.#entries) {
      if (each > sequence) continue;
      this.#entries.delete(each);
      this.#spans -= spans;
      this.#bytes -= bytes;
    }
  }
}
