import type { Redis } from "ioredis";
import type { BrokerEvents, BrokerName } from "./broker-consumer.ts";

const MAX_RECONNECT_MS = 5_000;

/** A connection that comes back by itself; commands that are not answered fail and are the caller's to repeat. */
export async function redisClient(
  url: string,
  broker: BrokerName,
  events: BrokerEvents,
): Promise<Redis> {
  const { Redis } = await import("ioredis");
  const client = new Redis(url, {
    protocol: 2,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    retryStrategy: (times) => Math.min(100 * 2 ** Math.min(times, 6), MAX_RECONNECT_MS),
    connectionName: "scouter-server",
  });
  client.on("error", (error) => events.onTrouble(broker, error));
  client.on("ready", () => events.onConnected(broker));
  return client;
}
