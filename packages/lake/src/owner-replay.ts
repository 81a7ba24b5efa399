import { isScouterError } from "@scouter/contracts";
import type { IngestLog, StoredIngestEntry } from "./ingest-log/ingest-log.ts";
import type { TraceLakeEvents } from "./trace-lake-events.ts";
import type { LakeWorkerClient } from "./worker/worker-client.ts";

/** Entries replayed before a flush, so that a long log does not fill the memory. */
const REPLAY_FLUSH_ENTRIES = 500;

export interface OwnerReplayParts {
  readonly log: IngestLog;
  readonly worker: LakeWorkerClient;
  readonly events: Pick<TraceLakeEvents, "onDeadLetter" | "onReplay">;
  /** Commits what was admitted of the owner and releases it; `isLost` when another process commits for it too. */
  flushOwner(log: IngestLog, owner: string): Promise<{ readonly isLost: boolean }>;
}

/**
 * Decodes what an ended process left in the log and commits it under that process's owner, behind what the table holds
 * of it. Should the owner be alive after all and commit meanwhile, one of the two loses: when it is this replay, it
 * begins again behind what is in the table then.
 */
export class OwnerReplay {
  readonly #parts: OwnerReplayParts;
  readonly #owner: string;

  constructor(parts: OwnerReplayParts, owner: string) {
    this.#parts = parts;
    this.#owner = owner;
  }

  async run(): Promise<void> {
    const { log, worker, events } = this.#parts;
    const owner = this.#owner;
    if (!(await log.adopt(owner))) return;
    try {
      let replayed = await this.#replay();
      while (replayed.isLost) replayed = await this.#replay();
      await log.release(owner, replayed.last);
      const { entries, spans } = replayed;
      if (entries > 0) events.onReplay({ owner, entries, spans });
    } finally {
      await worker.call("endOwner", { owner });
    }
  }

  async #replay() {
    const { log, worker } = this.#parts;
    const owner = this.#owner;
    const { watermark } = await worker.call("beginOwner", { owner });
    const done = { last: watermark, entries: 0, spans: 0, isLost: false };
    for await (const entry of log.read(owner, watermark)) {
      if (entry.damaged === undefined) await this.#skipTo(done.last + 1, entry.sequence);
      const { sequence, spanCount } = await this.#replayEntry(entry);
      done.entries += 1;
      done.spans += spanCount;
      done.last = sequence ?? done.last;
      if (done.entries % REPLAY_FLUSH_ENTRIES !== 0) continue;
      if ((await this.#parts.flushOwner(log, owner)).isLost) return { ...done, isLost: true };
    }
    return { ...done, isLost: (await this.#parts.flushOwner(log, owner)).isLost };
  }

  /** A damaged record took its number with it: the ones behind it must not wait for it. */
  async #skipTo(from: number, to: number): Promise<void> {
    const { worker } = this.#parts;
    for (let lost = from; lost < to; lost += 1) {
      await worker.call("admitNothing", { owner: this.#owner, sequence: lost });
    }
  }

  async #replayEntry(entry: StoredIngestEntry) {
    const { worker, events } = this.#parts;
    const owner = this.#owner;
    if (entry.damaged !== undefined) {
      const { position, reason } = entry.damaged;
      const letter = { owner, sequence: undefined, reason: `${position}: ${reason}` };
      await events.onDeadLetter({ ...letter, payload: undefined, format: undefined });
      return { sequence: undefined, spanCount: 0 };
    }
    const { sequence, payload, format, receivedAt } = entry;
    try {
      const call = { owner, sequence, payload, format, receivedAt };
      const { spanCount } = await worker.call("replay", call);
      return { sequence, spanCount };
    } catch (error) {
      if (!isScouterError(error) || error.kind !== "invalid") throw error;
      await events.onDeadLetter({ owner, sequence, reason: error.message, payload, format });
      await worker.call("admitNothing", { owner, sequence });
      return { sequence, spanCount: 0 };
    }
  }
}
