import { sendsUnderWay } from "./sends-under-way.ts";
import { untilAborted } from "./until-aborted.ts";
import type { OutgoingBatch, SendResult, Transport } from "./transport.ts";

/** What the transport does with the next send: a result, or a function that makes one and may wait for `signal`. */
export type MemoryStep =
  | SendResult
  | ((batch: OutgoingBatch, signal: AbortSignal | undefined) => SendResult | Promise<SendResult>);

export interface MemoryTransportOptions {
  /** One step per send, in order; every send after the last step is acknowledged. */
  readonly script?: readonly MemoryStep[];
  /** Largest batch accepted, default 10 MiB. */
  readonly maxBatchBytes?: number;
}

export interface MemoryTransport extends Transport {
  /** Every batch that was offered, repeats included, in order. */
  readonly sent: readonly OutgoingBatch[];
}

/** A transport that goes nowhere: for tests of an app, and to try a queue without a server. */
export function memoryTransport(options: MemoryTransportOptions = {}): MemoryTransport {
  const sends = sendsUnderWay();
  const sent: OutgoingBatch[] = [];

  async function attempt(batch: OutgoingBatch, signal: AbortSignal | undefined) {
    signal?.throwIfAborted();
    const step = options.script?.[sent.length];
    sent.push(batch);
    if (step === undefined) return { outcome: "acknowledged", rejected: [] } as const;
    return typeof step === "function" ? untilAborted(step(batch, signal), signal) : step;
  }

  return {
    name: "memory",
    capabilities: {
      confirms: "server",
      maxBatchBytes: options.maxBatchBytes ?? 10 * 1024 * 1024,
    },
    sent,
    send: (batch, { signal } = {}) => sends.run(() => attempt(batch, signal)),
    close: () => sends.close(),
  };
}
