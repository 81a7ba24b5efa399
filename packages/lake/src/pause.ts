import type { Clock } from "@scouter/contracts";

/** A pause that may end early, for loops that wait for a time or a reason. */
export class Pause {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #early: AbortController | undefined;

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
  }

  /** Resolves after `ms`, at `wake`, or when the signal aborts. */
  async wait(ms: number): Promise<void> {
    const early = new AbortController();
    this.#early = early;
    const either = AbortSignal.any([early.signal, this.#signal]);
    await this.#clock.sleep(ms, either).catch(() => undefined); // woken
    this.#early = undefined;
  }

  wake(): void {
    this.#early?.abort();
  }
}
