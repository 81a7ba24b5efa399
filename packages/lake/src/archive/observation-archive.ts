/**
 * Observations that are no longer in the database: a Delta table of its own in the lake, filled day by day.
 *
 * Contract:
 * - `write` replaces what was written of the day before in one commit, so it may be repeated after a kill at any point.
 *   Whether a day counts is not for the archive to say: readers name the days that they want.
 * - `write` carries an epoch above every earlier one; one that is not rejects with kind `conflict`, nothing is stored.
 * - A day that was written is seen by every read that begins later, also in another process.
 * - `merge` and `expire` carry epochs as `write` does. A merge changes no answer.
 */
export interface ObservationArchive {
  /** Resolves with the number of rows that were written. Nothing is stored when reading the rows rejects. */
  write(day: ArchiveDay, rows: AsyncIterable<{ readonly text: string }>): Promise<number>;
  /** Epoch of the newest write; 0 before the first. */
  epoch(): Promise<number>;
  /** Values by series and bucket, in this order. */
  valueChart(query: ArchiveQuery): Promise<readonly ArchivedValues[]>;
  /** Sums of counts by series, bucket and bin, in this order. */
  binChart(query: ArchiveQuery): Promise<readonly ArchivedBin[]>;
  /** What a drift window reads: values by series, in the order of `created_at`. */
  windowValues(query: ArchiveWindow): Promise<readonly ArchivedValue[]>;
  /** Sums of values by series. */
  windowSums(query: ArchiveWindow): Promise<readonly ArchivedSum[]>;
  /** Sums of counts by series and bin. */
  windowBins(query: ArchiveWindow): Promise<readonly Omit<ArchivedBin, "bucketMs">[]>;
  /** The last `count` values of each series that were received before `endMs`, in the order of `created_at`. */
  lastValues(
    query: Omit<ArchiveWindow, "beginMs"> & { readonly count: number },
  ): Promise<readonly ArchivedValue[]>;
  /**
   * Makes one file of small ones of a day, of the days named: those that the database lists. False, and nothing done, when
   * there are no two of one day any more.
   */
  merge(days: readonly Omit<ArchiveDay, "epoch">[], epoch: number): Promise<boolean>;
  /** Removes days before `beforeDay`, listed or not. Resolves with the number of files; 0, and nothing done, when there are none. */
  expire(beforeDay: string, epoch: number): Promise<number>;
  /** Deletes the files of writes that were replaced or cut short, when no reader can need them any more. */
  vacuum(): Promise<void>;
  close(): Promise<void>;
}

export interface ArchiveDay {
  /** `Spc`, `Psi` or `Custom`. */
  readonly kind: string;
  /** Of `received_at`, such as `2026-11-30`. */
  readonly day: string;
  readonly epoch: number;
}

/** A row as it comes, one JSON object a line. Times are RFC 3339. */
export interface ArchivedObservation {
  readonly profile_uid: string;
  readonly series: string;
  readonly received_at: string;
  readonly created_at: string;
  readonly position: number;
  readonly value?: number;
  readonly bin_id?: number;
  readonly bin_count?: number;
}

/** beginMs <= created_at < endMs, in the days named, cut into buckets at `originMs` plus whole multiples of `widthMs`. */
export interface ArchiveQuery {
  readonly kind: string;
  readonly days: readonly string[];
  readonly profileUid: string;
  readonly beginMs: number;
  readonly endMs: number;
  readonly widthMs: number;
  readonly originMs: number;
  /** Values beyond this, to either side, count as this. */
  readonly mostCharted: number;
}

/** beginMs <= received_at < endMs, exact to the microsecond, in the days named. */
export interface ArchiveWindow {
  readonly kind: string;
  readonly days: readonly string[];
  readonly profileUid: string;
  readonly beginMs: number;
  readonly endMs: number;
}

export interface ArchivedValue {
  readonly series: string;
  /** The sender's time, RFC 3339 with microseconds. */
  readonly at: string;
  readonly value: number;
}

export interface ArchivedSum {
  readonly series: string;
  /** Not finite when a value, or what they add up to, is at the end of a double's range. */
  readonly sum: number;
  readonly count: number;
}

export interface ArchivedValues {
  readonly series: string;
  readonly bucketMs: number;
  readonly count: number;
  readonly average: number;
  /** Sample standard deviation; 0 of one value. */
  readonly deviation: number;
}

export interface ArchivedBin {
  readonly series: string;
  readonly bucketMs: number;
  readonly binId: number;
  readonly count: number;
}
