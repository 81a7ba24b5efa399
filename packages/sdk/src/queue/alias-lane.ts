import { ownTraceId } from "../record/eval-record.ts";
import type { OutgoingBatch } from "../transport/transport.ts";
import { AliasLedger } from "./alias-ledger.ts";
import type { BatchPart } from "./batch-body.ts";
import type { DeliveryMeans } from "./batch-delivery.ts";
import type { DeliveryStats, DropReason } from "./delivery-stats.ts";
import { FlushTally, type ItemEnd } from "./flush-tally.ts";
import type { BatchHandover, HandoverOutcome } from "./handover.ts";
import { ItemRing } from "./item-ring.ts";
import type { BatchMaker, QueuedItem, QueuedThing } from "./kind/batch-maker.ts";
import type { QueueItem } from "./queue-options.ts";

export interface LaneOptions {
  readonly entityUid: string;
  /** Share of items kept, 0..1. */
  readonly sampleRatio: number;
  readonly capacity: number;
  readonly batchSize: number;
  readonly maxConcurrentBatches: number;
  readonly maker: BatchMaker;
  readonly means: DeliveryMeans;
  readonly handover: BatchHandover;
  readonly activeTraceId: () => string | undefined;
  readonly onDrop: (reason: DropReason, count: number, detail: string) => void;
  /** Identity of the next message; called once per message, before its first try. */
  readonly nextIdentity: () => Pick<OutgoingBatch, "producer" | "sequence" | "delivery">;
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
    if (!this.#takes(item)) return this.#dropOther(item);
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

  #takes(item: unknown): item is QueuedThing {
    return (
      typeof item === "object" &&
      item !== null &&
      (item as QueuedThing).kind === this.#options.maker.takes
    );
  }

  #dropOther(item: unknown): false {
    const expected = `not what the alias takes: expected an item of the kind '${this.#options.maker.takes}'`;
    return this.#drop("invalid", item instanceof Error ? item.message : expected);
  }

  #traceIdFor(item: QueuedThing): string | undefined {
    if (item.kind !== "eval") return undefined;
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
    const { maker, means } = this.#options;
    const { maxBatchBytes } = means.transport.capabilities;
    const { parts, unsendable } = await maker.make(batch.items, maxBatchBytes);
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
      itemCount: part.recordCount,
      ...this.#options.nextIdentity(),
    };
    const { taken, outcome } = this.#options.handover.handOver(message);
    const settled = outcome.then((known) => this.#settlePart(batch, part, known));
    await taken;
    // Without a disk between, taken is answered, and the counts shall be complete then.
    if (this.#options.handover.settlesWhenTaken) await settled;
  }

  #settlePart(batch: Batch, part: BatchPart, outcome: HandoverOutcome): void {
    const endOf = itemEnds(outcome, part);
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

  #settle(itemNumber: number, end: ItemEnd): void {
    const ledger = this.#ledger;
    ledger.inFlight -= 1;
    if (end.kind === "acknowledged") ledger.acknowledged += 1;
    else if (end.kind === "spooled") ledger.spooled += 1;
    else if (end.kind === "rejected") ledger.reject(end.code);
    else ledger.dropped[end.reason] += 1;
    for (const tally of this.#tallies) tally.count(itemNumber, end);
  }
}

/** The item, or the error that its maker threw. */
function builtItem(make: () => QueuedThing): unknown {
  try {
    return make();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** How each item of a message ended, by its position in the message. */
function itemEnds(outcome: HandoverOutcome, part: BatchPart): (position: number) => ItemEnd {
  if (outcome.kind === "spooled") return () => ({ kind: "spooled" });
  if (outcome.kind === "abandoned") return () => ({ kind: "dropped", reason: "closed" });
  if (outcome.kind === "refused") return () => ({ kind: "rejected", code: outcome.code });
  const [first] = outcome.rejected;
  // A row went into every record: it is stored when all of them are.
  if (part.sharesRecords) {
    const end: ItemEnd =
      first === undefined ? { kind: "acknowledged" } : { kind: "rejected", code: first.code };
    return () => end;
  }
  const codes = new Map(outcome.rejected.map((item) => [item.index, item.code]));
  return (position) => {
    const code = codes.get(position);
    return code === undefined ? { kind: "acknowledged" } : { kind: "rejected", code };
  };
}
