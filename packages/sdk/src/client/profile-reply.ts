import type { ProfileSummary } from "@scouter/contracts";

export interface ProfileList {
  readonly items: readonly ProfileSummary[];
  /** Pass it to the next call; null on the last page. */
  readonly next_cursor: string | null;
}
