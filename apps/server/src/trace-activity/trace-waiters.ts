import type { Clock } from "@scouter/contracts";
import type { TraceActivity } from "@scouter/database";
import { Wakeup } from "../workers/wakeup.ts";
import type { SettledTrace, TraceKey, TraceWaitOptions } from "./trace-completion.ts";

export interface TraceWaitersOptions {
  readonly clock: Clock;
  /** The rows of these traces; may give more. One call for all who wait. */
  readonly look: (keys: readonly TraceKey[]) => Promise<readonly TraceActivity[]>;
  /** Says that these are waited for. */
  readonly watch: (traceIds: readonly string[]) => Promise<void>;
  readonly onTrouble: (error: unknown) => void;
}

/** A lost notice costs this much. */
const POLL_MS = 1_000;

interface Waiter {
  readonly key: TraceKey;
  readonly afterRevision: number;
  readonly absentAtMs: number;
  readonly resolve: (settled: SettledTrace) => void;
}

/** All who wait for a trace in this process, looked after together: one question to the database for all of them. */
export class TraceWaiters {
  readonly #options: TraceWaitersOptions;
  readonly #waiters = new Set<Waiter>();
  readonly #wakeup: Wakeup;
  #isRunning = false;

  constructor(options: TraceWaitersOptions) {
    this.#options = options;
    this.#wakeup = new Wakeup(options.clock);
  }

  /** Looks again at once. */
  wake(): void {
    this.#wakeup.notify();
  }

  wait(key: TraceKey, options: TraceWaitOptions): Promise<SettledTrace> {
    const { absentMs, signal, afterRevision = 0 } = options;
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    const { promise, resolve, reject } = Promise.withResolvers<SettledTrace>();
    const absentAtMs = this.#options.clock.monotonicMs() + absentMs;
    const waiter = { key, afterRevision, absentAtMs, resolve };
    const leave = () => reject(signal.reason as Error);
    signal.addEventListener("abort", leave, { once: true });
    this.#waiters.add(waiter);
    this.wake();
    if (!this.#isRunning) void this.#run();
    return promise.finally(() => {
      signal.removeEventListener("abort", leave);
      this.#waiters.delete(waiter);
      if (this.#waiters.size === 0) this.wake();
    });
  }

  /** While anybody waits. Never rejects. */
  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiters.size > 0) {
      const seen = this.#wakeup.seen;
      try {
        await this.#lookAt([...this.#waiters]);
      } catch (error) {
        this.#options.onTrouble(error);
      }
      await this.#wakeup.sleep(seen, this.#pauseMs(), new AbortController().signal);
    }
    this.#isRunning = false;
  }

  #pauseMs(): number {
    const nowMs = this.#options.clock.monotonicMs();
    const left = [...this.#waiters].map(({ absentAtMs }) => absentAtMs - nowMs);
    return Math.min(POLL_MS, ...left.filter((ms) => ms > 0));
  }

  async #lookAt(waiters: readonly Waiter[]): Promise<void> {
    const { look, watch, clock } = this.#options;
    const found = new FoundTraces(await look(waiters.map(({ key }) => key)));
    const unknown = waiters.flatMap(({ key }) =>
      key.traceId !== undefined && found.of(key) === undefined ? [key.traceId] : [],
    );
    if (unknown.length > 0) {
      await watch(unknown);
      // Their spans may be here already.
      found.add(await look(unknown.map((traceId) => ({ traceId }))));
    }
    const nowMs = clock.monotonicMs();
    for (const waiter of waiters) {
      const settled = outcomeOf(waiter, found.of(waiter.key), nowMs);
      if (settled !== undefined) {
        this.#waiters.delete(waiter);
        waiter.resolve(settled);
      }
    }
  }
}

class FoundTraces {
  readonly #byId = new Map<string, TraceActivity>();
  readonly #byQueue = new Map<string, TraceActivity>();

  constructor(rows: readonly TraceActivity[]) {
    this.add(rows);
  }

  /** Earliest first. */
  add(rows: readonly TraceActivity[]): void {
    for (const row of rows) {
      this.#byId.set(row.traceId, row);
      for (const queueId of row.queueIds) {
        if (!this.#byQueue.has(queueId)) this.#byQueue.set(queueId, row);
      }
    }
  }

  of(key: TraceKey): TraceActivity | undefined {
    return key.traceId === undefined
      ? this.#byQueue.get(key.queueId)
      : this.#byId.get(key.traceId.toLowerCase());
  }
}

function outcomeOf(
  { key, afterRevision, absentAtMs }: Waiter,
  activity: TraceActivity | undefined,
  nowMs: number,
): SettledTrace | undefined {
  if (activity === undefined || activity.state === "awaited") {
    if (nowMs < absentAtMs) return undefined;
    return { traceId: key.traceId ?? null, state: "absent", revision: 0 };
  }
  const { traceId, state, revision } = activity;
  if (state === "open" || revision <= afterRevision) return undefined;
  return { traceId, state, revision };
}
