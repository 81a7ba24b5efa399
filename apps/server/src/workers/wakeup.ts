import type { Clock } from "@scouter/contracts";

/**
 * Lets idle loops sleep until there may be work. A notice that comes while a loop is busy looking is not lost: the loop
 * says what it had `seen` before it looked, and does not sleep when something came since.
 */
export class Wakeup {
  readonly #clock: Clock;
  #notices = 0;
  readonly #sleepers = new Set<AbortController>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** To be taken before looking for work. */
  get seen(): number {
    return this.#notices;
  }

  notify(): void {
    this.#notices += 1;
    for (const sleeper of this.#sleepers) sleeper.abort();
  }

  /** Resolves after a notice since `seen`, after `ms`, or when the signal aborts. Never rejects. */
  async sleep(seen: number, ms: number, signal: AbortSignal): Promise<void> {
    if (this.#notices !== seen) return;
    const sleeper = new AbortController();
    this.#sleepers.add(sleeper);
    // Whichever ends the sleep, the loop only wants to know that it is over.
    await this.#clock.sleep(ms, AbortSignal.any([sleeper.signal, signal])).catch(() => undefined);
    this.#sleepers.delete(sleeper);
  }
}
