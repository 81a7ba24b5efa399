import type { Observation } from "./observation-repository.ts";

/**
 * The days of `received_at` (UTC) into which the tables of observations are divided, and the way of an old day to the
 * archive.
 *
 * Contract (suite: `@scouter/testkit` `repositoriesContract`):
 * - A row is in the database or in an archived day, never in both: `finish` marks the day and drops its rows in one
 *   transaction. What is stored in an archived day later (the clock was set back by weeks) stays in the database.
 * - `prepare` and `finish` wait for others only briefly; kind `unavailable` or `conflict` says to try again later.
 */
export interface ObservationDayRepository {
  /** Makes the parts of today and the days ahead, and moves rows that came before their part into it. */
  prepare(daysAhead: number): Promise<void>;
  /**
   * Days that ended at least `ageDays` days ago and that no window needs any more, oldest first: every schedule has passed
   * them, and no window that is open, or that late rows may still come for, begins in or before them.
   */
  toArchive(ageDays: number): Promise<readonly ObservationDay[]>;
  /** The rows of a day, piece by piece, in no particular order. */
  rows(day: ObservationDay): AsyncIterable<DayRows>;
  /**
   * Ends the day in the database. `changed`, with nothing done, when it does not have exactly this many rows (any more):
   * archive it anew.
   */
  finish(day: ObservationDay, rows: number): Promise<"done" | "changed">;
  /** Days that were archived at least `ageMs` ago, ascending by day. */
  archivedFor(ageMs: number): Promise<readonly ObservationDay[]>;
  /** The day before which every day ended at least `ageDays` days ago; undefined when no archived day is before it. */
  expiredBefore(ageDays: number): Promise<string | undefined>;
  /**
   * Takes days before this one off the list of archived ones: when the archive has nothing of them any more. What is stored in
   * one of them later is a new day, to be archived again.
   */
  forgetArchived(beforeDay: string): Promise<void>;
  /** Ascending. Looked at before and after a read of the rows, it tells whether a day moved meanwhile. */
  archived(kind: ObservationKind, within?: DayRange): Promise<readonly string[]>;
}

/** Days from the first to the last one, both included; such as `2026-11-30`. */
export interface DayRange {
  readonly first: string;
  readonly last: string;
}

export type ObservationKind = Observation["kind"];

export interface ObservationDay {
  readonly kind: ObservationKind;
  /** Such as `2026-11-30`. */
  readonly day: string;
}

/** JSON objects, one a line, each line ended: `ArchivedObservation` says which fields. */
export interface DayRows {
  readonly text: string;
  readonly rows: number;
}
