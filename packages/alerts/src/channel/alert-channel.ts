import type { AlertMessage } from "../message/alert-message.ts";

/** Something to tell, with the key that is the same on every attempt: a channel that can, drops repeats by it. */
export interface Delivery {
  readonly dedupKey: string;
  readonly message: AlertMessage;
}

/**
 * Where alerts go. Contract (suite: `@scouter/testkit` `alertChannelContract`):
 *
 * - `deliver` makes one attempt and resolves when the message was taken; whoever calls it decides about the next one.
 * - The kind of a rejection says whether another attempt may help: `busy`, `timeout` and `unavailable` may, with the pause
 *   in `retryAfterMs` when the provider named one; the others are for good.
 * - It ends soon after the signal aborts.
 * - The provider is handed `dedupKey`, or a digest of it, where it has a place for one.
 * - Errors hold no key, token, URL or text of the provider.
 * - What the provider takes at most is cut to size, never refused.
 */
export interface AlertChannel {
  /** For the delivery log, and `Other` in a profile's dispatch_config. Lower case. */
  readonly name: string;
  deliver(delivery: Delivery, signal: AbortSignal): Promise<void>;
}
