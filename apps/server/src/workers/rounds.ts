import type { Clock } from "@scouter/contracts";

export interface RoundsOptions {
  readonly clock: Clock;
  /** Between the end of a round and the next one, unless the round names another pause. */
  readonly pauseMs: number;
  /** Before the first round; none by default. */
  readonly firstPauseMs?: number;
  /** A round that fails is followed by the next one all the same. May not throw. */
  readonly onTrouble: (error: unknown) => void;
}

/** Repeats a piece of work until it is stopped. */
export class Rounds {
  readonly #options: RoundsOptions;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(options: RoundsOptions) {
    this.#options = options;
  }

  /** Aborted from `stop` on: a long round looks at it between its steps. */
  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  /** @param round resolves with the pause after it, in milliseconds, where that is not the usual one */
  start(round: () => Promise<number | void>): void {
    this.#running = this.#run(round);
  }

  /** Resolves when the round under way has ended. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(round: () => Promise<number | void>): Promise<void> {
    const { pauseMs, firstPauseMs = 0, onTrouble } = this.#options;
    if (firstPauseMs > 0) await this.#pause(firstPauseMs);
    while (!this.signal.aborted) {
      let nextMs: number | undefined;
      try {
        nextMs = (await round()) ?? undefined;
      } catch (error) {
        onTrouble(error);
      }
      await this.#pause(nextMs ?? pauseMs);
    }
  }

  /** The signal ends it; the loop's condition sees that. */
  #pause(ms: number): Promise<void> {
    return this.#options.clock.sleep(ms, this.signal).catch(() => undefined);
  }
}
