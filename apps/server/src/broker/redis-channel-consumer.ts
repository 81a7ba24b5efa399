import type { Clock } from "@scouter/contracts";
import type { Database } from "@scouter/database";
import type { Redis } from "ioredis";
import type { RedisConfig } from "../config/config.ts";
import type { BrokerConsumer, BrokerEvents } from "./broker-consumer.ts";
import type { BrokerIntake } from "./broker-intake.ts";
import { redisClient } from "./redis-client.ts";

export interface RedisChannelParts {
  readonly config: RedisConfig;
  readonly database: Pick<Database, "leases">;
  readonly intake: BrokerIntake;
  readonly events: BrokerEvents & {
    /** So many messages came while the server could not store; a channel does not keep them. */
    onLost(messages: number): void;
  };
  readonly clock: Clock;
  readonly processName: string;
}

const LEASE_MS = 6_000;
const RENEW_MS = 2_000;
/** A channel does not wait: what comes while the database is away is held in memory, up to this. */
const MAX_HELD_BYTES = 64 * 2 ** 20;

/**
 * A Redis channel, as other Scouter clients publish on. Every subscriber gets every message, so one process subscribes:
 * the one that holds a lease. A channel keeps nothing, so what is published while nobody is subscribed, or beyond what
 * fits into memory, is lost.
 */
export class RedisChannelConsumer implements BrokerConsumer {
  readonly broker = "redis-channel";
  readonly #parts: RedisChannelParts;
  readonly #lease: { readonly name: string; readonly holder: string; readonly leaseMs: number };
  readonly #ending = new AbortController();
  readonly #stop = new AbortController();
  readonly #underWay = new Set<Promise<unknown>>();
  #heldBytes = 0;
  #renewedAtMs = -Infinity;
  #running: Promise<void> = Promise.resolve();

  constructor(parts: RedisChannelParts) {
    this.#parts = parts;
    this.#lease = {
      name: `redis-channel/${parts.config.channel}`,
      holder: parts.processName,
      leaseMs: LEASE_MS,
    };
  }

  start(): void {
    this.#running = this.#run();
  }

  async drain(): Promise<void> {
    this.#ending.abort();
    await this.#running;
    await Promise.all(this.#underWay);
  }

  abort(): void {
    this.#ending.abort();
    this.#stop.abort();
  }

  async #run(): Promise<void> {
    const { config, database, events, clock } = this.#parts;
    const redis = await redisClient(config.url, this.broker, events);
    redis.on("messageBuffer", (_channel: Buffer, body: Buffer) => this.#onMessage(body));
    let subscribed = false;
    while (!this.#ending.signal.aborted) {
      try {
        const askedAtMs = clock.monotonicMs();
        const isHolder = await database.leases.acquire(this.#lease);
        if (isHolder) this.#renewedAtMs = askedAtMs;
        if (isHolder !== subscribed) await this.#setSubscribed(redis, isHolder);
        subscribed = isHolder;
      } catch (error) {
        events.onTrouble(this.broker, error);
      }
      await clock.sleep(RENEW_MS, this.#ending.signal).catch(() => undefined);
    }
    if (subscribed) await this.#giveUp(redis);
    redis.disconnect();
  }

  async #setSubscribed(redis: Redis, wanted: boolean): Promise<void> {
    const { channel } = this.#parts.config;
    await (wanted ? redis.subscribe(channel) : redis.unsubscribe(channel));
  }

  /** The next process subscribes as soon as the lease is free: unsubscribe first, or both would take a message. */
  async #giveUp(redis: Redis): Promise<void> {
    const { database, events } = this.#parts;
    try {
      await this.#setSubscribed(redis, false);
      await database.leases.release(this.#lease.name, this.#lease.holder);
    } catch (error) {
      events.onTrouble(this.broker, error);
    }
  }

  #onMessage(body: Buffer): void {
    const { clock, config, events, intake } = this.#parts;
    // After standing still for longer than the lease, another process has this message as well.
    if (clock.monotonicMs() - this.#renewedAtMs > LEASE_MS) return;
    if (this.#heldBytes + body.byteLength > MAX_HELD_BYTES) return events.onLost(1);
    this.#heldBytes += body.byteLength;
    const taking = intake
      .take(
        {
          broker: this.broker,
          body,
          header: () => undefined,
          origin: config.channel,
          place: undefined,
        },
        this.#stop.signal,
      )
      .then((fate) => {
        if (fate === "left") events.onLost(1);
      })
      .finally(() => {
        this.#heldBytes -= body.byteLength;
        this.#underWay.delete(taking);
      });
    this.#underWay.add(taking);
  }
}
