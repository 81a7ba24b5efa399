import type { Redis } from "ioredis";
import { checkedTimeoutMs } from "../client/http-request.ts";
import { loadPeer } from "../peer/load-peers.ts";

export interface RedisLinkOptions {
  /** `redis://` or `rediss://` (TLS), with user, password and database where needed; default `redis://127.0.0.1:6379`. */
  readonly url?: string;
  /** Limit of one attempt, waiting for a connection included; default 10,000. */
  readonly timeoutMs?: number;
}

const MAX_RECONNECT_PAUSE_MS = 2_000;

export interface RedisLink {
  readonly timeoutMs: number;
  /** The client, as soon as it is connected. */
  ready(signal: AbortSignal): Promise<Redis>;
  disconnect(): Promise<void>;
}

/**
 * A connection that comes back by itself. Nothing is queued or repeated inside the client: an attempt that fails is
 * reported, and the queue decides. An idle connection does not keep the process alive.
 *
 * @throws SDK_PEER_MISSING, SDK_OPTION_OUT_OF_RANGE
 */
export async function redisLink(purpose: string, options: RedisLinkOptions): Promise<RedisLink> {
  const timeoutMs = checkedTimeoutMs(options.timeoutMs ?? 10_000);
  const { Redis } = await loadPeer(purpose, "ioredis", () => import("ioredis"));
  const client = new Redis(options.url ?? "redis://127.0.0.1:6379", {
    lazyConnect: true,
    protocol: 2,
    connectTimeout: timeoutMs,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 6), MAX_RECONNECT_PAUSE_MS),
  });
  // Each attempt reports its own failure; without a listener the client would write to the console.
  client.on("error", () => {});
  client.on("connect", () => client.stream?.unref());
  return {
    timeoutMs,
    async ready(signal) {
      if (client.status === "wait") await client.connect();
      if (client.status !== "ready") await readiness(client, signal);
      return client;
    },
    async disconnect() {
      client.disconnect();
    },
  };
}

function readiness(client: Redis, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (done: () => void) => () => {
      client.off("ready", onReady);
      client.off("end", onEnd);
      signal.removeEventListener("abort", onAbort);
      done();
    };
    const onReady = settle(resolve);
    const onEnd = settle(() => reject(new Error("the connection is closed")));
    const onAbort = settle(() => reject(signal.reason));
    client.on("ready", onReady);
    client.on("end", onEnd);
    signal.addEventListener("abort", onAbort, { once: true });
  });
}
