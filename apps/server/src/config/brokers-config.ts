import type { Values } from "./values.ts";

/** Brokers that messages are taken from; a broker is absent without its address. Passwords are never logged. */
export interface BrokersConfig {
  readonly kafka: KafkaConfig | undefined;
  readonly rabbitmq: RabbitmqConfig | undefined;
  readonly redis: RedisConfig | undefined;
}

export interface KafkaConfig {
  /** `host:port` */
  readonly brokers: readonly string[];
  /** Partitions at the same time. */
  readonly consumers: number;
  readonly topics: readonly string[];
  readonly group: string;
  readonly offsetReset: "earliest" | "latest";
  readonly sasl: KafkaLogin | undefined;
  /** Without a file, the machine's own certificate authorities. */
  readonly tls: { readonly certificateFile: string | undefined } | undefined;
}

export interface KafkaLogin {
  readonly mechanism: "plain" | "scram-sha-256" | "scram-sha-512";
  readonly username: string;
  readonly password: string;
}

export interface RabbitmqConfig {
  readonly url: string;
  readonly consumers: number;
  /** Messages of one consumer at the same time. */
  readonly prefetch: number;
  readonly queue: string;
  readonly consumerTag: string;
}

export interface RedisConfig {
  readonly url: string;
  /** Of the stream; the channel has one subscriber over all processes. */
  readonly consumers: number;
  readonly channel: string;
  readonly stream: string;
  readonly group: string;
  /** After this long with one consumer, an entry may be taken by another. */
  readonly claimMs: number;
}

const mechanisms = {
  PLAIN: "plain",
  "SCRAM-SHA-256": "scram-sha-256",
  "SCRAM-SHA-512": "scram-sha-512",
} as const;

export function isHalfKafkaLogin({ KAFKA_USERNAME, KAFKA_PASSWORD }: Values): boolean {
  return (KAFKA_USERNAME === undefined) !== (KAFKA_PASSWORD === undefined);
}

export function brokersOf(values: Values): BrokersConfig {
  return { kafka: kafkaOf(values), rabbitmq: rabbitmqOf(values), redis: redisOf(values) };
}

function kafkaOf(values: Values): KafkaConfig | undefined {
  if (values.KAFKA_BROKERS === undefined) return undefined;
  const { KAFKA_USERNAME: username, KAFKA_PASSWORD: password } = values;
  const hasLogin = username !== undefined && password !== undefined;
  const protocol = values.KAFKA_SECURITY_PROTOCOL ?? (hasLogin ? "SASL_SSL" : "PLAINTEXT");
  const mechanism = mechanisms[values.KAFKA_SASL_MECHANISM];
  return {
    brokers: values.KAFKA_BROKERS,
    consumers: values.KAFKA_WORKER_COUNT,
    topics: values.KAFKA_TOPIC,
    group: values.KAFKA_GROUP,
    offsetReset: values.KAFKA_OFFSET_RESET,
    sasl: hasLogin && protocol.startsWith("SASL") ? { mechanism, username, password } : undefined,
    tls: protocol.endsWith("SSL") ? { certificateFile: values.KAFKA_CERT_LOCATION } : undefined,
  };
}

function rabbitmqOf(values: Values): RabbitmqConfig | undefined {
  if (values.RABBITMQ_ADDR === undefined) return undefined;
  return {
    url: values.RABBITMQ_ADDR,
    consumers: values.RABBITMQ_CONSUMER_COUNT,
    prefetch: values.RABBITMQ_PREFETCH_COUNT,
    queue: values.RABBITMQ_QUEUE,
    consumerTag: values.RABBITMQ_CONSUMER_TAG,
  };
}

function redisOf(values: Values): RedisConfig | undefined {
  if (values.REDIS_ADDR === undefined) return undefined;
  return {
    url: values.REDIS_ADDR,
    consumers: values.REDIS_CONSUMER_COUNT,
    channel: values.REDIS_CHANNEL,
    stream: values.SCOUTER_REDIS_STREAM ?? values.REDIS_CHANNEL,
    group: values.SCOUTER_REDIS_GROUP,
    claimMs: values.SCOUTER_REDIS_CLAIM_SECS * 1000,
  };
}
