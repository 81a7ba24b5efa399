/** Records of one worker that wait for a model or a trace: as many as there is room for, beside those that need nothing. */
export class WaitingRecords {
  readonly #underWay = new Set<Promise<void>>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get room(): number {
    return Math.max(0, this.#capacity - this.#underWay.size);
  }

  /** `work` must not reject. */
  add(work: Promise<void>): void {
    this.#underWay.add(work);
    void this.#leaveWhenDone(work);
  }

  async #leaveWhenDone(work: Promise<void>): Promise<void> {
    await work;
    this.#underWay.delete(work);
  }

  async untilRoom(): Promise<void> {
    while (this.room === 0) await Promise.race(this.#underWay);
  }

  async untilDone(): Promise<void> {
    await Promise.all(this.#underWay);
  }
}
