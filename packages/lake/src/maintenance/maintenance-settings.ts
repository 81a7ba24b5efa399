export interface MaintenanceSettings {
  /** A partition is merged when it has as many small files; at least 2. */
  readonly mergeFiles: number;
  /** Files become about as large, at least half as large where there is enough; bytes. */
  readonly targetBytes: number;
  /** A file that has not been sorted among its neighbours is, when it is older than this, milliseconds. */
  readonly sortIntervalMs: number;
  /** Partitions of days longer ago are removed; 0 keeps them for ever. */
  readonly retentionDays: number;
}

/** Name of the tag on files that a sort has written, or found in order. */
export const SORTED_TAG = "scouter.sorted";
