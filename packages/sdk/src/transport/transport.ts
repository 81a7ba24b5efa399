/**
 * How batches of records leave the app. A batch is one `MessageRecord` (`{"records": [...]}`), already JSON.
 *
 * Contract (suite: `@scouter/testkit` `transportContract`):
 * - `send` makes one attempt and reports its end as a value; it rejects only when `signal` aborts.
 * - `acknowledged`: the server stored the batch (HTTP, gRPC) or the broker confirmed it (`capabilities.confirms`).
 *   `rejected` lists items that will never be accepted; the others of the batch are stored.
 * - `retry`: nothing is known to be stored; the same bytes with the same identity may be sent again, after
 *   `retryAfterMs` when given. `failed`: sending the same bytes again cannot help.
 * - Sends may overlap; `close` waits for those under way and is idempotent.
 */
export interface Transport {
  readonly name: string;
  readonly capabilities: TransportCapabilities;
  send(batch: OutgoingBatch, options?: { readonly signal?: AbortSignal }): Promise<SendResult>;
  close(): Promise<void>;
}

export interface TransportCapabilities {
  /** Who confirms a send: the server after storing, the broker, or nobody. Zero value: nobody. */
  readonly confirms: "nobody" | "broker" | "server";
  /** Largest batch accepted, bytes. */
  readonly maxBatchBytes: number;
}

export interface OutgoingBatch {
  /** UTF-8 JSON of one MessageRecord. */
  readonly body: Uint8Array;
  readonly itemCount: number;
  /** UUIDv7 of the producing process and the batch's number in it: a repeat keeps both. */
  readonly producer: string;
  readonly sequence: number;
  /**
   * What the producer counted until it made this batch, form encoded: `service=...&offered=12&sampled=2&full=0&invalid=0&closed=0`.
   * Kept with the batch in every repeat, sent where a transport has headers.
   */
  readonly delivery?: string;
}

export interface RejectedItem {
  /** Position in the batch, from 0. */
  readonly index: number;
  readonly code: string;
  readonly message: string;
}

export type SendResult =
  | { readonly outcome: "acknowledged"; readonly rejected: readonly RejectedItem[] }
  | { readonly outcome: "retry"; readonly reason: string; readonly retryAfterMs?: number }
  | { readonly outcome: "failed"; readonly code: string; readonly reason: string };
