import type { LakeTrial } from "@scouter/lake";

/** One call in ten goes wrong. */
export const TRIAL: LakeTrial = {
  failingCalls: 0.06,
  lostReplies: 0.04,
  maxCommitAgeMs: 5_000,
};

/** Longer than a process is stopped and read; more than twice the age at which commits are refused. */
export const TABLE_PROPERTIES: Readonly<Record<string, string>> = {
  "delta.deletedFileRetentionDuration": "interval 12 seconds",
  "delta.logRetentionDuration": "interval 12 seconds",
  "delta.checkpointInterval": "10",
};

export const LEASE_MS = 2_000;
/** How long a stopped process stands still: past its lease, within the horizons. */
export const STOPPED_MS = 3_500;
export const SPANS_PER_REQUEST = 8;
