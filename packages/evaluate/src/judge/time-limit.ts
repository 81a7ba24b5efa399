import type { Clock } from "@scouter/contracts";

export interface TimeLimit {
  readonly clock: Clock;
  readonly limitMs: number;
  readonly signal: AbortSignal | undefined;
  /** What it rejects with when the time is over. */
  readonly expired: () => Error;
}

/**
 * Runs work for a limited time. Rejects with the signal's reason on abort and with `expired` when the time is over, also
 * when the work ignores the signal that it was given.
 */
export async function withTimeLimit<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  { clock, limitMs, signal, expired }: TimeLimit,
): Promise<Result> {
  signal?.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const cut = new AbortController();
  const over = new AbortController();
  const end = (reason: unknown) => {
    cut.abort(reason);
    reject(reason);
  };
  const onAbort = () => end(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  // The sleep rejects only because the work has ended; nobody waits for it then.
  clock.sleep(limitMs, over.signal).then(
    () => end(expired()),
    () => undefined,
  );
  try {
    return await Promise.race([work(cut.signal), promise]);
  } finally {
    over.abort();
    signal?.removeEventListener("abort", onAbort);
  }
}
