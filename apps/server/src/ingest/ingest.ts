import { isScouterError, type Clock, type TagRecord } from "@scouter/contracts";
import type { Database, ItemOutcome, ReceivedMessage } from "@scouter/database";
import type { IngestReply, IngestRequest, TraceLake } from "@scouter/lake";
import type { IngestConfig } from "../config/config.ts";
import { Channel, type ChannelObserver, type Settled } from "./channel.ts";
import { runConsumers, type BatchHandler } from "./consumer-pool.ts";
import { regroup } from "./regroup.ts";
import { settleByHalves } from "./settle-by-halves.ts";
import { spanBatchHandler } from "./span-batch.ts";

export type ChannelName = "records" | "traces" | "tags";

export interface IngestParts {
  readonly database: Pick<Database, "messages" | "tags" | "traceBaggage">;
  readonly lake: Pick<TraceLake, "ingest">;
  readonly clock: Clock;
  readonly config: IngestConfig;
  readonly events: IngestEvents;
}

/** What the ingest tells of itself, for logs and metrics. None may throw. */
export interface IngestEvents {
  channelObserver(channel: ChannelName): ChannelObserver;
  onRecordsStored(count: number): void;
  /** Data that was answered before it was stored (`SCOUTER_INGEST_ACK=queued`) and then could not be stored. */
  onLostAfterReply(channel: ChannelName, error: unknown): void;
  /** Tags found on spans that are stored themselves; the spans' attributes still hold them. */
  onSpanTagsLost(count: number, error: unknown): void;
}

const MAX_CHANNEL_BYTES = 64 * 2 ** 20;
const channelCapacity: Readonly<Record<ChannelName, number>> = {
  records: 1000,
  traces: 500,
  tags: 200,
};

/**
 * The way of everything that is sent to us: a bounded channel per kind, consumers that put many messages into one
 * transaction, and the answer after the commit. Each method throws at once when its channel is full or closed.
 */
