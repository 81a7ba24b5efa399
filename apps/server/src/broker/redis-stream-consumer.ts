import type { Clock } from "@scouter/contracts";
import type { Redis } from "ioredis";
import type { RedisConfig } from "../config/config.ts";
import type { BrokerConsumer, BrokerEvents } from "./broker-consumer.ts";
import type { BrokerIntake, BrokerMessage } from "./broker-intake.ts";
import { redisClient } from "./redis-client.ts";
import { textHeader } from "./text-header.ts";

export interface RedisStreamParts {
  readonly config: RedisConfig;
  readonly intake: BrokerIntake;
  readonly events: BrokerEvents;
  readonly clock: Clock;
  /** Unique over processes. */
  readonly processName: string;
}

type Entry = readonly [id: Buffer, fields: readonly Buffer[] | null];

const ENTRIES_AT_ONCE = 64;
/** How long a read waits for an entry; also how long a stop waits for the read. */
const BLOCK_MS = 1_000;
const PAUSE_AFTER_TROUBLE_MS = 500;
/** Of consumers that are gone: after this long without a command, and with nothing pending, their names are removed. */
const CONSUMER_FORGOTTEN_MS = 3_600_000;

/**
 * A Redis stream, read by a consumer group. An entry is acknowledged and deleted after the store: the stream holds what is
 * still to do, and nobody else trims it. Entries that another consumer took and did not finish in time are claimed.
 */
export class RedisStreamConsumer implements BrokerConsumer {
  readonly broker = "redis-stream";
  readonly #parts: RedisStreamParts;
  readonly #ending = new AbortController();
  readonly #stop = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(parts: RedisStreamParts) {
    this.#parts = parts;
  }

  start(): void {
    const { consumers } = this.#parts.config;
    this.#running = Promise.all(
      Array.from({ length: consumers }, (_, index) => this.#consume(`${index + 1}`)),
    );
  }

  async drain(): Promise<void> {
    this.#ending.abort();
    await this.#running;
  }

  abort(): void {
    this.#ending.abort();
    this.#stop.abort();
  }

  async #consume(number: string): Promise<void> {
    const { config, events, clock, processName } = this.#parts;
    const consumer = `${processName}/${number}`;
    const redis = await redisClient(config.url, this.broker, events);
    let claimedAtMs = -Infinity;
    let hasGroup = false;
    while (!this.#ending.signal.aborted) {
      try {
        if (!hasGroup) await this.#makeGroup(redis);
        hasGroup = true;
        if (clock.monotonicMs() - claimedAtMs >= config.claimMs / 2) {
          await this.#handle(redis, await this.#claimStale(redis, consumer));
          claimedAtMs = clock.monotonicMs();
        }
        await this.#handle(redis, await this.#read(redis, consumer));
      } catch (error) {
        // A Redis that came back empty has lost the group.
        hasGroup = false;
        events.onTrouble(this.broker, error);
        const { signal } = this.#ending;
        await clock.sleep(PAUSE_AFTER_TROUBLE_MS, signal).catch(() => undefined);
      }
    }
    redis.disconnect();
  }

  /** From the first entry on: what was sent before the first server came is not lost. */
  async #makeGroup(redis: Redis): Promise<void> {
    const { stream, group } = this.#parts.config;
    try {
      await redis.xgroup("CREATE", stream, group, "0", "MKSTREAM");
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith("BUSYGROUP")) throw error;
    }
  }

  async #read(redis: Redis, consumer: string): Promise<readonly Entry[]> {
    const { stream, group } = this.#parts.config;
    const command = ["GROUP", group, consumer, "COUNT", ENTRIES_AT_ONCE, "BLOCK", BLOCK_MS];
    const streams = ["STREAMS", stream, ">"];
    const reply = (await redis.callBuffer("XREADGROUP", ...command, ...streams)) as
      | readonly (readonly [stream: Buffer, entries: readonly Entry[]])[]
      | null;
    return reply?.[0]?.[1] ?? [];
  }

  /** Entries of a consumer that died, or stands still; if it wakes up, the second store is recognised. */
  async #claimStale(redis: Redis, consumer: string): Promise<readonly Entry[]> {
    const { stream, group, claimMs } = this.#parts.config;
    await this.#removeGoneConsumers(redis);
    const whose = [stream, group, consumer];
    const which = [claimMs, "0-0", "COUNT", ENTRIES_AT_ONCE];
    const reply = (await redis.callBuffer("XAUTOCLAIM", ...whose, ...which)) as readonly [
      next: Buffer,
      entries: readonly Entry[],
    ];
    return reply[1];
  }

  async #removeGoneConsumers(redis: Redis): Promise<void> {
    const { stream, group } = this.#parts.config;
    const rows = (await redis.xinfo("CONSUMERS", stream, group)) as readonly (readonly unknown[])[];
    for (const row of rows) {
      const valueOf = (name: string) => row[row.indexOf(name) + 1];
      if (valueOf("pending") !== 0 || Number(valueOf("idle")) < CONSUMER_FORGOTTEN_MS) continue;
      await redis.xgroup("DELCONSUMER", stream, group, String(valueOf("name")));
    }
  }

  async #handle(redis: Redis, entries: readonly Entry[]): Promise<void> {
    const ids = await Promise.all(entries.map((entry) => this.#idOfDone(entry)));
    const done = ids.filter((id) => id !== undefined);
    if (done.length === 0) return;
    const { config, events } = this.#parts;
    try {
      // Both or neither: an acknowledged entry that stayed would only take room, but nobody would ever delete it.
      await redis
        .multi()
        .xack(config.stream, config.group, ...done)
        .xdel(config.stream, ...done)
        .exec();
    } catch (error) {
      events.onAckFailed(this.broker, error);
    }
  }

  async #idOfDone([id, fields]: Entry): Promise<string | undefined> {
    const text = id.toString();
    // Deleted while it was pending: there is nothing left to store.
    if (fields === null) return text;
    const message = messageOf(text, fields, this.#parts.config.stream);
    const fate = await this.#parts.intake.take(message, this.#stop.signal);
    return fate === "left" ? undefined : text;
  }
}

function messageOf(id: string, fields: readonly Buffer[], stream: string): BrokerMessage {
  const valueOf = (name: string) => {
    const position = fields.findIndex(
      (field, index) => index % 2 === 0 && field.equals(utf8(name)),
    );
    return position < 0 ? undefined : fields[position + 1];
  };
  const [milliseconds = "0", sequence = "0"] = id.split("-");
  return {
    broker: "redis-stream",
    body: valueOf("body") ?? Buffer.alloc(0),
    header: (name) => textHeader(valueOf(name)),
    origin: `${stream} ${id}`,
    place: {
      producer: `redis:${stream}@${milliseconds}`,
      sequence: Number(sequence),
      numberedBy: "broker",
    },
  };
}

function utf8(text: string): Buffer {
  return Buffer.from(text);
}
