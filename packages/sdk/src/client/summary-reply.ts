import type { ProfileSummary } from "@scouter/contracts";

/** Tasks by how they ended on the records evaluated so far. */
export interface TaskCounts {
  readonly passed: number;
  readonly failed: number;
  readonly errored: number;
  readonly skipped: number;
}

/** A profile with what its evaluation found so far. */
export interface EvaluatedProfile extends ProfileSummary {
  readonly records_evaluated: number;
  readonly tasks: TaskCounts;
  /** As the summary's, of this profile alone. */
  readonly pass_rate: number | null;
}

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
  readonly tasks: TaskCounts;
  /** Passed over counted tasks, 0..1; null while nothing was evaluated. */
  readonly pass_rate: number | null;
  readonly profiles: readonly EvaluatedProfile[];
}

export interface ProfileList {
  readonly items: readonly ProfileSummary[];
  /** Pass it to the next call; null on the last page. */
  readonly next_cursor: string | null;
}
