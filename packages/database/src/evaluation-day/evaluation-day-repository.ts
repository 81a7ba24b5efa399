import type { DayRange, DayRows } from "../observation/observation-day-repository.ts";

/**
 * The way of ended records, with their results, to the archive: day by day of their end (UTC), in parts of bounded size.
 *
 * A record has ended when it was evaluated, or given up and then discarded; its end is the later of the two times. What is
 * pending, and what was given up and not discarded, stays.
 *
 * Contract (suite: `@scouter/testkit` `repositoriesContract`):
 * - A record is in the database or in an archived part, never in both: `finish` names the part and deletes its records in
 *   one transaction.
 * - Parts of a day are archived in their order, one that was archived is never read again, and an attempt whose lease went to somebody else finishes nothing: so
 *   whoever holds the lease may write a part again that was not finished.
 * - What ends in an archived day later (the clock was set back) is a further part of that day.
 */
export interface EvaluationDayRepository {
  /**
   * Parts of days that ended at least `ageDays` days ago and that no window needs any more, oldest first, in the order in
   * which they must be archived. A bounded number of them.
   */
  toArchive(ageDays: number): Promise<readonly EvaluationPart[]>;
  /** The records of a part, piece by piece. Rejects with kind `conflict` when it is not the day's next one. */
  rows(part: EvaluationPart): AsyncIterable<DayRows>;
  /**
   * `changed`, with nothing done, when the part does not have exactly this many records (any more), or the lease is not at
   * this epoch any more.
   */
  finish(part: EvaluationPart, rows: number, lease: ArchiveLease): Promise<"done" | "changed">;
  /** All parts of days of which none was archived less than `ageMs` ago, ascending. */
  archivedFor(ageMs: number): Promise<readonly ArchivedPart[]>;
  /** As that of `ObservationDayRepository`. */
  expiredBefore(ageDays: number): Promise<string | undefined>;
  /** As that of `ObservationDayRepository`. What profiles are told to have had over all time stays. */
  forgetArchived(beforeDay: string): Promise<void>;
  /** Ascending. Looked at before and after a read of the records, it tells whether a part moved meanwhile. */
  archived(within?: DayRange): Promise<readonly ArchivedPart[]>;
}

export interface ArchivedPart {
  /** Such as `2026-11-30`. */
  readonly day: string;
  /** From 0. */
  readonly part: number;
}

export interface EvaluationPart extends ArchivedPart {
  /** The last record of the part: the first is the day's first that is still in the database. */
  readonly through: { readonly endedAt: string; readonly id: number };
}

export interface ArchiveLease {
  readonly name: string;
  readonly epoch: number;
}
