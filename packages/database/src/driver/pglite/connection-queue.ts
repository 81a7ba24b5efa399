import { errors } from "../../errors.ts";

/**
 * Hands the only session of an embedded database to one user at a time, first come first served, so that a transaction
 * never sees another's statements. At most `maxWaiting` wait; the next is refused with DATABASE_BUSY.
 */
export class ConnectionQueue {
  readonly #maxWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #isTaken = false;

  constructor(maxWaiting: number) {
    this.#maxWaiting = maxWaiting;
  }

  acquire(): Promise<void> {
    if (!this.#isTaken) {
      this.#isTaken = true;
      return Promise.resolve();
    }
    if (this.#waiting.length >= this.#maxWaiting) {
      return Promise.reject(errors.DATABASE_BUSY({ waiting: this.#waiting.length }));
    }
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#isTaken = false;
    else next();
  }
}
