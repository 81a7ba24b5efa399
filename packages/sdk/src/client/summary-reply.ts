import type { ProfileSummary } from "@scouter/contracts";

/** What the server holds, counted. */
export interface Summary {
  readonly spans: number;
  readonly traces: number;
  readonly error_spans: number;
  readonly records: {
    readonly pending: number;
    readonly processing: number;
    readonly processed: number;
    readonly failed: number;
  };
  readonly tasks: {
    readonly passed: number;
    readonly failed: number;
    readonly errored: number;
    readonly skipped: number;
  };
  /** Passed over counted tasks, 0..1; null while nothing was evaluated. */
  readonly pass_rate: number | null;
  readonly profiles: readonly ProfileSummary[];
}

export interface ProfileList {
  readonly items: readonly ProfileSummary[];
  /** Pass it to the next call; null on the last page. */
  readonly next_cursor: string | null;
}
