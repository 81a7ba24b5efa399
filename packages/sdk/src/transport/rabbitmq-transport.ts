import { checkedTimeoutMs } from "../client/http-request.ts";
import { loadPeer } from "../peer/load-peers.ts";
import { brokerTransport, confirmed } from "./broker-transport.ts";
import { identityHeaders } from "./identity-headers.ts";
import type { Transport } from "./transport.ts";

export interface RabbitmqTransportOptions {
  /** `amqp://` or `amqps://` (TLS), with user, password and virtual host; default `amqp://guest:guest@127.0.0.1:5672`. */
  readonly url?: string;
  /** Default `scouter_monitoring`; made when it is not there, durable. */
  readonly queue?: string;
  /** Limit of one attempt, waiting for a connection included; default 10,000. */
  readonly timeoutMs?: number;
}

const MAX_BATCH_BYTES = 10 * 1024 * 1024;

/**
 * Publishes batches to a durable queue of RabbitMQ, persistent and with publisher confirms. Acknowledged means that the
 * broker has the batch on its disk. Needs the package `rabbitmq-client`.
 *
 * @throws SDK_PEER_MISSING, SDK_OPTION_OUT_OF_RANGE
 */
export async function rabbitmqTransport(
  options: RabbitmqTransportOptions = {},
): Promise<Transport> {
  const timeoutMs = checkedTimeoutMs(options.timeoutMs ?? 10_000);
  const queue = options.queue ?? "scouter_monitoring";
  const { Connection } = await loadPeer(
    "the RabbitMQ transport",
    "rabbitmq-client",
    () => import("rabbitmq-client"),
  );
  const connection = new Connection({
    url: options.url ?? "amqp://guest:guest@127.0.0.1:5672",
    acquireTimeout: timeoutMs,
    connectionTimeout: timeoutMs,
    retryLow: 100,
    retryHigh: 2_000,
    connectionName: "scouter sdk",
  });
  // Each attempt reports its own failure; without a listener the event would end the process.
  connection.on("error", () => {});
  const publisher = connection.createPublisher({
    confirm: true,
    maxAttempts: 1,
    queues: [{ queue, durable: true }],
  });
  let connecting: Promise<void> | undefined;
  // One wait for all sends: each of its own would listen to the connection.
  const connected = () =>
    (connecting ??= connection.onConnect(timeoutMs, true).finally(() => {
      connecting = undefined;
    }));
  return brokerTransport({
    name: "rabbitmq",
    capabilities: { confirms: "broker", maxBatchBytes: MAX_BATCH_BYTES },
    timeoutMs,
    async publish(batch, signal) {
      if (!connection.ready) await connected();
      // Given up meanwhile: published now, it would only be a repeat.
      signal.throwIfAborted();
      const { body } = batch;
      await publisher.send(
        {
          routingKey: queue,
          durable: true,
          contentType: "application/json",
          // Named, the encoding keeps clients from parsing the body before they hand it over.
          contentEncoding: "utf-8",
          headers: { ...identityHeaders(batch) },
        },
        Buffer.from(body.buffer, body.byteOffset, body.byteLength),
      );
      return confirmed;
    },
    async disconnect() {
      // A broker that is away would be waited for.
      if (!connection.ready) return connection.unsafeDestroy();
      await publisher.close();
      await connection.close();
    },
  });
}
