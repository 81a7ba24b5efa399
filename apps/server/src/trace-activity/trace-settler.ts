import type { Clock } from "@scouter/contracts";
import {
  type Database,
  type TraceActivity,
  TRACES_SETTLED_CHANNEL,
  TRACES_WATCHED_CHANNEL,
  type TraceSighting,
} from "@scouter/database";
import type { TraceSettleConfig } from "../config/config.ts";
import { Wakeup } from "../workers/wakeup.ts";
import type {
  SettledTrace,
  TraceCompletion,
  TraceKey,
  TraceWaitOptions,
} from "./trace-completion.ts";
import { TraceWaiters } from "./trace-waiters.ts";

export interface TraceSettlerOptions {
  readonly database: Pick<Database, "traceActivity" | "listen">;
  readonly clock: Clock;
  readonly config: TraceSettleConfig;
  /** What the lake holds of traces that were not waited for before; unknown ones are left out. */
  readonly lookup: (traceIds: readonly string[]) => Promise<readonly TraceSighting[]>;
  /** From now on the lake hands on the spans of these within a second. */
  readonly hurry: (traceIds: readonly string[]) => void;
  readonly onTrouble: (error: unknown) => void;
}

/** A lost notice costs this much. */
const POLL_MS = 1_000;
const SETTLE_LIMIT = 200;
/** Traces known at the start, and those that are new since a second ago. */
const WATCHED_AT_START = 100_000;
const WATCHED_SINCE = 1_000;
/** What nothing happened to for so long is forgotten; long after any retry of a record. */
const FORGET_AFTER_MS = 24 * 3_600_000;
const FORGET_EVERY_MS = 10 * 60_000;

/**
 * Settles waited-for traces and tells those who wait in this process. Every process runs one: the database gives each
 * settlement to one of them, and a notice to all.
 */
export class TraceSettler implements TraceCompletion {
  readonly #options: TraceSettlerOptions;
  readonly #stopping = new AbortController();
  readonly #due: Wakeup;
  readonly #waiters: TraceWaiters;
  readonly #handlers = new Set<(traceIds: readonly string[]) => void>();
  #endings: (() => Promise<void>)[] = [];
  #running: Promise<void> = Promise.resolve();
  #forgetAtMs = 0;
  #watchedAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: TraceSettlerOptions) {
    this.#options = options;
    this.#due = new Wakeup(options.clock);
    this.#waiters = new TraceWaiters({
      ...options,
      look: (keys) => this.#lookAll(keys),
      watch: (traceIds) => this.watch(traceIds),
    });
  }

  async start(): Promise<void> {
    const { database, onTrouble } = this.#options;
    try {
      this.#endings = [
        await database.listen(TRACES_SETTLED_CHANNEL, (payload) => this.#tell(idsOf(payload))),
        await database.listen(TRACES_WATCHED_CHANNEL, (payload) => this.#watchElsewhere(payload)),
      ];
    } catch (error) {
      // Polling alone is slower by up to a second, not wrong.
      onTrouble(error);
    }
    this.#running = this.#run();
  }

  /** Ends the loop. Those who wait go on as far as their signal lets them. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    for (const end of this.#endings) await end().catch(this.#options.onTrouble);
  }

  /** To be called around every commit of spans; see `TraceActivityRepository.record`. */
  async seen(sightings: readonly TraceSighting[], isReadable: boolean): Promise<void> {
    if (sightings.length === 0) return;
    await this.#options.database.traceActivity.record(sightings, { isReadable });
    if (isReadable) this.#due.notify();
  }

  async watch(traceIds: readonly string[]): Promise<void> {
    const { database, lookup, hurry } = this.#options;
    const added = await database.traceActivity.watch(traceIds.map(canonical));
    if (added.length === 0) return;
    hurry(added);
    await this.seen(await lookup(added), true);
  }

  async #lookAll(keys: readonly TraceKey[]): Promise<readonly TraceActivity[]> {
    const { traceActivity } = this.#options.database;
    const traceIds = keys.flatMap(({ traceId }) =>
      traceId === undefined ? [] : canonical(traceId),
    );
    const queueIds = keys.flatMap((key) => (key.traceId === undefined ? key.queueId : []));
    const [byId, byQueue] = await Promise.all([
      traceActivity.find(traceIds),
      traceActivity.findByQueues(queueIds),
    ]);
    return [...byQueue, ...byId];
  }

  wait(key: TraceKey, options: TraceWaitOptions): Promise<SettledTrace> {
    return this.#waiters.wait(key, options);
  }

  onSettled(handler: (traceIds: readonly string[]) => void): () => void {
    this.#handlers.add(handler);
    return () => this.#handlers.delete(handler);
  }

  async #run(): Promise<void> {
    const { onTrouble } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const seen = this.#due.seen;
      let pauseMs = POLL_MS;
      try {
        pauseMs = await this.#settleDue();
      } catch (error) {
        onTrouble(error);
      }
      await this.#due.sleep(seen, pauseMs, signal);
    }
  }

  /** Resolves with how long nothing is due, at most the poll interval. */
  async #settleDue(): Promise<number> {
    const { database, config } = this.#options;
    const { traceActivity } = database;
    const settled = await traceActivity.settle({ ...config, limit: SETTLE_LIMIT });
    if (settled.length > 0) this.#tell(settled.map(({ traceId }) => traceId));
    if (settled.length === SETTLE_LIMIT) return 0;
    await this.#learnWatched();
    await this.#forgetOld();
    return Math.min(POLL_MS, (await traceActivity.nextDueMs(config)) ?? POLL_MS);
  }

  /** Also what a lost notice said. */
  async #learnWatched(): Promise<void> {
    const { clock, database, hurry } = this.#options;
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#watchedAtMs < POLL_MS) return;
    const isFirst = this.#watchedAtMs === Number.NEGATIVE_INFINITY;
    const limit = isFirst ? WATCHED_AT_START : WATCHED_SINCE;
    hurry(await database.traceActivity.watched(limit));
    this.#watchedAtMs = nowMs;
  }

  async #forgetOld(): Promise<void> {
    const { clock, database } = this.#options;
    if (clock.monotonicMs() < this.#forgetAtMs) return;
    this.#forgetAtMs = clock.monotonicMs() + FORGET_EVERY_MS;
    await database.traceActivity.forget(FORGET_AFTER_MS);
  }

  #watchElsewhere(payload: string): void {
    const ids = idsOf(payload);
    if (ids.length > 0) this.#options.hurry(ids);
    else this.#due.notify();
  }

  #tell(traceIds: readonly string[]): void {
    this.#waiters.wake();
    for (const handler of this.#handlers) handler(traceIds);
  }
}

function idsOf(payload: string): readonly string[] {
  return payload === "" ? [] : payload.split(",");
}

/** As the lake spells it. */
function canonical(traceId: string): string {
  return traceId.toLowerCase();
}
