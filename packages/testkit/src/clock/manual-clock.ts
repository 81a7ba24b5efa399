import type { Clock } from "@scouter/contracts";

export interface ManualClockOptions {
  /** Wall-clock time at the start, milliseconds since the Unix epoch. Default 2025-01-01T00:00:00Z. */
  readonly startMs?: number;
}

interface Sleeper {
  readonly dueMs: number;
  readonly wake: () => void;
}

interface SleeperWait {
  readonly count: number;
  readonly reached: () => void;
}

/**
 * A clock that only moves when a test says so.
 *
 * ```ts
 * const clock = new ManualClock();
 * const done = retryEverySecond(clock);
 * await clock.untilSleeping(1);
 * await clock.advance(1_000);
 * ```
 * `monotonicMs` starts at 0 and is moved by `advance` alone; `now` also follows `jumpTo`, as a real wall clock may.
 */
export class ManualClock implements Clock {
  #nowMs: number;
  #monotonicMs = 0;
  readonly #sleepers = new Set<Sleeper>();
  readonly #waits = new Set<SleeperWait>();

  constructor(options: ManualClockOptions = {}) {
    this.#nowMs = options.startMs ?? Date.UTC(2025, 0, 1);
  }

  now(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  /** How many `sleep` calls have neither ended nor been aborted. */
  get pendingSleepers(): number {
    return this.#sleepers.size;
  }

  /** Milliseconds until each pending sleeper wakes, ascending. */
  get pendingDelaysMs(): readonly number[] {
    return [...this.#sleepers]
      .map((sleeper) => sleeper.dueMs - this.#monotonicMs)
      .sort((a, b) => a - b);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = () => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      const sleeper: Sleeper = {
        dueMs: this.#monotonicMs + Math.max(0, ms),
        wake: () => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        },
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#sleepers.add(sleeper);
      this.#settleWaits();
    });
  }

  /**
   * Moves time on by `ms`, waking sleepers in the order they are due. Work that a woken sleeper starts runs before
   * the next one wakes, so a loop that sleeps 1 s wakes three times in `advance(3_000)`.
   */
  async advance(ms: number): Promise<void> {
    const endMs = this.#monotonicMs + ms;
    await settled();
    for (let next = this.#nextDue(endMs); next !== undefined; next = this.#nextDue(endMs)) {
      this.#moveTo(next.dueMs);
      this.#sleepers.delete(next);
      next.wake();
      await settled();
    }
    this.#moveTo(endMs);
  }

  /** Sets the wall clock, forward or back, without waking anybody. */
  jumpTo(nowMs: number): void {
    this.#nowMs = nowMs;
  }

  /** Resolves as soon as at least `count` sleepers are pending. */
  untilSleeping(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waits.add({ count, reached: resolve });
      this.#settleWaits();
    });
  }

  #nextDue(endMs: number): Sleeper | undefined {
    let next: Sleeper | undefined;
    for (const sleeper of this.#sleepers) {
      if (sleeper.dueMs <= endMs && (next === undefined || sleeper.dueMs < next.dueMs)) {
        next = sleeper;
      }
    }
    return next;
  }

  #moveTo(monotonicMs: number): void {
    this.#nowMs += monotonicMs - this.#monotonicMs;
    this.#monotonicMs = monotonicMs;
  }

  #settleWaits(): void {
    for (const wait of this.#waits) {
      if (this.#sleepers.size < wait.count) continue;
      this.#waits.delete(wait);
      wait.reached();
    }
  }
}

/** One turn of the event loop: every promise chain that is ready now has run. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
