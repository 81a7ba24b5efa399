import type { Clock } from "@scouter/contracts";
import type { Consumer, EachBatchPayload, KafkaMessage } from "kafkajs";
import type { KafkaConfig } from "../config/config.ts";
import type { BrokerConsumer, BrokerEvents } from "./broker-consumer.ts";
import type { BrokerIntake, BrokerMessage } from "./broker-intake.ts";
import { kafkaClient } from "./kafka-client.ts";
import { textHeader } from "./text-header.ts";

export interface KafkaConsumerParts {
  readonly config: KafkaConfig;
  readonly intake: BrokerIntake;
  readonly events: BrokerEvents;
  readonly clock: Clock;
}

/** Messages of a partition that are under way at once: they share transactions. */
const MESSAGES_AT_ONCE = 64;
/** Some of these in a session's time keep the partition, while the database is away. */
const HEARTBEAT_MS = 1_500;
const SESSION_MS = 6_000;
const PAUSE_AFTER_TROUBLE_MS = 1_000;

/**
 * A consumer group of Kafka. Offsets are committed after the store, in the order of the partition: a message is stored
 * before its offset is, so after a crash or a move of the partition some come again, and are recognised by the sender's
 * number or by topic, partition, offset and time.
 */
export class KafkaConsumer implements BrokerConsumer {
  readonly broker = "kafka";
  readonly #parts: KafkaConsumerParts;
  readonly #ending = new AbortController();
  readonly #stop = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(parts: KafkaConsumerParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#running = this.#consume();
  }

  async drain(): Promise<void> {
    this.#ending.abort();
    await this.#running;
  }

  abort(): void {
    this.#ending.abort();
    this.#stop.abort();
  }

  /** kafkajs connects again by itself after most troubles and gives up after some; then we start it again. */
  async #consume(): Promise<void> {
    const { events, clock } = this.#parts;
    const { signal } = this.#ending;
    while (!signal.aborted) {
      try {
        await this.#untilCrash();
      } catch (error) {
        events.onTrouble(this.broker, error);
      }
      await clock.sleep(PAUSE_AFTER_TROUBLE_MS, signal).catch(() => undefined);
    }
  }

  async #untilCrash(): Promise<void> {
    const { config, events } = this.#parts;
    const kafka = await kafkaClient(config, (message) =>
      events.onTrouble(this.broker, new Error(message)),
    );
    const consumer = kafka.consumer({
      groupId: config.group,
      sessionTimeout: SESSION_MS,
      heartbeatInterval: HEARTBEAT_MS,
      allowAutoTopicCreation: true,
      retry: { retries: 5, initialRetryTime: 200, maxRetryTime: 5_000 },
    });
    const ended = Promise.withResolvers<void>();
    consumer.on(consumer.events.GROUP_JOIN, () => events.onConnected(this.broker));
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      // With `restart` it goes on by itself.
      if (payload.restart) events.onTrouble(this.broker, payload.error);
      else ended.reject(payload.error);
    });
    const onEnding = () => ended.resolve();
    this.#ending.signal.addEventListener("abort", onEnding, { once: true });
    try {
      await consumer.connect();
      await consumer.subscribe({
        topics: [...config.topics],
        fromBeginning: config.offsetReset === "earliest",
      });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: config.consumers,
        eachBatch: (payload) => this.#handleBatch(payload, consumer),
      });
      if (!this.#ending.signal.aborted) await ended.promise;
    } finally {
      this.#ending.signal.removeEventListener("abort", onEnding);
      await consumer.disconnect().catch((error: unknown) => events.onTrouble(this.broker, error));
    }
  }

  async #handleBatch(payload: EachBatchPayload, consumer: Consumer): Promise<void> {
    const { topic, partition, messages } = payload.batch;
    for (let start = 0; start < messages.length; start += MESSAGES_AT_ONCE) {
      if (!payload.isRunning() || payload.isStale() || this.#ending.signal.aborted) return;
      const part = messages.slice(start, start + MESSAGES_AT_ONCE);
      const done = await this.#handlePart(part, topic, partition, payload);
      const last = done.at(-1);
      if (last !== undefined) {
        payload.resolveOffset(last.offset);
        await this.#commit(consumer, topic, partition, last.offset);
      }
      if (done.length < part.length) return;
    }
  }

  /** @returns the messages at the beginning that are done: an offset may only be committed when all before it are */
  async #handlePart(
    messages: readonly KafkaMessage[],
    topic: string,
    partition: number,
    payload: EachBatchPayload,
  ): Promise<readonly KafkaMessage[]> {
    const { clock, intake, events } = this.#parts;
    const finished = new AbortController();
    const keepPartition = async () => {
      while (!finished.signal.aborted) {
        await payload.heartbeat().catch((error: unknown) => events.onTrouble(this.broker, error));
        await clock.sleep(HEARTBEAT_MS, finished.signal).catch(() => undefined);
      }
    };
    const keeping = keepPartition();
    const fates = await Promise.all(
      messages.map((message) =>
        intake.take(messageOf(message, topic, partition), this.#stop.signal),
      ),
    );
    finished.abort();
    await keeping;
    const left = fates.indexOf("left");
    return left < 0 ? messages : messages.slice(0, left);
  }

  async #commit(consumer: Consumer, topic: string, partition: number, offset: string) {
    try {
      const next = String(BigInt(offset) + 1n);
      await consumer.commitOffsets([{ topic, partition, offset: next }]);
    } catch (error) {
      this.#parts.events.onAckFailed(this.broker, error);
    }
  }
}

function messageOf(message: KafkaMessage, topic: string, partition: number): BrokerMessage {
  const { offset, timestamp, value, headers } = message;
  return {
    broker: "kafka",
    body: value ?? Buffer.alloc(0),
    header: (name) => textHeader(headers?.[name]),
    origin: `${topic}/${partition}@${offset}`,
    // With the time, so that a topic which was deleted and made again does not repeat itself.
    place: {
      producer: `kafka:${topic}/${partition}@${timestamp}`,
      sequence: Number(offset),
      numberedBy: "broker",
    },
  };
}
