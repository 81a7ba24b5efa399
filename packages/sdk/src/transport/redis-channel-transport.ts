import { brokerTransport, confirmed } from "./broker-transport.ts";
import { redisLink, type RedisLinkOptions } from "./redis-link.ts";
import type { SendResult, Transport } from "./transport.ts";

export interface RedisChannelTransportOptions extends RedisLinkOptions {
  /** Default `scouter_monitoring`. */
  readonly channel?: string;
}

const MAX_BATCH_BYTES = 10 * 1024 * 1024;

const nobodyListens: SendResult = {
  outcome: "retry",
  reason: "redis-channel: nobody listens on the channel",
};

/**
 * Publishes batches on a Redis channel, as other Scouter clients do. Redis keeps nothing: acknowledged means that a
 * subscriber was there to be handed the batch, and a message carries no identity. For anything but compatibility take
 * `redisStreamTransport`. Needs the package `ioredis`.
 *
 * @throws SDK_PEER_MISSING, SDK_OPTION_OUT_OF_RANGE
 */
export async function redisChannelTransport(
  options: RedisChannelTransportOptions = {},
): Promise<Transport> {
  const channel = options.channel ?? "scouter_monitoring";
  const link = await redisLink("the Redis transport", options);
  return brokerTransport({
    name: "redis-channel",
    capabilities: { confirms: "nobody", maxBatchBytes: MAX_BATCH_BYTES },
    timeoutMs: link.timeoutMs,
    async publish({ body }, signal) {
      const redis = await link.ready(signal);
      const message = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
      const receivers = await redis.publish(channel, message);
      return receivers === 0 ? nobodyListens : confirmed;
    },
    disconnect: () => link.disconnect(),
  });
}
