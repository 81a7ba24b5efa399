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
  let connecting: Promise<void> | undefined;
  // One wait for all sends: each of its own would listen to the connection.
  const connected = () =>
    (connecting ??= readiness(client).finally(() => {
      connecting = undefined;
    }));
  return {
    timeoutMs,
    async ready(signal) {
      if (client.status !== "ready") await connected();
      // Given up meanwhile: sent now, it would only be a repeat.
      signal.throwIfAborted();
      return client;
    },
    async disconnect() {
      client.disconnect();
    },
  };
}

/** Rejects when the first attempt to connect fails; later ones go on in the client. */
function readiness(client: Redis): Promise<void> {
  if (client.status === "wait") return client.connect();
  return new Promise((resolve, reject) => {
    const settle = (done: () => void) => () => {
      client.off("ready", onReady);
      client.off("close", onClose);
      done();
    };
    const onReady = settle(resolve);
    const onClose = settle(() => reject(new Error("no connection")));
    client.on("ready", onReady);
    client.on("close", onClose);
  });
}
