import {
  amqpUrl,
  choice,
  decimal,
  hostList,
  integer,
  nameList,
  redisUrl,
  text,
} from "./value-schema.ts";
import { kept, ours } from "./variable.ts";

/** Settings of the brokers that messages are taken from; a broker without an address is off. */
export const brokerSettings = {
  KAFKA_BROKERS: kept(hostList, {
    default: undefined,
    purpose: "brokers of a Kafka cluster to take messages from; none are taken when unset",
  }),
  KAFKA_WORKER_COUNT: kept(integer(1, 64), {
    default: "3",
    purpose: "partitions that this process works on at the same time",
  }),
  KAFKA_TOPIC: kept(nameList, {
    default: "scouter_monitoring",
    purpose: "topics to take messages from",
  }),
  KAFKA_GROUP: kept(text, {
    default: "scouter",
    purpose: "consumer group; every process of one database is in the same group",
  }),
  KAFKA_OFFSET_RESET: kept(choice("earliest", "latest"), {
    default: "earliest",
    purpose: "where a new consumer group begins",
  }),
  KAFKA_USERNAME: kept(text, { default: undefined, purpose: "login of Kafka (SASL)" }),
  KAFKA_PASSWORD: kept(text, {
    default: undefined,
    secret: true,
    purpose: "password of KAFKA_USERNAME",
  }),
  KAFKA_CERT_LOCATION: kept(text, {
    default: undefined,
    purpose:
      "file with the certificate authority that signed the brokers' certificates; the machine's own when unset",
  }),
  KAFKA_SECURITY_PROTOCOL: kept(choice("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"), {
    default: undefined,
    purpose: "how Kafka is spoken to; SASL_SSL with a login and PLAINTEXT without one when unset",
  }),
  KAFKA_SASL_MECHANISM: kept(choice("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"), {
    default: "PLAIN",
    purpose: "how the login is proved to Kafka",
  }),
  RABBITMQ_ADDR: kept(amqpUrl, {
    default: undefined,
    secret: true,
    purpose: "RabbitMQ to take messages from; none are taken when unset",
  }),
  RABBITMQ_CONSUMER_COUNT: kept(integer(1, 64), {
    default: "3",
    purpose: "consumers of the queue in this process",
  }),
  RABBITMQ_PREFETCH_COUNT: kept(integer(1, 10_000, "messages"), {
    default: "10",
    purpose: "messages that each consumer works on at the same time",
  }),
  RABBITMQ_QUEUE: kept(text, {
    default: "scouter_monitoring",
    purpose:
      "queue to take messages from, declared durable; what can never be stored goes to the queue of this name with .dead behind it",
  }),
  RABBITMQ_CONSUMER_TAG: kept(text, {
    default: "scouter",
    purpose: "what the consumers are called in RabbitMQ, with their number behind it",
  }),
  REDIS_ADDR: kept(redisUrl, {
    default: undefined,
    secret: true,
    purpose: "Redis to take messages from, a stream and a channel; none are taken when unset",
  }),
  REDIS_CONSUMER_COUNT: kept(integer(1, 64), {
    default: "3",
    purpose: "consumers of the stream in this process; a channel has one subscriber in all",
  }),
  REDIS_CHANNEL: kept(text, {
    default: "scouter_monitoring",
    purpose: "channel that other clients publish on",
  }),
  SCOUTER_REDIS_STREAM: ours(text, {
    default: undefined,
    purpose: "key of the stream; the name in REDIS_CHANNEL when unset",
  }),
  SCOUTER_REDIS_GROUP: ours(text, {
    default: "scouter",
    purpose: "consumer group of the stream; every process of one database is in the same group",
  }),
  SCOUTER_REDIS_CLAIM_SECS: ours(decimal(0.1, 86_400, "seconds"), {
    default: "30",
    purpose: "how long an entry may stay with a consumer before another takes it over",
  }),
} as const;
