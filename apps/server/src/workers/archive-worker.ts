import type { Clock } from "@scouter/contracts";
import type { Database } from "@scouter/database";
import { Rounds } from "./rounds.ts";

export interface ArchiveWorkerParts<Unit extends ArchiveUnit> {
  readonly leases: Database["leases"];
  readonly source: ArchiveSource<Unit>;
  readonly archive: ArchiveTarget<Unit>;
  readonly clock: Clock;
  /** Days that rows stay in the database; 0 keeps all. */
  readonly retentionDays: number;
  /** One process at a time archives under it. */
  readonly leaseName: string;
  /** Unique over processes. */
  readonly holder: string;
  readonly events: ArchiveWorkerEvents<Unit>;
}

/** What moves at once: a day of a kind, or a part of a day. */
export interface ArchiveUnit {
  /** Such as `2026-11-30`. */
  readonly day: string;
}

/** Where rows come from: `ObservationDayRepository` and `EvaluationDayRepository` say more. */
export interface ArchiveSource<Unit extends ArchiveUnit> {
  /** Makes ready what the days to come need. */
  prepare?(daysAhead: number): Promise<void>;
  toArchive(ageDays: number): Promise<readonly Unit[]>;
  rows(unit: Unit): AsyncIterable<{ readonly text: string }>;
  finish(
    unit: Unit,
    rows: number,
    lease: { readonly name: string; readonly epoch: number },
  ): Promise<"done" | "changed">;
}

/** Where they go. */
export interface ArchiveTarget<Unit extends ArchiveUnit> {
  write(
    unit: Unit & { readonly epoch: number },
    rows: AsyncIterable<{ readonly text: string }>,
  ): Promise<number>;
  epoch(): Promise<number>;
  vacuum(): Promise<void>;
}

/** For logs and metrics; none may throw. */
export interface ArchiveWorkerEvents<Unit extends ArchiveUnit> {
  readonly onArchived: (unit: Unit, rows: number) => void;
  /** The unit is tried again at the next round; other days are not held up. */
  readonly onFailed: (unit: Unit, error: unknown) => void;
  readonly onTrouble: (error: unknown) => void;
}

/** Parts that are there before their day comes: more than a server should ever be down. */
const DAYS_AHEAD = 3;
const INTERVAL_MS = 60_000;
/** Longer than a day of many rows takes to write; a process that was killed holds the archive up for so long. */
const LEASE_MS = 15 * 60_000;

/**
 * Moves what is out of the retention period to the archive: written, then marked as archived and deleted in one
 * transaction. A kill between leaves a unit that is written once more.
 */
export class ArchiveWorker<Unit extends ArchiveUnit> {
  readonly #parts: ArchiveWorkerParts<Unit>;
  readonly #rounds: Rounds;

  constructor(parts: ArchiveWorkerParts<Unit>) {
    this.#parts = parts;
    const { clock, events } = parts;
    this.#rounds = new Rounds({ clock, pauseMs: INTERVAL_MS, onTrouble: events.onTrouble });
  }

  start(): void {
    this.#rounds.start(() => this.runOnce());
  }

  /** Resolves when the unit under way has ended. */
  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  /** One round: resolves when nothing more is to be archived, or somebody else does it. */
  async runOnce(): Promise<void> {
    const { source, leases, archive, retentionDays, leaseName, holder } = this.#parts;
    await source.prepare?.(DAYS_AHEAD);
    if (retentionDays === 0) return;
    const units = await source.toArchive(retentionDays);
    if (units.length === 0) return;
    const lease = { name: leaseName, holder, leaseMs: LEASE_MS };
    try {
      for (const unit of units) {
        if (this.#rounds.signal.aborted) return;
        const epoch = await leases.acquireEpoch(lease, await archive.epoch());
        if (epoch === undefined) return;
        await this.#archive(unit, epoch);
      }
      await archive.vacuum();
    } finally {
      await leases.release(leaseName, holder);
    }
  }

  async #archive(unit: Unit, epoch: number): Promise<void> {
    const { source, archive, events, leaseName } = this.#parts;
    try {
      const rows = await archive.write({ ...unit, epoch }, source.rows(unit));
      const outcome = await source.finish(unit, rows, { name: leaseName, epoch });
      // Changed: rows came or went meanwhile, so the next round writes it anew.
      if (outcome === "done") events.onArchived(unit, rows);
    } catch (error) {
      events.onFailed(unit, error);
    }
  }
}
