import { systemClock, type Clock } from "@scouter/contracts/core";

/** The system's clock, but its timers do not keep the process alive: an app with an idle queue can end. */
export const backgroundClock: Clock = {
  now: () => systemClock.now(),
  monotonicMs: () => systemClock.monotonicMs(),
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
      }, ms).unref();
      signal?.addEventListener("abort", onAbort, { once: true });
    }),
};
