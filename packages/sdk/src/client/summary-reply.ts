import type { DriftWindowStatus, ProfileSummary } from "@scouter/contracts";

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

export interface ProfileFeature {
  readonly profile_uid: string;
  readonly name: string;
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
  /** Alerts that are to be looked at, and all that were stored. */
  readonly alerts: { readonly active: number; readonly total: number };
  /** Drift windows by status. */
  readonly windows: Readonly<Record<DriftWindowStatus, number>>;
  /** Features and metrics in the newest window of their profile that measured something. */
  readonly features: {
    readonly drifted: readonly ProfileFeature[];
    readonly stable: readonly ProfileFeature[];
  };
  readonly profiles: readonly EvaluatedProfile[];
}

export interface ProfileList {
  readonly items: readonly ProfileSummary[];
  /** Pass it to the next call; null on the last page. */
  readonly next_cursor: string | null;
}
