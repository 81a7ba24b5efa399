import type { DriftAlert, DriftAlertPaginationRequest, JsonObject, Page } from "@scouter/contracts";
import type { AlertEntry, AlertList, AlertListRequest, AlertMessage } from "./alert-list.ts";

/**
 * Stored alerts and what the lifecycle remembers of them. Written by the completion of a window.
 *
 * Contract (suite: `@scouter/testkit` `repositoriesContract`): an alert is one row from its opening to its end, however
 * many windows it lasts.
 */
export interface AlertRepository {
  /** Newest first (wire cursor rules). Limit 50 unless given. An unknown profile is an empty page. */
  page(request: DriftAlertPaginationRequest): Promise<Page<DriftAlert>>;
  /** Of many profiles, newest first. */
  list(request: AlertListRequest): Promise<AlertList>;
  entry(id: number): Promise<AlertEntry | undefined>;
  /** What was told of an alert, oldest first: messages of the window in which it opened that name its feature. */
  messages(alert: AlertEntry): Promise<readonly AlertMessage[]>;
  /** Marks an alert as (not) to be looked at; what is remembered of it stays. False when the id is unknown. */
  setActive(id: number, active: boolean): Promise<boolean>;
  /** Uid of the profile that an alert belongs to; undefined when the id is unknown. */
  profileOf(id: number): Promise<string | undefined>;
  /** The space of the profile that an alert is of; undefined when the id is unknown. */
  spaceOf(id: number): Promise<string | undefined>;
  /** Ordered by key. */
  states(profileUid: string): Promise<readonly StoredAlertState[]>;
  /** Of many profiles at once, by the uid as given; one without states is left out. */
  statesOf(
    profileUids: readonly string[],
  ): Promise<ReadonlyMap<string, readonly StoredAlertState[]>>;
  /** Over all profiles, or one. */
  counts(profileUid?: string): Promise<AlertCounts>;
}

export interface StoredAlertState {
  readonly key: string;
  readonly entityName: string;
  /** As the completion of a window gave it. */
  readonly state: JsonObject;
}

export interface AlertCounts {
  readonly active: number;
  readonly total: number;
}
