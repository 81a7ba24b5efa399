import { evalRecordJson, ownTraceId, type EvalRecordItem } from "../record/eval-record.ts";
import type { OutgoingBatch } from "../transport/transport.ts";
import { AliasLedger } from "./alias-ledger.ts";
import { serialiseBatch, type BatchPart } from "./batch-body.ts";
import { deliverBatch, type DeliveryMeans, type DeliveryOutcome } from "./batch-delivery.ts";
import type { DeliveryStats, DropReason } from "./delivery-stats.ts";
import { FlushTally, type ItemEnd } from "./flush-tally.ts";
import { ItemRing, type QueuedItem } from "./item-ring.ts";
import type { QueueItem } from "./queue-options.ts";

export interface LaneOptions {
  readonly entityUid: string;
  /** Share of items kept, 0..1. */
  readonly sampleRatio: number;
  readonly capacity: number;
  readonly batchSize: number;
  readonly maxConcurrentBatches: number;
  readonly means: DeliveryMeans;
  readonly activeTraceId: () => string | undefined;
  readonly onDrop: (reason: DropReason, count: number, detail: string) => void;
  /** Identity of the next message; called once per message, before its first try. */
  readonly nextIdentity: () => Pick<OutgoingBatch, "producer" | "sequence">;
}

interface Batch {
  /** Number of its first item, in the order of entry into the buffer. */
  readonly firstNumber: number;
  readonly items: readonly QueuedItem[];
}

