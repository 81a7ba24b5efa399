import type {
  DriftFeatureResult,
  DriftFeatureStatus,
  DriftResult,
  DriftType,
  DriftWindow,
  DriftWindowStatus,
  JsonObject,
  ProfileReference,
} from "@scouter/contracts";
import type { Period } from "../session/period.ts";
import type { SpaceScope } from "../session/space-scope.ts";

/**
 * What drift windows found, for people to look at. Reads only; `DriftWindowRepository` is what workers use.
 *
 * Contract (suite: `@scouter/testkit` `repositoriesContract`): periods are of the windows' ends. An unknown uid or id has
 * nothing; it is no error.
 */
export interface DriftBoardRepository {
  /** Profiles of every kind, newest first. */
  profiles(request: DriftProfilesRequest): Promise<DriftProfileList>;
  /** The newest windows that end in the period, newest first. */
  windows(request: BoardWindowsRequest): Promise<readonly BoardWindow[]>;
  window(id: number): Promise<WindowDetails | undefined>;
  /** What the newest windows of a profile say of one feature, newest first. `limit` 1..1000. */
  featureHistory(request: FeatureHistoryRequest): Promise<readonly FeatureInWindow[]>;
  /** A window with up to `each` of the profile's windows before it and after it, oldest first. */
  featureAround(request: FeatureAroundRequest): Promise<readonly FeatureInWindow[]>;
  /** The newest `limit` values of a feature that were received in startMs < t <= endMs, in the order of time. */
  spcPoints(request: SpcPointsRequest): Promise<SpcPointList>;
}

export interface DriftProfilesRequest extends Period {
  readonly spaces: SpaceScope;
  /** Every kind when absent. */
  readonly kind?: DriftType | undefined;
  /** 1..1000. */
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface DriftProfileList {
  readonly items: readonly DriftProfileRow[];
  readonly nextCursor: string | null;
}

export interface DriftProfileRow {
  readonly reference: ProfileReference;
  readonly active: boolean;
  readonly createdAt: string;
  readonly profile: JsonObject;
  readonly scheduleError: string | null;
  /** Up to here windows are planned; null of a profile that was not looked at yet. */
  readonly plannedThrough: string | null;
  /** Newest window that is done or failed for good. */
  readonly lastWindow: {
    readonly id: number;
    readonly windowEnd: string;
    readonly status: DriftWindowStatus;
    /** Features by status; null without a result. */
    readonly features: Partial<Readonly<Record<DriftFeatureStatus, number>>> | null;
  } | null;
  /** Newest window of the period that is done and counted a value. */
  readonly lastMeasured: { readonly id: number; readonly windowEnd: string } | null;
  readonly openAlerts: number;
  readonly windowsDone: number;
  /** Of those that are done. */
  readonly windowsAlerting: number;
  readonly windowsFailed: number;
}

export interface BoardWindowsRequest extends Period {
  readonly profileUid: string;
  /** 1..1000. */
  readonly limit: number;
  /** True: only those that counted a value, and those that failed. */
  readonly measuredOnly?: boolean;
}

export interface BoardWindow {
  readonly id: number;
  readonly windowStart: string;
  readonly windowEnd: string;
  readonly status: DriftWindowStatus;
  readonly alerting: boolean;
  readonly revised: number;
  readonly skippedWindows: number;
  readonly lastError: string | null;
  /** Without the long lists of a result; null of a window that is not done. */
  readonly features: readonly DriftFeatureResult[] | null;
}

export interface WindowDetails {
  readonly reference: ProfileReference;
  readonly profile: JsonObject;
  readonly window: Omit<DriftWindow, "result" | "profile_uid">;
  readonly alerting: boolean;
  /** Of a window that is done. */
  readonly result: DriftResult | null;
  /** Whether the profile's body was replaced after the window was computed. */
  readonly profileChanged: boolean;
  /** That were open in this window. */
  readonly alerts: readonly {
    readonly id: number;
    readonly feature: string;
    readonly opened_here: boolean;
  }[];
  readonly previousId: number | null;
  readonly nextId: number | null;
}

export interface FeatureHistoryRequest {
  readonly profileUid: string;
  readonly feature: string;
  readonly limit: number;
}

export interface FeatureAroundRequest {
  readonly profileUid: string;
  readonly feature: string;
  readonly windowId: number;
  /** 1..100. */
  readonly each: number;
}

export interface FeatureInWindow {
  readonly windowId: number;
  readonly windowEnd: string;
  readonly status: DriftWindowStatus;
  /** Null of a window that is not done, or did not look at the feature. */
  readonly feature: DriftFeatureResult | null;
}

export interface SpcPointsRequest {
  readonly profileUid: string;
  readonly feature: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly limit: number;
}

export interface SpcPointList {
  readonly points: readonly { readonly at: string; readonly value: number }[];
  /** How many there are in all. */
  readonly total: number;
}
