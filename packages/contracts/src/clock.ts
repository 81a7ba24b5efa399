/**
 * Time as a port: domain code and workers never read the global clock, so tests can own it.
 *
 * Contract: `now` is wall-clock time and may jump; `monotonicMs` never goes back and is meaningful only as a
 * difference within one process. `sleep` resolves after at least `ms` milliseconds, or rejects with the signal's
 * reason as soon as `signal` aborts (also when it was aborted before the call).
 */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Milliseconds since an arbitrary start. */
  monotonicMs(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The operating system's clock. Only composition roots construct it. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      }, ms);
      signal?.addEventListener("abort", onAbort, { once: true });
    }),
};
