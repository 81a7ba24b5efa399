import type { RetryOptions } from "./queue-options.ts";

export const defaultRetry: Required<RetryOptions> = {
  maxAttempts: 12,
  firstPauseMs: 500,
  maxPauseMs: 30_000,
};

/**
 * Pause after a failed try: the bound doubles with each try up to `maxPauseMs`, and the pause is drawn from its upper
 * half, so that many apps that failed together do not return together, yet none returns at once. A longer pause that
 * the server asked for is kept.
 *
 * @param attempt number of the try that failed, from 1
 * @param random uniform in [0, 1)
 * @returns milliseconds
 */
export function retryPauseMs(
  attempt: number,
  retry: Required<RetryOptions>,
  random: number,
  retryAfterMs = 0,
): number {
  const boundMs = Math.min(retry.maxPauseMs, retry.firstPauseMs * 2 ** (attempt - 1));
  return Math.max(retryAfterMs, boundMs * (0.5 + random / 2));
}
