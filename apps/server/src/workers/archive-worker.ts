import type { Clock } from "@scouter/contracts";
import type { Database } from "@scouter/database";
import { Rounds } from "./rounds.ts";

export interface ArchiveWorkerParts<Unit extends Listed, Listed extends ArchiveUnit = Unit> {
  readonly leases: Database["leases"];
  readonly source: ArchiveSource<Unit, Listed>;
  readonly archive: ArchiveTarget<Unit, Listed>;
  readonly clock: Clock;
  /** Days that rows stay in the database; 0 keeps all. */
  readonly retentionDays: number;
  /** Days that they stay in the archive; 0 keeps them for good. */
  readonly archiveRetentionDays: number;
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
export interface ArchiveSource<Unit extends ArchiveUnit, Listed extends ArchiveUnit = Unit> {
  /** Makes ready what the days to come need. */
  prepare?(daysAhead: number): Promise<void>;
  toArchive(ageDays: number): Promise<readonly Unit[]>;
  rows(unit: Unit): AsyncIterable<{ readonly text: string }>;
  finish(
    unit: Unit,
    rows: number,
    lease: { readonly name: string; readonly epoch: number },
  ): Promise<"done" | "changed">;
  archivedFor(ageMs: number): Promise<readonly Listed[]>;
  expiredBefore(ageDays: number): Promise<string | undefined>;
  forgetArchived(beforeDay: string): Promise<void>;
}

/** Where they go. */
export interface ArchiveTarget<Unit extends ArchiveUnit, Listed extends ArchiveUnit = Unit> {
  write(
    unit: Unit & { readonly epoch: number },
    rows: AsyncIterable<{ readonly text: string }>,
  ): Promise<number>;
  epoch(): Promise<number>;
  merge(listed: readonly Listed[], epoch: number): Promise<boolean>;
  expire(beforeDay: string, epoch: number): Promise<number>;
  vacuum(): Promise<void>;
}

/** For logs and metrics; none may throw. */
export interface ArchiveWorkerEvents<Unit extends ArchiveUnit> {
  readonly onArchived: (unit: Unit, rows: number) => void;
  /** The unit is tried again at the next round; other days are not held up. */
  readonly onFailed: (unit: Unit, error: unknown) => void;
  /** Small files of a day became one. */
  readonly onMerged: () => void;
  readonly onExpired: (beforeDay: string, files: number) => void;
  readonly onTrouble: (error: unknown) => void;
}

/** Parts that are there before their day comes: more than a server should ever be down. */
const DAYS_AHEAD = 3;
const INTERVAL_MS = 60_000;
/** Longer than a day of many rows takes to write; a process that was killed holds the archive up for so long. */
const LEASE_MS = 15 * 60_000;
const UPKEEP_INTERVAL_MS = 3_600_000;
/** Files are merged that no reader can have found on a shorter list any more: reads take seconds. */
const SETTLED_MS = 3_600_000;

/**
 * Moves what is out of the retention period to the archive: written, then marked as archived and deleted in one
 * transaction. A kill between leaves a unit that is written once more. Once an hour the archive is looked after: what is out
 * of its own retention goes, there and then from the list, and small files are merged.
 */
export class ArchiveWorker<Unit extends Listed, Listed extends ArchiveUnit = Unit> {
  readonly #parts: ArchiveWorkerParts<Unit, Listed>;
  readonly #rounds: Rounds;
  #upkeepAtMs = -Infinity;

  constructor(parts: ArchiveWorkerParts<Unit, Listed>) {
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

  /** One round: resolves when nothing more is to be done, or somebody else does it. */
  async runOnce(): Promise<void> {
    const { source, leases, archive, retentionDays, leaseName, holder } = this.#parts;
    await source.prepare?.(DAYS_AHEAD);
    const units = retentionDays === 0 ? [] : await source.toArchive(retentionDays);
    const listed = await this.#toLookAfter();
    if (units.length === 0 && listed.length === 0) return;
    try {
      for (const unit of units) {
        const epoch = await this.#nextEpoch();
        if (epoch === undefined) return;
        await this.#archive(unit, epoch);
      }
      if (listed.length > 0) await this.#lookAfter(listed);
      await archive.vacuum();
    } finally {
      await leases.release(leaseName, holder);
    }
  }

  /** What the archive holds, when it is time to look after it. */
  async #toLookAfter(): Promise<readonly Listed[]> {
    const now = this.#parts.clock.monotonicMs();
    return now < this.#upkeepAtMs ? [] : this.#parts.source.archivedFor(SETTLED_MS);
  }

  async #lookAfter(listed: readonly Listed[]): Promise<void> {
    const { source, archive, archiveRetentionDays, events, clock } = this.#parts;
    const beforeDay =
      archiveRetentionDays === 0 ? undefined : await source.expiredBefore(archiveRetentionDays);
    if (beforeDay !== undefined) {
      const epoch = await this.#nextEpoch();
      if (epoch === undefined) return;
      // In this order: a kill between leaves days on the list without files, which the next round takes off.
      const files = await archive.expire(beforeDay, epoch);
      await source.forgetArchived(beforeDay);
      events.onExpired(beforeDay, files);
    }
    for (;;) {
      const epoch = await this.#nextEpoch();
      if (epoch === undefined) return;
      if (!(await archive.merge(listed, epoch))) break;
      events.onMerged();
    }
    this.#upkeepAtMs = clock.monotonicMs() + UPKEEP_INTERVAL_MS;
  }

  /** Undefined when it is time to stop, or somebody else has the lease. */
  async #nextEpoch(): Promise<number | undefined> {
    if (this.#rounds.signal.aborted) return undefined;
    const { leases, archive, leaseName: name, holder } = this.#parts;
    return leases.acquireEpoch({ name, holder, leaseMs: LEASE_MS }, await archive.epoch());
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
