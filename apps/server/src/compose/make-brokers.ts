import type { Clock } from "@scouter/contracts";
import type { Database } from "@scouter/database";
import type { BrokerConsumer, BrokerEvents, BrokerName } from "../broker/broker-consumer.ts";
import { BrokerIntake, type BrokerIntakeEvents } from "../broker/broker-intake.ts";
import { KafkaConsumer } from "../broker/kafka-consumer.ts";
import { RabbitmqConsumer } from "../broker/rabbitmq-consumer.ts";
import { RedisChannelConsumer } from "../broker/redis-channel-consumer.ts";
import { RedisStreamConsumer } from "../broker/redis-stream-consumer.ts";
import type { BrokersConfig } from "../config/config.ts";
import type { Ingest } from "../ingest/ingest.ts";
import type { Logger } from "../log/make-logger.ts";
import { messageParts } from "../message/store-message.ts";
import type { ServerMetrics } from "../metrics/server-metrics.ts";

export interface BrokerSystemParts {
  readonly config: { readonly brokers: BrokersConfig };
  readonly database: Database;
  readonly ingest: Ingest;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  readonly metrics: ServerMetrics;
  /** Unique over processes. */
  readonly processName: string;
}

/** A consumer for each broker that the configuration names. */
export function makeBrokers(parts: BrokerSystemParts) {
  const consumers = consumersOf(parts);
  return {
    start() {
      for (const consumer of consumers) consumer.start();
    },
    drain: () => Promise.all(consumers.map((consumer) => consumer.drain())),
    abort() {
      for (const consumer of consumers) consumer.abort();
    },
  };
}

function consumersOf(parts: BrokerSystemParts): readonly BrokerConsumer[] {
  const { config, database, clock, random, metrics, processName } = parts;
  const { kafka, rabbitmq, redis } = config.brokers;
  const intake = new BrokerIntake({
    message: messageParts(parts),
    database,
    clock,
    random,
    events: intakeEvents(parts),
  });
  const events = brokerEvents(parts);
  const consumers: BrokerConsumer[] = [];
  if (kafka !== undefined)
    consumers.push(new KafkaConsumer({ config: kafka, intake, events, clock }));
  if (rabbitmq !== undefined) consumers.push(new RabbitmqConsumer(rabbitmq, intake, events));
  if (redis !== undefined) {
    const onLost = (messages: number) =>
      metrics.brokerMessages.inc({ broker: "redis-channel", outcome: "lost" }, messages);
    consumers.push(
      new RedisStreamConsumer({ config: redis, intake, events, clock, processName }),
      new RedisChannelConsumer({
        config: redis,
        database,
        intake,
        clock,
        processName,
        events: { ...events, onLost },
      }),
    );
  }
  return consumers;
}

function intakeEvents({ logger, metrics }: BrokerSystemParts): BrokerIntakeEvents {
  return {
    onDone: (broker, outcome) => metrics.brokerMessages.inc({ broker, outcome }),
    onParked({ broker, origin }, code, reason) {
      logger.warn({ broker, origin, code, reason }, "a message was parked");
    },
    onHeldUp(broker, err, pauseMs) {
      metrics.brokerErrors.inc({ broker });
      logger.debug({ err, broker, pauseMs }, "a message waits");
    },
  };
}

/** A broker that is away is said once, not once a try. */
function brokerEvents({ logger, metrics }: BrokerSystemParts): BrokerEvents {
  const troubled = new Set<BrokerName>();
  return {
    onConnected(broker) {
      troubled.delete(broker);
      logger.info({ broker }, "connected to the broker");
    },
    onTrouble(broker, err) {
      metrics.brokerErrors.inc({ broker });
      if (troubled.has(broker)) return logger.debug({ err, broker }, "trouble with the broker");
      troubled.add(broker);
      logger.warn({ err, broker }, "trouble with the broker; it is tried again");
    },
    onAckFailed(broker, err) {
      metrics.brokerAckErrors.inc({ broker });
      logger.debug({ err, broker }, "the broker could not be told that a message is stored");
    },
  };
}
