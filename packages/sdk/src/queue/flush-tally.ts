/** How an item ended: stored, left on the disk, refused for good with a code, or given up by us. */
export type ItemEnd =
  | { readonly kind: "acknowledged" }
  | { readonly kind: "spooled" }
  | { readonly kind: "rejected"; readonly code: string }
  | { readonly kind: "dropped"; readonly reason: "invalid" | "closed" };

/**
 * What became of the items before a mark, for one flush of one alias. Items are numbered from 0 in the order in which
 * they entered the buffer; batches may end out of order, so each end is counted by its item's number.
 */
export class FlushTally {
  readonly #mark: number;
  readonly #finished = Promise.withResolvers<void>();
  #unsettled: number;
  acknowledged = 0;
  dropped = 0;
  spooled = 0;
  readonly rejected = new Map<string, number>();

  /**
   * @param mark number of the first item that the flush does not wait for
   * @param unsettled items before the mark that have not ended yet
   */
  constructor(mark: number, unsettled: number) {
    this.#mark = mark;
    this.#unsettled = unsettled;
    if (unsettled === 0) this.#finished.resolve();
  }

  /** Resolves when every item before the mark has ended. */
  get finished(): Promise<void> {
    return this.#finished.promise;
  }

  get unsettled(): number {
    return this.#unsettled;
  }

  count(itemNumber: number, end: ItemEnd): void {
    if (itemNumber >= this.#mark) return;
    if (end.kind === "acknowledged") this.acknowledged += 1;
    else if (end.kind === "dropped") this.dropped += 1;
    else if (end.kind === "spooled") this.spooled += 1;
    else this.rejected.set(end.code, (this.rejected.get(end.code) ?? 0) + 1);
    this.#unsettled -= 1;
    if (this.#unsettled === 0) this.#finished.resolve();
  }
}
