/**
 * Does the work when one of the signals comes, and then lets the process end by the signal, as if nobody had listened. If
 * the app listens as well, ending is its business.
 *
 * @returns stops listening
 */
export function onSignals(
  signals: readonly NodeJS.Signals[],
  work: () => Promise<unknown>,
): () => void {
  const listeners = signals.map((signal) => ({
    signal,
    listener: () => {
      const appListens = process.listenerCount(signal) > 1;
      void work().finally(() => {
        process.off(signal, listenerOf(signal));
        if (!appListens) process.kill(process.pid, signal);
      });
    },
  }));
  const listenerOf = (signal: NodeJS.Signals) =>
    listeners.find((row) => row.signal === signal)?.listener ?? (() => {});
  for (const { signal, listener } of listeners) process.on(signal, listener);
  return () => {
    for (const { signal, listener } of listeners) process.off(signal, listener);
  };
}
