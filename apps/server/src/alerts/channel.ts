import type { AlertMessage } from "./alert-message.ts";

/** Something to tell, with the key that is the same on every attempt: a channel that can, drops repeats by it. */
export interface Delivery {
  readonly dedupKey: string;
  readonly message: AlertMessage;
}

/** Where alerts go. */
export interface AlertChannel {
  /** For the delivery log. */
  readonly name: string;
  /**
   * Resolves when the message was taken. A rejection of kind `invalid`, `forbidden` or `not-found` is for good, every
   * other one is tried again. Ends soon after the signal aborts.
   */
  deliver(delivery: Delivery, signal: AbortSignal): Promise<void>;
}
