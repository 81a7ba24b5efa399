/** Records of one worker that wait for a model or a trace: as many as there is room for, beside those that need nothing. */
export class WaitingRecords {
  readonly #underWay = new Map<Promise<void>, string>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get room(): number {
    return Math.max(0, this.#capacity - this.#underWay.size);
  }

  /** Uids of the profiles whose records wait. */
  get profiles(): readonly string[] {
    return [...new Set(this.#underWay.values())];
  }

  /** `work` must not reject. */
  add(work: Promise<void>, profileUid: string): void {
    this.#underWay.set(work, profileUid);
    void this.#leaveWhenDone(work);
  }

  async #leaveWhenDone(work: Promise<void>): Promise<void> {
    await work;
    this.#underWay.delete(work);
  }

  /** Resolves when one of them is done; at once when there is none. */
  async untilOneDone(): Promise<void> {
    if (this.#underWay.size > 0) await Promise.race(this.#underWay.keys());
  }

  async untilDone(): Promise<void> {
    await Promise.all(this.#underWay.keys());
  }
}
