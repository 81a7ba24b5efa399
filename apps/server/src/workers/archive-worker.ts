import type { Clock } from "@scouter/contracts";
import type { Database, ObservationDay } from "@scouter/database";
import type { ObservationArchive } from "@scouter/lake";

export interface ArchiveWorkerParts {
  readonly database: Pick<Database, "observationDays" | "leases">;
  readonly archive: ObservationArchive;
  readonly clock: Clock;
  /** Days that observations stay in the database; 0 keeps all. */
  readonly retentionDays: number;
  /** Unique over processes. */
  readonly holder: string;
  readonly events: ArchiveWorkerEvents;
}

/** For logs and metrics; none may throw. */
export interface ArchiveWorkerEvents {
  readonly onArchived: (day: ObservationDay, rows: number) => void;
  /** The day is tried again at the next round; other days are not held up. */
  readonly onFailed: (day: ObservationDay, error: unknown) => void;
  readonly onTrouble: (error: unknown) => void;
}

/** Parts that are there before their day comes: more than a server should ever be down. */
const DAYS_AHEAD = 3;
const INTERVAL_MS = 60_000;
/** Longer than a day of many rows takes to write; a process that was killed holds the archive up for so long. */
const LEASE_MS = 15 * 60_000;
const LEASE_NAME = "observation-archive";

/**
 * Makes the parts of the days to come, and moves days out of the retention period to the archive: written, then marked as
 * archived and dropped in one transaction. A kill between leaves a day that is written once more.
 */
export class ArchiveWorker {
  readonly #parts: ArchiveWorkerParts;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(parts: ArchiveWorkerParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Resolves when the day under way has ended. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock, events } = this.#parts;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.runOnce().catch(events.onTrouble);
      // The signal ends the pause; the loop's condition sees it.
      await clock.sleep(INTERVAL_MS, signal).catch(() => undefined);
    }
  }

  /** One round: resolves when nothing more is to be archived, or somebody else does it. */
  async runOnce(): Promise<void> {
    const { database, archive, retentionDays, holder } = this.#parts;
    await database.observationDays.prepare(DAYS_AHEAD);
    if (retentionDays === 0) return;
    const days = await database.observationDays.toArchive(retentionDays);
    if (days.length === 0) return;
    const lease = { name: LEASE_NAME, holder, leaseMs: LEASE_MS };
    try {
      for (const day of days) {
        if (this.#stopping.signal.aborted) return;
        const epoch = await database.leases.acquireEpoch(lease, await archive.epoch());
        if (epoch === undefined) return;
        await this.#archive(day, epoch);
      }
      await archive.vacuum();
    } finally {
      await database.leases.release(LEASE_NAME, holder);
    }
  }

  async #archive(day: ObservationDay, epoch: number): Promise<void> {
    const { database, archive, events } = this.#parts;
    try {
      const rows = await archive.write({ ...day, epoch }, database.observationDays.rows(day));
      const outcome = await database.observationDays.finish(day, rows);
      // Changed: rows came meanwhile, so the next round writes it anew.
      if (outcome === "done") events.onArchived(day, rows);
    } catch (error) {
      events.onFailed(day, error);
    }
  }
}
