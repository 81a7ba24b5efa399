import type { ProfileReference, TaskCounts } from "@scouter/contracts";
import type { BucketedPeriod, Period } from "../session/period.ts";
import type { SpaceScope } from "../session/space-scope.ts";

/**
 * What happens over all profiles of some spaces. Reads only.
 *
 * Contract (suite: `@scouter/testkit` `repositoriesContract`): the work of a call grows with what lies in the period and
 * with the number of profiles, not with what is stored altogether. Times are the database's, but for `created_at` of
 * records, which is the sender's.
 */
export interface OverviewRepository {
  /** Buckets in which something happened, ascending; the others are left out. */
  activity(
    request: { readonly spaces: SpaceScope } & BucketedPeriod,
  ): Promise<readonly BucketActivity[]>;
  /** What is amiss, one row a profile and kind, newest first within a kind; at most `limit`, 1..1000, of each kind. */
  troubles(
    request: { readonly spaces: SpaceScope; readonly limit: number } & Period,
  ): Promise<readonly Trouble[]>;
  delivery(request: { readonly spaces: SpaceScope } & Period): Promise<DeliveryState>;
  freshness(spaces: SpaceScope): Promise<Freshness>;
}

/** Pending records are counted up to here: a backlog of millions must not slow every look at it. */
export const MOST_PENDING_COUNTED = 100_000;

export interface BucketActivity {
  readonly bucket: number;
  /** By the time at which results were stored. */
  readonly recordsEvaluated: number;
  readonly tasks: TaskCounts;
  /** By the end of the window. */
  readonly windowsDone: number;
  /** Of those that are done. */
  readonly windowsAlerting: number;
  readonly windowsFailed: number;
  /** By the time at which they opened. */
  readonly alertsFired: number;
}

/**
 * `dead-records`, `failed-windows`, `undelivered-alerts`: given up in the period. `schedule-error`: now. `no-data`:
 * active profiles for which nothing came in the period.
 */
export type TroubleKind =
  | "dead-records"
  | "failed-windows"
  | "schedule-error"
  | "undelivered-alerts"
  | "no-data";

export interface Trouble {
  readonly kind: TroubleKind;
  readonly profile: ProfileReference;
  /** Records, windows or messages; 1 for the other kinds. */
  readonly count: number;
  /** RFC 3339. Of `no-data` the last data before the period's end, null without any. */
  readonly since: string | null;
  /** The newest error, where there is one. */
  readonly error: string | null;
  readonly recordUid: string | null;
  readonly windowId: number | null;
}

export interface PendingState {
  readonly pending: number;
  readonly oldestPendingAt: string | null;
  readonly oldestPendingAgeSeconds: number | null;
}

export interface DeliveryState {
  /** Delivered and failed: those that ended in the period. */
  readonly outbox: PendingState & { readonly delivered: number; readonly failed: number };
  /** Waiting or under way, counted up to `MOST_PENDING_COUNTED`. */
  readonly records: PendingState;
}

/** RFC 3339; null when there was none. */
export interface Freshness {
  readonly latestRecordReceived: string | null;
  readonly latestEvaluationFinished: string | null;
  readonly latestWindowComputed: string | null;
}
