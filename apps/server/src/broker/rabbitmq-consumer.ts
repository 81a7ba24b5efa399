import type { Connection, Consumer, Publisher } from "rabbitmq-client";
import type { RabbitmqConfig } from "../config/config.ts";
import type { BrokerConsumer, BrokerEvents } from "./broker-consumer.ts";
import type { BrokerIntake, BrokerMessage, MessageFate } from "./broker-intake.ts";
import { textHeader } from "./text-header.ts";

interface Delivery {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, unknown>> | undefined;
  readonly deliveryTag: number;
  readonly redelivered: boolean;
}

const MIN_RECONNECT_MS = 200;
const MAX_RECONNECT_MS = 5_000;
/** What `rabbitmq-client` takes for "acknowledge" and for "put it back into the queue". */
const ACKNOWLEDGE = 0;
const REQUEUE = 1;

/**
 * A durable queue of RabbitMQ, with as many consumers as configured on one connection. Acknowledged after the store, put
 * back when the server stops. What was parked goes to the queue `<queue>.dead` as well, where RabbitMQ's own tools find
 * it; the queue itself is declared without arguments, since senders declare it too and have to agree.
 */
export class RabbitmqConsumer implements BrokerConsumer {
  readonly broker = "rabbitmq";
  readonly #config: RabbitmqConfig;
  readonly #intake: BrokerIntake;
  readonly #events: BrokerEvents;
  readonly #stop = new AbortController();
  #connection: Connection | undefined;
  #consumers: readonly Consumer[] = [];
  #deadLetters: Publisher | undefined;
  #starting: Promise<void> = Promise.resolve();
  #drained: Promise<void> | undefined;

  constructor(config: RabbitmqConfig, intake: BrokerIntake, events: BrokerEvents) {
    this.#config = config;
    this.#intake = intake;
    this.#events = events;
  }

  start(): void {
    this.#starting = this.#start().catch((error: unknown) =>
      this.#events.onTrouble(this.broker, error),
    );
  }

  drain(): Promise<void> {
    return (this.#drained ??= this.#drain());
  }

  abort(): void {
    this.#stop.abort();
  }

  async #start(): Promise<void> {
    const { Connection } = await import("rabbitmq-client");
    const { url, consumers, prefetch, queue, consumerTag } = this.#config;
    const connection = new Connection({
      url,
      retryLow: MIN_RECONNECT_MS,
      retryHigh: MAX_RECONNECT_MS,
      connectionName: "scouter server",
    });
    const trouble = (error: unknown) => this.#events.onTrouble(this.broker, error);
    connection.on("error", trouble);
    connection.on("connection", () => this.#events.onConnected(this.broker));
    this.#connection = connection;
    this.#deadLetters = connection.createPublisher({
      confirm: true,
      queues: [{ queue: deadLetterQueue(queue), durable: true }],
    });
    this.#consumers = Array.from({ length: consumers }, (_, index) => {
      const consumer = connection.createConsumer(
        {
          queue,
          queueOptions: { queue, durable: true },
          qos: { prefetchCount: prefetch },
          concurrency: prefetch,
          consumerTag: `${consumerTag}-${index + 1}`,
        },
        (delivery) => this.#handle(delivery),
      );
      consumer.on("error", trouble);
      return consumer;
    });
  }

  /** Never rejects, or the client would put a poison message back at once, for ever. */
  async #handle(delivery: Delivery): Promise<typeof ACKNOWLEDGE | typeof REQUEUE> {
    const message = this.#messageOf(delivery);
    const fate = await this.#intake.take(message, this.#stop.signal);
    if (fate === "left") return REQUEUE;
    await this.#forwardParked(fate, delivery, message);
    return ACKNOWLEDGE;
  }

  async #forwardParked(fate: MessageFate, delivery: Delivery, { body }: BrokerMessage) {
    if (fate !== "parked") return;
    try {
      const envelope = { routingKey: deadLetterQueue(this.#config.queue), durable: true };
      const headers = { ...delivery.headers };
      await this.#deadLetters?.send({ ...envelope, headers }, asBuffer(body));
    } catch (error) {
      // It is parked in the database all the same.
      this.#events.onTrouble(this.broker, error);
    }
  }

  #messageOf({ body, headers }: Delivery): BrokerMessage {
    return {
      broker: this.broker,
      body: bytesOf(body),
      header: (name) => textHeader(headers?.[name]),
      origin: this.#config.queue,
      // RabbitMQ numbers deliveries, not messages.
      place: undefined,
    };
  }

  async #drain(): Promise<void> {
    await this.#starting;
    const connection = this.#connection;
    if (connection === undefined) return;
    try {
      if (!connection.ready) return connection.unsafeDestroy();
      // Closing a consumer waits for its messages under way.
      await Promise.all(this.#consumers.map((consumer) => consumer.close()));
      await this.#deadLetters?.close();
      await connection.close();
    } catch (error) {
      this.#events.onTrouble(this.broker, error);
    }
  }
}

function deadLetterQueue(queue: string): string {
  return `${queue}.dead`;
}

/** The client parses bodies of the type application/json; what it read as JSON is written again. */
function bytesOf(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body;
  if (typeof body === "string") return Buffer.from(body);
  return Buffer.from(JSON.stringify(body ?? null));
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
