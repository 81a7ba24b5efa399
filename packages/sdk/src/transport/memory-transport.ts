import type { OutgoingBatch, SendResult, Transport } from "./transport.ts";

/** What the transport does with the next send: a result, or a function that makes one and may wait for `signal`. */
export type MemoryStep =
  | SendResult
  | ((batch: OutgoingBatch, signal: AbortSignal | undefined) => SendResult | Promise<SendResult>);

export interface MemoryTransport extends Transport {
  /** Every batch that was offered, repeats included, in order. */
  readonly sent: readonly OutgoingBatch[];
}

export declare function memoryTransport(options?: {
  readonly script?: readonly MemoryStep[];
}): MemoryTransport;
