import type { Clock } from "@scouter/contracts";
import { errors } from "../errors.ts";

export interface ChannelOptions {
  readonly name: string;
  /** Most messages held: waiting or under way. */
  readonly maxMessages: number;
  /**
   * Most bytes held. A message that is larger than this alone is admitted when nothing else is held, or it could
   * never pass.
   */
  readonly maxBytes: number;
  readonly clock: Clock;
  readonly observer?: ChannelObserver;
}

/** Told of what happens, for metrics. Must not throw. */
export interface ChannelObserver {
  onRefused(): void;
  onTaken(waitMs: number): void;
  onSettled(outcome: "done" | "failed"): void;
}

export type Settled<Result> =
  | { readonly status: "done"; readonly result: Result }
  | { readonly status: "failed"; readonly error: unknown };

/** A message on its way through the channel. */
export interface Delivery<Message, Result> {
  readonly message: Message;
  readonly sizeBytes: number;
  /** Answers the sender, once; later calls do nothing. */
  settle(outcome: Settled<Result>): void;
}

interface Waiting<Message, Result> extends Delivery<Message, Result> {
  readonly offeredAtMs: number;
}

export interface BatchLimits {
  readonly maxMessages: number;
  readonly maxBytes: number;
}

/**
 * A queue in memory between the listeners and the consumers, bounded by count and bytes.
 *
 * - `offer` throws at once when the channel is full (`SERVER_CHANNEL_FULL`) or closed (`SERVER_STOPPING`); otherwise its
 *   promise settles exactly once, with what the consumer answered.
 * - `take` gives each message to one consumer, in the order of the offers; after `close` it drains what waits and then
 *   resolves with an empty batch.
 * - `abort` closes and answers everything that still waits with `SERVER_STOPPING`; what is under way is its consumer's.
 */
export class Channel<Message, Result> {
  readonly name: string;
  readonly #options: ChannelOptions;
  readonly #waiting: Waiting<Message, Result>[] = [];
  readonly #takers: (() => void)[] = [];
  #heldMessages = 0;
  #heldBytes = 0;
  #closed = false;

  constructor(options: ChannelOptions) {
    this.name = options.name;
    this.#options = options;
  }

  /** Messages held: waiting or under way. */
  get depth(): number {
    return this.#heldMessages;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Not async, so that a refusal is known before the sender's data is touched. */
  offer(message: Message, sizeBytes: number): Promise<Result> {
    this.#admit(sizeBytes);
    return new Promise<Result>((resolve, reject) => {
      let settled = false;
      const settle = (outcome: Settled<Result>) => {
        if (settled) return;
        settled = true;
        this.#letGo(sizeBytes);
        this.#options.observer?.onSettled(outcome.status);
        if (outcome.status === "done") resolve(outcome.result);
        else reject(outcome.error);
      };
      const offeredAtMs = this.#options.clock.monotonicMs();
      this.#waiting.push({ message, sizeBytes, settle, offeredAtMs });
      this.#takers.shift()?.();
    });
  }

  /** Waits for at least one message; empty only when the channel is closed and drained. */
  async take(limits: BatchLimits): Promise<readonly Delivery<Message, Result>[]> {
    while (this.#waiting.length === 0) {
      if (this.#closed) return [];
      await new Promise<void>((resolve) => this.#takers.push(resolve));
    }
    return this.#nextBatch(limits);
  }

  close(): void {
    this.#closed = true;
    for (const wake of this.#takers.splice(0)) wake();
  }

  abort(): void {
    this.close();
    for (const delivery of this.#waiting.splice(0)) {
      delivery.settle({ status: "failed", error: errors.SERVER_STOPPING({}) });
    }
  }

  #admit(sizeBytes: number): void {
    if (this.#closed) throw errors.SERVER_STOPPING({});
    const { name, maxMessages, maxBytes, observer } = this.#options;
    const fits =
      this.#heldMessages === 0 ||
      (this.#heldMessages < maxMessages && this.#heldBytes + sizeBytes <= maxBytes);
    if (!fits) {
      observer?.onRefused();
      const given = { channel: name, depth: this.#heldMessages, bytes: this.#heldBytes };
      throw errors.SERVER_CHANNEL_FULL(given, { retryAfterMs: 1000 });
    }
    this.#heldMessages += 1;
    this.#heldBytes += sizeBytes;
  }

  #letGo(sizeBytes: number): void {
    this.#heldMessages -= 1;
    this.#heldBytes -= sizeBytes;
  }

  #nextBatch(limits: BatchLimits): readonly Delivery<Message, Result>[] {
    let bytes = 0;
    let count = 0;
    for (const { sizeBytes } of this.#waiting) {
      if (count > 0 && (count >= limits.maxMessages || bytes + sizeBytes > limits.maxBytes)) break;
      count += 1;
      bytes += sizeBytes;
    }
    const now = this.#options.clock.monotonicMs();
    const batch = this.#waiting.splice(0, count);
    for (const { offeredAtMs } of batch) this.#options.observer?.onTaken(now - offeredAtMs);
    return batch;
  }
}