/** The queue of one alias: buffer, counts and the batches under way. Aliases never delay each other. */
export class AliasLane {
  readonly entityUid: string;
  readonly #options: LaneOptions;
  readonly #ring: ItemRing;
  readonly #ledger = new AliasLedger();
  readonly #tallies = new Set<FlushTally>();
  /** Pending items that start a batch: the batch size, or half the buffer where that is less. */
  readonly #publishAt: number;
  readonly #sampleRatio: number;
  /** Items that ever left the buffer; with its length, the number of the next item. */
  #taken = 0;
  /** Items with a lower number are to be sent even if they do not fill a batch. */
  #publishThrough = 0;
  #batchesUnderWay = 0;
  #pumpDue = false;
  #closed = false;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.entityUid = options.entityUid;
    this.#ring = new ItemRing(options.capacity);
    this.#sampleRatio = options.sampleRatio;
    this.#publishAt = Math.min(options.batchSize, Math.ceil(options.capacity / 2));
  }

  /** The hot path: counts, samples, pushes a reference. Serialising and sending happen in later turns of the loop. */
  insert(offered: QueueItem): boolean {
    const ledger = this.#ledger;
    ledger.offered += 1;
    if (this.#closed) return this.#drop("closed", "the queue was shut down");
    if (this.#sampleRatio < 1 && !this.#isSampled()) {
      ledger.sampledOut += 1;
      return false;
    }
    if (this.#ring.isFull) return this.#dropFull();
    const item = typeof offered === "function" ? builtItem(offered) : offered;
    if (!isEvalRecordItem(item)) {
      return this.#drop("invalid", item instanceof Error ? item.message : "not an eval record");
    }
    // Building the item may have run the app's code, which may have filled the buffer.
    if (!this.#ring.push(item, this.#traceIdFor(item))) return this.#dropFull();
    if (this.#ring.length >= this.#publishAt && !this.#pumpDue) this.#pumpSoon();
    return true;
  }

  stats(): DeliveryStats {
    return this.#ledger.stats(this.#ring.length);
  }

  /** Sends everything that is in the buffer now. */
  publish(): void {
    this.#publishThrough = this.#taken + this.#ring.length;
    this.#pump();
  }

  /** Publishes, and counts what becomes of everything that was offered before. */
  flush(): FlushTally {
    const mark = this.#taken + this.#ring.length;
    const tally = new FlushTally(mark, this.#ring.length + this.#ledger.inFlight);
    this.#tallies.add(tally);
    this.publish();
    return tally;
  }

  endFlush(tally: FlushTally): void {
    this.#tallies.delete(tally);
  }

  /** Takes no further items. */
  close(): void {
    this.#closed = true;
  }

  /** Gives up what is pending. The tally ends with what is in flight, which the `abandon` signal ends. */
  giveUpPending(): FlushTally {
    const count = this.#ring.take(this.#ring.length).length;
    this.#taken += count;
    this.#ledger.dropped.closed += count;
    if (count > 0) {
      this.#options.onDrop("closed", count, "the queue was shut down before these were sent");
    }
    return this.flush();
  }

  #traceIdFor(item: EvalRecordItem): string | undefined {
    try {
      return ownTraceId(item) ?? this.#options.activeTraceId();
    } catch {
      // A broken tracer, or fields that throw when read: the record is worth more than its link to a trace.
      return undefined;
    }
  }

  /** Kept when below the ratio; a random source that throws must not cost the item. */
  #isSampled(): boolean {
    try {
      return this.#options.means.random() < this.#sampleRatio;
    } catch {
      return true;
    }
  }

  #dropFull(): false {
    return this.#drop("full", `${this.#ring.capacity} items are pending`);
  }

  #drop(reason: DropReason, detail: string): false {
    this.#ledger.dropped[reason] += 1;
    this.#options.onDrop(reason, 1, detail);
    return false;
  }

  #pumpSoon(): void {
    this.#pumpDue = true;
    setImmediate(() => {
      this.#pumpDue = false;
      this.#pump();
    });
  }

  #pump(): void {
    const { batchSize, maxConcurrentBatches } = this.#options;
    while (this.#batchesUnderWay < maxConcurrentBatches && this.#hasBatch()) {
      const firstNumber = this.#taken;
      const items = this.#ring.take(batchSize);
      this.#taken += items.length;
      this.#ledger.inFlight += items.length;
      this.#batchesUnderWay += 1;
      void this.#sendBatch({ firstNumber, items });
    }
  }

  #hasBatch(): boolean {
    const pending = this.#ring.length;
    return pending >= this.#publishAt || (pending > 0 && this.#taken < this.#publishThrough);
  }

  /** Never rejects: whatever happens, each item of the batch ends in a count. */
  async #sendBatch(batch: Batch): Promise<void> {
    const { means } = this.#options;
    const { parts, unsendable } = await serialiseBatch(
      batch.items.length,
      (index) => this.#jsonOf(batch.items[index]),
      means.transport.capabilities.maxBatchBytes,
    );
    for (const { index, detail } of unsendable) {
      this.#settle(batch.firstNumber + index, { kind: "dropped", reason: "invalid" });
      this.#options.onDrop("invalid", 1, detail);
    }
    for (const part of parts) await this.#sendPart(batch, part);
    this.#batchesUnderWay -= 1;
    this.#pump();
  }

  async #sendPart(batch: Batch, part: BatchPart): Promise<void> {
    const message: OutgoingBatch = {
      body: part.body,
      itemCount: part.indexes.length,
      ...this.#options.nextIdentity(),
    };
    const outcome = await this.#deliver(message);
    const endOf = itemEnds(outcome);
    for (const [position, index] of part.indexes.entries()) {
      this.#settle(batch.firstNumber + index, endOf(position));
    }
    if (outcome.kind === "abandoned") {
      this.#options.onDrop(
        "closed",
        part.indexes.length,
        "no answer came before the shutdown's limit",
      );
    }
  }

  async #deliver(message: OutgoingBatch): Promise<DeliveryOutcome> {
    try {
      return await deliverBatch(message, this.#options.means);
    } catch {
      // Only a clock or random source handed in can throw here; the items still end in a count.
      return { kind: "refused", code: "SDK_DELIVERY_FAILED" };
    }
  }

  #settle(itemNumber: number, end: ItemEnd): void {
    const ledger = this.#ledger;
    ledger.inFlight -= 1;
    if (end.kind === "acknowledged") ledger.acknowledged += 1;
    else if (end.kind === "rejected") ledger.reject(end.code);
    else ledger.dropped[end.reason] += 1;
    for (const tally of this.#tallies) tally.count(itemNumber, end);
  }

  #jsonOf(queued: QueuedItem | undefined): string {
    if (queued === undefined) throw new RangeError("no such item");
    return evalRecordJson(queued.item, this.#options.entityUid, queued.traceId);
  }
}

/** The item, or the error that its maker threw. */
function builtItem(make: () => EvalRecordItem): unknown {
  try {
    return make();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function isEvalRecordItem(item: unknown): item is EvalRecordItem {
  return typeof item === "object" && item !== null && (item as EvalRecordItem).kind === "eval";
}

/** How each item of a message ended, by its position in the message. */
function itemEnds(outcome: DeliveryOutcome): (position: number) => ItemEnd {
  if (outcome.kind === "abandoned") return () => ({ kind: "dropped", reason: "closed" });
  if (outcome.kind === "refused") return () => ({ kind: "rejected", code: outcome.code });
  const codes = new Map(outcome.rejected.map((item) => [item.index, item.code]));
  return (position) => {
    const code = codes.get(position);
    return code === undefined ? { kind: "acknowledged" } : { kind: "rejected", code };
  };
}
