import { brokerTransport, confirmed } from "./broker-transport.ts";
import { identityHeaders } from "./identity-headers.ts";
import { redisLink, type RedisLinkOptions } from "./redis-link.ts";
import type { Transport } from "./transport.ts";

export interface RedisStreamTransportOptions extends RedisLinkOptions {
  /** Key of the stream, default `scouter_monitoring`. */
  readonly stream?: string;
}

const MAX_BATCH_BYTES = 10 * 1024 * 1024;

/**
 * Appends batches to a Redis stream, from which servers with `REDIS_ADDR` take them. Acknowledged means that Redis has
 * the batch; what that survives depends on its persistence (`appendonly`). Needs the package `ioredis`.
 *
 * @throws SDK_PEER_MISSING, SDK_OPTION_OUT_OF_RANGE
 */
export async function redisStreamTransport(
  options: RedisStreamTransportOptions = {},
): Promise<Transport> {
  const stream = options.stream ?? "scouter_monitoring";
  const link = await redisLink("the Redis transport", options);
  return brokerTransport({
    name: "redis-stream",
    capabilities: { confirms: "broker", maxBatchBytes: MAX_BATCH_BYTES },
    timeoutMs: link.timeoutMs,
    async publish(batch, signal) {
      const redis = await link.ready(signal);
      const headers = Object.entries(identityHeaders(batch)).flat();
      await redis.xadd(stream, "*", "body", bufferOf(batch.body), ...headers);
      return confirmed;
    },
    disconnect: () => link.disconnect(),
  });
}

/** The same bytes, not copied. */
function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
