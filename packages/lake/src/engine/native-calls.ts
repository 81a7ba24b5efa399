import { errors } from "../errors.ts";

const CLOSED = "the engine is closed";
/** An interrupt that falls between two statements is forgotten by the engine, so it is said again. */
export const INTERRUPT_AGAIN_MS = 20;

/**
 * The calls into the engine that run on threads of its own. When a thread of Node ends under one, its end ends the whole
 * process: the answer then comes to an environment that takes none. So it is known here which are under way.
 */
export class NativeCalls {
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #interrupt: () => void;
  #isHalted = false;

  /** @param interrupt ends what runs; it may be said again and again */
  constructor(interrupt: () => void) {
    this.#interrupt = interrupt;
  }

  get areUnderWay(): boolean {
    return this.#underWay.size > 0;
  }

  /** Rejects with `LAKE_WORKER_ENDED` when there was a halt. */
  run<Result>(call: () => Promise<Result>): Promise<Result> {
    if (this.#isHalted) return Promise.reject(errors.LAKE_WORKER_ENDED({ reason: CLOSED }));
    const result = call();
    this.#underWay.add(result);
    const forget = () => this.#underWay.delete(result);
    result.then(forget, forget);
    return result;
  }

  /** Refuses what comes and interrupts what runs. */
  interrupt(): void {
    this.#isHalted = true;
    if (this.areUnderWay) this.#interrupt();
  }

  /** As `interrupt`; resolves when nothing runs any more. */
  async halt(): Promise<void> {
    this.interrupt();
    const again = setInterval(() => this.interrupt(), INTERRUPT_AGAIN_MS);
    try {
      while (this.areUnderWay) await Promise.allSettled(this.#underWay);
    } finally {
      clearInterval(again);
    }
  }
}
