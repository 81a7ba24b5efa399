import { systemClock, type Clock } from "@scouter/contracts/core";
import { activeCapture } from "../capture/capture-scope.ts";
import { insertCaptured } from "../capture/insert-captured.ts";
import { errors } from "../errors.ts";
import { activeTraceId } from "../identity/active-trace-id.ts";
import { uuidv7 } from "../identity/uuidv7.ts";
import type { Transport } from "../transport/transport.ts";
import { AliasLane } from "./alias-lane.ts";
import { AliasLedger } from "./alias-ledger.ts";
import { backgroundClock } from "./background-clock.ts";
import type { DeliveryMeans } from "./batch-delivery.ts";
import { sumOfStats, type DeliveryStats } from "./delivery-stats.ts";
import { deliveryText } from "./delivery-text.ts";
import { flushReport } from "./flush-report.ts";
import { directHandover, type BatchHandover } from "./handover.ts";
import { batchMakerOf } from "./kind/batch-maker-of.ts";
import { onSignals } from "./on-signals.ts";
import { SpoolFolder } from "./spool/spool-folder.ts";
import { SpooledDelivery, type SpoolStats } from "./spool/spooled-delivery.ts";
import type { DroppedItem, FlushReport, QueueItem, ScouterQueueOptions } from "./queue-options.ts";
import { MAX_TIMER_MS, queueSettings } from "./queue-settings.ts";

const DEFAULT_FLUSH_MS = 30_000;
const DEFAULT_SHUTDOWN_MS = 5_000;

/**
 * Takes observations from an app and delivers them in the background, counting each item to its end.
 *
 * `insert` costs tens of nanoseconds, never throws and never waits: a full buffer drops and counts. Items are held by
 * reference until their batch is serialised, so what the app changes in a context until then is sent changed. The queue
 * owns its transport: `shutdown` closes it.
 *
 * @throws SDK_OPTION_OUT_OF_RANGE from the constructor
 *
 * ```ts
 * const queue = new ScouterQueue({ profiles: { answers: { uid } }, transport: httpTransport() });
 * queue.insert("answers", evalRecord({ context: { question, answer } }));
 * const report = await queue.shutdown();
 * ```
 */
export class ScouterQueue {
  readonly #lanes = new Map<string, AliasLane>();
  /** Items for an alias that the queue does not have: offered, and dropped as invalid. */
  readonly #unknownAlias = new AliasLedger();
  readonly #transport: Transport;
  readonly #onDrop: ((dropped: DroppedItem) => void) | undefined;
  /** Flush and shutdown wait on this one: its timers keep the process alive until the caller has his answer. */
  readonly #deadlineClock: Clock;
  readonly #abandon = new AbortController();
  readonly #hurry = new AbortController();
  readonly #activeTraceId: () => string | undefined;
  readonly #producer = uuidv7();
  readonly #handover: BatchHandover;
  readonly #spool: SpooledDelivery | undefined;
  readonly #stopListening: () => void;
  #lastSequence = 0;
  #shutdown: Promise<FlushReport> | undefined;

