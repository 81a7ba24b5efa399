import type { OutgoingBatch } from "../../transport/transport.ts";
import { deliverBatch, type DeliveryMeans } from "../batch-delivery.ts";
import {
  directHandover,
  type BatchHandover,
  type Handover,
  type HandoverOutcome,
} from "../handover.ts";
import { HEARTBEAT_MS, type SpoolFolder, type SpooledBatch } from "./spool-folder.ts";

/** What became of batches that earlier processes left in the spool. */
export interface SpoolStats {
  /** Items found, in batches of processes that have ended. */
  readonly recovered: number;
  readonly acknowledged: number;
  readonly rejected: Readonly<Record<string, number>>;
  /** Of the recovered ones, not answered yet. */
  readonly waiting: number;
  /** Batches that the spool could not take: it was full, or the disk failed. They were sent from memory. */
  readonly bypassed: number;
}

interface Waiting {
  readonly batch: SpooledBatch;
  /** Kept in memory as well while there are few. */
  readonly message: OutgoingBatch | undefined;
  readonly onOutcome: (outcome: HandoverOutcome) => void;
}

const SENDS_AT_ONCE = 4;
/** Bytes of waiting batches that are not read back from the disk. */
const MAX_MEMORY_BYTES = 4 * 1024 * 1024;

/**
 * Delivery by way of the disk: a batch is on it before its first try, and stays until it is answered, however long the
 * server is away. Batches keep their numbers, also those that an earlier process left.
 */
export class SpooledDelivery implements BatchHandover {
  readonly settlesWhenTaken = false;
  readonly #means: DeliveryMeans;
  /** For batches that the disk does not take. */
  readonly #fromMemory: BatchHandover;
  readonly #folder: SpoolFolder;
  readonly #opened: Promise<boolean>;
  readonly #waiting: Waiting[] = [];
  readonly #rejected = new Map<string, number>();
  #sending = 0;
  #memoryBytes = 0;
  #recovered = 0;
  #acknowledged = 0;
  #waitingItems = 0;
  #bypassed = 0;

  constructor(means: DeliveryMeans, folder: SpoolFolder) {
    this.#fromMemory = directHandover(means);
    // On the disk a batch may wait for as long as the app lives.
    this.#means = { ...means, retry: { ...means.retry, maxAttempts: Infinity } };
    this.#folder = folder;
    this.#opened = folder.open().then(
      () => true,
      () => false,
    );
    void this.#keepAdopting();
  }

  handOver(message: OutgoingBatch): Handover {
    const outcome = Promise.withResolvers<HandoverOutcome>();
    const taken = this.#take(message, outcome.resolve);
    return { taken, outcome: outcome.promise };
  }

  stats(): SpoolStats {
    return {
      recovered: this.#recovered,
      acknowledged: this.#acknowledged,
      rejected: Object.fromEntries(this.#rejected),
      waiting: this.#waitingItems,
      bypassed: this.#bypassed,
    };
  }

  async close(): Promise<void> {
    for (const { onOutcome } of this.#waiting.splice(0)) onOutcome({ kind: "spooled" });
    await this.#folder.close().catch(() => undefined);
  }

  async #take(message: OutgoingBatch, onOutcome: Waiting["onOutcome"]): Promise<void> {
    const batch = await this.#written(message);
    if (batch === undefined) {
      this.#bypassed += 1;
      return onOutcome(await this.#fromMemory.handOver(message).outcome);
    }
    const keeps = this.#memoryBytes + batch.sizeBytes <= MAX_MEMORY_BYTES;
    if (keeps) this.#memoryBytes += batch.sizeBytes;
    this.#waiting.push({ batch, message: keeps ? message : undefined, onOutcome });
    this.#pump();
  }

  async #written(message: OutgoingBatch): Promise<SpooledBatch | undefined> {
    try {
      return (await this.#opened) ? await this.#folder.write(message) : undefined;
    } catch {
      // A disk that fails must not cost the batch.
      return undefined;
    }
  }

  #pump(): void {
    while (this.#sending < SENDS_AT_ONCE) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#sending += 1;
      void this.#send(next).finally(() => {
        this.#sending -= 1;
        this.#pump();
      });
    }
  }

  async #send({ batch, message, onOutcome }: Waiting): Promise<void> {
    if (message !== undefined) this.#memoryBytes -= batch.sizeBytes;
    if (this.#means.abandon.aborted) return onOutcome({ kind: "spooled" });
    try {
      const whole = message ?? (await this.#folder.read(batch));
      const outcome = await deliverBatch(whole, this.#means);
      // What is given up stays on the disk: the next process sends it.
      if (outcome.kind === "abandoned") return onOutcome({ kind: "spooled" });
      await this.#folder.remove(batch).catch(() => undefined);
      onOutcome(outcome);
    } catch {
      // Unreadable now: it stays where it is.
      onOutcome({ kind: "spooled" });
    }
  }

  async #keepAdopting(): Promise<void> {
    const { clock, abandon } = this.#means;
    if (!(await this.#opened)) return;
    while (!abandon.aborted) {
      const found = await this.#folder.adopt().catch(() => []);
      for (const batch of found) this.#recover(batch);
      this.#pump();
      await this.#folder.heartbeat().catch(() => undefined);
      await clock.sleep(HEARTBEAT_MS, abandon).catch(() => undefined);
    }
  }

  #recover(batch: SpooledBatch): void {
    this.#recovered += batch.itemCount;
    this.#waitingItems += batch.itemCount;
    const onOutcome = (outcome: HandoverOutcome) => {
      if (outcome.kind === "spooled" || outcome.kind === "abandoned") return;
      this.#waitingItems -= batch.itemCount;
      const codes =
        outcome.kind === "refused"
          ? Array.from({ length: batch.itemCount }, () => outcome.code)
          : outcome.rejected.map(({ code }) => code);
      for (const code of codes) this.#rejected.set(code, (this.#rejected.get(code) ?? 0) + 1);
      this.#acknowledged += batch.itemCount - codes.length;
    };
    this.#waiting.push({ batch, message: undefined, onOutcome });
  }
}
