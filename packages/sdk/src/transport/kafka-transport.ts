import type { Producer, SASLOptions } from "kafkajs";
import { checkedTimeoutMs } from "../client/http-request.ts";
import { loadPeer } from "../peer/load-peers.ts";
import { brokerTransport, confirmed } from "./broker-transport.ts";
import { identityHeaders } from "./identity-headers.ts";
import type { SendResult, Transport } from "./transport.ts";

export interface KafkaTransportOptions {
  /** `host:port`, some of the cluster's brokers; default `["localhost:9092"]`. */
  readonly brokers?: readonly string[];
  /** Default `scouter_monitoring`. */
  readonly topic?: string;
  /** Login; without it the connection is plain unless `tls` says otherwise. */
  readonly sasl?: {
    readonly mechanism?: "plain" | "scram-sha-256" | "scram-sha-512";
    readonly username: string;
    readonly password: string;
  };
  /** Default: with a login yes, without one no. */
  readonly tls?: boolean;
  /** Default `gzip`. */
  readonly compression?: "none" | "gzip";
  /** Limit of one attempt, connecting included; default 30,000. */
  readonly timeoutMs?: number;
}

/** Kafka's own default limit of a message, less room for its frame and headers. */
const MAX_BATCH_BYTES = 1_000_000;
const ALL_REPLICAS = -1;

/**
 * Sends batches to a topic of Kafka, acknowledged by all in-sync replicas. A message may be in the topic twice after a
 * lost reply; servers store it once. Needs the package `kafkajs`.
 *
 * @throws SDK_PEER_MISSING, SDK_OPTION_OUT_OF_RANGE
 */
export async function kafkaTransport(options: KafkaTransportOptions = {}): Promise<Transport> {
  const timeoutMs = checkedTimeoutMs(options.timeoutMs ?? 30_000);
  const { topic = "scouter_monitoring", sasl, compression = "gzip" } = options;
  const { default: kafkajs } = await loadPeer(
    "the Kafka transport",
    "kafkajs",
    () => import("kafkajs"),
  );
  const { CompressionTypes, Kafka, logLevel, Partitioners } = kafkajs;
  const kafka = new Kafka({
    clientId: "scouter-sdk",
    brokers: [...(options.brokers ?? ["localhost:9092"])],
    ...(sasl === undefined ? {} : { sasl: { mechanism: "plain", ...sasl } as SASLOptions }),
    ssl: options.tls ?? sasl !== undefined,
    connectionTimeout: Math.min(timeoutMs, 10_000),
    // Each attempt reports its own failure; the app's console is not ours.
    logLevel: logLevel.NOTHING,
  });
  const producer = kafka.producer({
    allowAutoTopicCreation: true,
    createPartitioner: Partitioners.DefaultPartitioner,
    // One attempt: the queue repeats, and counts it.
    retry: { retries: 0 },
  });
  const connection = connectionOf(producer);
  return brokerTransport({
    name: "kafka",
    capabilities: { confirms: "broker", maxBatchBytes: MAX_BATCH_BYTES },
    timeoutMs,
    async publish(batch, signal) {
      await connection.ready();
      // Given up meanwhile: sent now, it would only be a repeat.
      signal.throwIfAborted();
      const { body } = batch;
      const value = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
      try {
        await producer.send({
          topic,
          acks: ALL_REPLICAS,
          compression: compression === "gzip" ? CompressionTypes.GZIP : CompressionTypes.None,
          messages: [{ value, headers: identityHeaders(batch) }],
        });
        return confirmed;
      } catch (error) {
        const refusal = refusalOf(error);
        if (refusal !== undefined) return refusal;
        throw error;
      }
    },
    disconnect: () => connection.close(),
  });
}

interface KafkaConnection {
  ready(): Promise<void>;
  close(): Promise<void>;
}

/** One connecting at a time; one that failed is begun anew by the next send. */
function connectionOf(producer: Producer): KafkaConnection {
  let connecting: Promise<void> | undefined;
  return {
    ready() {
      connecting ??= producer.connect().catch((error: unknown) => {
        connecting = undefined;
        throw error;
      });
      return connecting;
    },
    async close() {
      if (connecting === undefined) return;
      await producer.disconnect().catch(() => {
        // Nothing is under way any more; a connection that fails to close changes nothing.
      });
    },
  };
}

/** What sending again cannot mend, by the names of the protocol's error codes. */
const REFUSALS: ReadonlySet<string> = new Set([
  "MESSAGE_TOO_LARGE",
  "RECORD_LIST_TOO_LARGE",
  "INVALID_TOPIC_EXCEPTION",
  "TOPIC_AUTHORIZATION_FAILED",
  "CLUSTER_AUTHORIZATION_FAILED",
]);

function refusalOf(error: unknown): SendResult | undefined {
  if (!(error instanceof Error)) return undefined;
  const type = "type" in error ? error.type : undefined;
  if (typeof type !== "string") return refusalOf(error.cause);
  if (!REFUSALS.has(type)) return undefined;
  return { outcome: "failed", code: `KAFKA_${type}`, reason: `kafka: ${error.message}` };
}