  constructor(options: ScouterQueueOptions) {
    const { publishIntervalMs, retry, spoolMaxBytes, ...settings } = queueSettings(options);
    this.#transport = options.transport;
    this.#onDrop = options.onDrop;
    this.#activeTraceId = options.activeTraceId ?? activeTraceId;
    this.#deadlineClock = options.clock ?? systemClock;
    const means: DeliveryMeans = {
      transport: options.transport,
      clock: options.clock ?? backgroundClock,
      random: options.random ?? Math.random,
      retry,
      abandon: this.#abandon.signal,
      hurry: this.#hurry.signal,
    };
    const { spoolDir, service } = options;
    if (spoolDir !== undefined) {
      const nowMs = () => means.clock.now();
      const place = { folder: spoolDir, maxBytes: spoolMaxBytes, producer: this.#producer, nowMs };
      this.#spool = new SpooledDelivery(means, new SpoolFolder(place));
    }
    this.#handover = this.#spool ?? directHandover(means);
    for (const [alias, { uid, sampleRatio = 1, watches }] of Object.entries(options.profiles)) {
      const maker = batchMakerOf(uid, watches);
      const lane = new AliasLane({
        ...settings,
        batchSize: maker.batchSize ?? settings.batchSize,
        maker,
        handover: this.#handover,
        entityUid: uid,
        sampleRatio,
        means,
        activeTraceId: this.#activeTraceId,
        onDrop: (reason, count, detail) => this.#tellDrop({ alias, reason, count, detail }),
        nextIdentity: () => ({
          producer: this.#producer,
          sequence: ++this.#lastSequence,
          delivery: deliveryText(this.stats(), service),
        }),
      });
      this.#lanes.set(alias, lane);
    }
    void this.#publishRegularly(means.clock, publishIntervalMs);
    if (options.flushOnExit === true) process.once("beforeExit", () => void this.shutdown());
    this.#stopListening = onSignals(options.flushOnSignals ?? [], () => this.shutdown());
  }

  /**
   * @param alias a name of the option `profiles`
   * @param item a record, or a function that makes it: called at once, but only when the item is not sampled out and
   *   there is room
   * @returns true when the item was taken into the buffer, or by the offline evaluation that the caller runs in (which is
   *   in no counter and not sent); false when it was sampled out or dropped
   */
  insert(alias: string, item: QueueItem): boolean {
    const lane = this.#lanes.get(alias);
    if (lane === undefined) return this.#dropUnknown(alias);
    const scope = activeCapture();
    if (scope === undefined) return lane.insert(item);
    return insertCaptured(scope, alias, item, this.#activeTraceId);
  }

  get aliases(): readonly string[] {
    return [...this.#lanes.keys()];
  }

  /** Uid of the alias' profile; undefined for an alias that the queue does not have. */
  profileUid(alias: string): string | undefined {
    return this.#lanes.get(alias)?.entityUid;
  }

  /**
   * @param alias default: all aliases together, and items for aliases that the queue does not have
   * @throws SDK_ALIAS_UNKNOWN
   */
  stats(alias?: string): DeliveryStats {
    if (alias === undefined) {
      const lanes = [...this.#lanes.values()].map((lane) => lane.stats());
      return sumOfStats([...lanes, this.#unknownAlias.stats(0)]);
    }
    const lane = this.#lanes.get(alias);
    if (lane === undefined) {
      throw errors.SDK_ALIAS_UNKNOWN({ alias, known: [...this.#lanes.keys()] });
    }
    return lane.stats();
  }

  /** What earlier processes left on the disk, and what became of it; undefined without `spoolDir`. */
  spoolStats(): SpoolStats | undefined {
    return this.#spool?.stats();
  }

  /**
   * Sends what is in the queue and waits for the answers. Items inserted meanwhile are neither waited for nor reported.
   *
   * @param options.timeoutMs longest wait, default 30,000
   */
  async flush(options: { readonly timeoutMs?: number } = {}): Promise<FlushReport> {
    const flushes = [...this.#lanes.values()].map((lane) => ({ lane, tally: lane.flush() }));
    const answered = Promise.all(flushes.map(({ tally }) => tally.finished));
    await this.#within(options.timeoutMs ?? DEFAULT_FLUSH_MS, answered);
    for (const { lane, tally } of flushes) lane.endFlush(tally);
    const tallies = flushes.map(({ tally }) => tally);
    return flushReport(tallies, this.stats());
  }

  /**
   * Takes no further items, flushes, gives up what has no answer within the limit, and closes the transport. Every call
   * returns the first call's report.
   *
   * @param options.timeoutMs longest wait, default 5,000
   */
  shutdown(options: { readonly timeoutMs?: number } = {}): Promise<FlushReport> {
    this.#shutdown ??= this.#shutDown(options.timeoutMs ?? DEFAULT_SHUTDOWN_MS);
    return this.#shutdown;
  }

  async #shutDown(timeoutMs: number): Promise<FlushReport> {
    const startMs = this.#deadlineClock.monotonicMs();
    for (const lane of this.#lanes.values()) lane.close();
    this.#hurry.abort();
    const report = await this.flush({ timeoutMs });
    const rest = [...this.#lanes.values()].map((lane) => lane.giveUpPending());
    this.#abandon.abort();
    await this.#handover.close();
    await Promise.all(rest.map((tally) => tally.finished));
    this.#stopListening();
    const leftMs = timeoutMs - (this.#deadlineClock.monotonicMs() - startMs);
    // A transport that cannot end its sends must not keep the app from ending.
    await this.#within(Math.max(0, leftMs), this.#transport.close().catch(ignoreCloseError));
    return { ...report, stats: this.stats() };
  }

  /** Waits for the work, at most so long. */
  async #within(timeoutMs: number, work: Promise<unknown>): Promise<void> {
    const done = new AbortController();
    const limit = this.#deadlineClock
      .sleep(Math.min(timeoutMs, MAX_TIMER_MS), done.signal)
      .catch(() => undefined);
    await Promise.race([work, limit]);
    done.abort();
  }

  async #publishRegularly(clock: Clock, intervalMs: number): Promise<void> {
    try {
      for (;;) {
        await clock.sleep(intervalMs, this.#hurry.signal);
        for (const lane of this.#lanes.values()) lane.publish();
      }
    } catch {
      // The shutdown ended the sleep: from here on it alone publishes.
    }
  }

  #dropUnknown(alias: string): false {
    this.#unknownAlias.offered += 1;
    this.#unknownAlias.dropped.invalid += 1;
    const known = [...this.#lanes.keys()].join(", ");
    const detail = `no profile has this alias; known: ${known}`;
    this.#tellDrop({ alias, reason: "invalid", count: 1, detail });
    return false;
  }

  #tellDrop(dropped: DroppedItem): void {
    try {
      this.#onDrop?.(dropped);
    } catch {
      // The app's hook failed; the app's call of `insert` must not.
    }
  }
}

function ignoreCloseError(): void {
  // Everything is counted already; a connection that fails to close changes nothing for the app.
}
