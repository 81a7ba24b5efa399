import { errors } from "../errors.ts";

/** How long a read may take; files that left the table must stay readable for longer. */
export const DEFAULT_QUERY_LIMIT_MS = 60_000;

/**
 * Runs `work` with a signal that aborts when the caller's does, or when the time is over: then it rejects with
 * `LAKE_QUERY_TIMEOUT`, whatever `work` makes of the abort.
 */
export async function withinQueryLimit<Result>(
  limitMs: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), limitMs);
  timer.unref();
  try {
    return await work(signal ? AbortSignal.any([signal, late.signal]) : late.signal);
  } catch (error) {
    const isLate = late.signal.aborted && signal?.aborted !== true;
    throw isLate ? errors.LAKE_QUERY_TIMEOUT({ limitMs }, { cause: error }) : error;
  } finally {
    clearTimeout(timer);
  }
}