export class Ingest {
  readonly #channels: {
    readonly records: Channel<ReceivedMessage, readonly ItemOutcome[]>;
    readonly traces: Channel<IngestRequest, IngestReply>;
    readonly tags: Channel<readonly TagRecord[], readonly Settled<void>[]>;
  };
  readonly #parts: IngestParts;
  #running: Promise<unknown> = Promise.resolve();

  constructor(parts: IngestParts) {
    this.#parts = parts;
    this.#channels = {
      records: this.#channel("records"),
      traces: this.#channel("traces"),
      tags: this.#channel("tags"),
    };
  }

  start(): void {
    const { config } = this.#parts;
    const { records, traces, tags } = this.#channels;
    this.#running = Promise.all([
      runConsumers(records, config.recordConsumers, this.#storeRecords),
      runConsumers(traces, config.traceConsumers, spanBatchHandler(this.#parts)),
      runConsumers(tags, config.tagConsumers, this.#storeTags),
    ]);
  }

  /** One outcome per item, in order. */
  records(message: ReceivedMessage, sizeBytes: number): Promise<readonly ItemOutcome[]> {
    const stored = this.#channels.records.offer(message, sizeBytes);
    if (this.#durable) return stored;
    this.#reportUnstored(stored);
    return Promise.resolve(message.items.map(() => "stored"));
  }

  /** One outcome per tag, in order. */
  tags(tags: readonly TagRecord[], sizeBytes: number): Promise<readonly Settled<void>[]> {
    const stored = this.#channels.tags.offer(tags, sizeBytes);
    if (this.#durable) return stored;
    this.#reportLosses("tags", stored);
    return Promise.resolve(tags.map(() => ({ status: "done", result: undefined })));
  }

  spans(request: IngestRequest): Promise<IngestReply> {
    const stored = this.#channels.traces.offer(request, request.body.byteLength);
    if (this.#durable) return stored;
    stored.catch((error: unknown) => this.#parts.events.onLostAfterReply("traces", error));
    return Promise.resolve(UNKNOWN_REPLY);
  }

  depth(channel: ChannelName): { readonly messages: number; readonly bytes: number } {
    const { depth, heldBytes } = this.#channels[channel];
    return { messages: depth, bytes: heldBytes };
  }

  /** Refuses new messages; resolves when all that were admitted are answered. */
  async drain(): Promise<void> {
    for (const channel of Object.values(this.#channels)) channel.close();
    await this.#running;
  }

  /** Answers what still waits with `SERVER_STOPPING`. */
  abort(): void {
    for (const channel of Object.values(this.#channels)) channel.abort();
  }

  #channel<Message, Result>(name: ChannelName): Channel<Message, Result> {
    return new Channel({
      name,
      maxMessages: channelCapacity[name],
      maxBytes: MAX_CHANNEL_BYTES,
      clock: this.#parts.clock,
      observer: this.#parts.events.channelObserver(name),
    });
  }

  get #durable(): boolean {
    return this.#parts.config.acknowledge === "durable";
  }

  /** For senders who were answered before: what they cannot be told any more goes to the log. */
  #reportLosses(channel: ChannelName, stored: Promise<readonly Settled<unknown>[]>): void {
    const report = (error: unknown) => this.#parts.events.onLostAfterReply(channel, error);
    stored.then((outcomes) => {
      for (const outcome of outcomes) if (outcome.status === "failed") report(outcome.error);
    }, report);
  }

  #reportUnstored(stored: Promise<readonly ItemOutcome[]>): void {
    const report = (error: unknown) => this.#parts.events.onLostAfterReply("records", error);
    stored.then((outcomes) => {
      for (const outcome of outcomes) {
        if (outcome === "stored" || outcome === "duplicate") continue;
        report(typeof outcome === "string" ? new Error(outcome) : outcome);
      }
    }, report);
  }

  readonly #storeRecords: BatchHandler<ReceivedMessage, readonly ItemOutcome[]> = (messages) =>
    settleByHalves(messages, async (part) => {
      const outcomes = await this.#storeMessages(part);
      const isNew = (outcome: ItemOutcome) => outcome === "stored";
      this.#parts.events.onRecordsStored(outcomes.flat().filter(isNew).length);
      return outcomes;
    });

  /** A message that stands alone and cannot be stored as a whole is stored but for its guilty items. */
  async #storeMessages(
    part: readonly ReceivedMessage[],
  ): Promise<readonly (readonly ItemOutcome[])[]> {
    const { messages } = this.#parts.database;
    try {
      return await messages.store(part);
    } catch (error) {
      const [only] = part;
      const innocent = isScouterError(error) && error.retryable;
      if (innocent || only === undefined || part.length > 1) throw error;
      return [await messages.storeItems(only)];
    }
  }

  readonly #storeTags: BatchHandler<readonly TagRecord[], readonly Settled<void>[]> = async (
    messages,
  ) => {
    const outcomes = await settleByHalves(messages.flat(), async (tags) => {
      await this.#parts.database.tags.upsert(tags);
      return tags.map(() => undefined);
    });
    return eachMessage(messages, outcomes);
  };
}

/** What a sender is told who did not want to wait: nothing was refused so far. */
const UNKNOWN_REPLY: IngestReply = {
  accepted: 0,
  rejected: [],
  duplicate: false,
};

/**
 * A message whose every item can be sent again and none stays unknown: when one of its items met an error that is not
 * its fault, the whole message is answered with that error. Items are stored by identity, so a repeat stores once.
 */
function eachMessage<Result>(
  messages: readonly (readonly unknown[])[],
  outcomes: readonly Settled<Result>[],
): readonly Settled<readonly Settled<Result>[]>[] {
  const groups = regroup(
    outcomes,
    messages.map((message) => message.length),
  );
  return groups.map((group) => {
    const retry = group.find(
      (outcome) =>
        outcome.status === "failed" && isScouterError(outcome.error) && outcome.error.retryable,
    );
    return retry?.status === "failed" ? retry : { status: "done", result: group };
  });
}
