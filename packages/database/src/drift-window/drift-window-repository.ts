import type {
  AlertMap,
  DriftResult,
  DriftType,
  DriftWindow,
  DriftWindowStatus,
  JsonObject,
} from "@scouter/contracts";

/** NOTIFY channel: sent once per transaction that made windows claimable. The payload is empty. */
export const DRIFT_WINDOWS_CHANNEL = "drift_windows";

/**
 * The ledger of drift windows: one row per (profile, window end), planned from the profile's schedule, computed under a
 * lease, kept with its result.
 *
 * Words: a window is *open* until it is done, failed for good or skipped, and *due* when it may be claimed: its time has
 * come, or its lease ran out. A *claim* is a lease with a fencing number that grows with every claim of the window.
 *
 * Contract (suite: `@scouter/testkit` `repositoriesContract`):
 * - The open windows of one profile are claimed in the order of time, one at a time, because what a window says about an
 *   alert depends on the windows before it. Profiles do not wait for each other.
 * - A plan is made from what `toPlan` gave: when the schedule moved on since, it changes nothing. Every window is
 *   inserted once, whoever plans.
 * - Computing is at least once; results are stored once: those of a stale claim are refused, and completing twice with
 *   the same claim stores once. Result, states, alerts and messages of a window commit together or not at all.
 */
export interface DriftWindowRepository {
  /** The database's time, milliseconds since the Unix epoch: the clock that observations are received by. */
  nowMs(): Promise<number>;

  /** Profiles whose next window came, whose profile changed, or that have no schedule yet; longest waiting first. */
  toPlan(nowMs: number, limit: number): Promise<readonly ProfileToPlan[]>;
  /** When the next window of any profile can be planned; undefined when none is to come. */
  nextPlanAtMs(): Promise<number | undefined>;
  /** All or nothing. Resolves with the number of windows that were inserted, skipped stretches not counted. */
  plan(plans: readonly SchedulePlan[]): Promise<number>;

  /**
   * Due windows, longest due first; at most one per profile. Empty when none is due. A window that was tried before comes
   * alone: it may be what ended its worker, and must not take others along again.
   */
  claim(request: WindowClaimRequest): Promise<readonly ClaimedWindow[]>;
  /** Extends the lease to now + `leaseMs`; false when it is lost: stop working on the window. */
  heartbeat(claim: WindowClaim, leaseMs: number): Promise<boolean>;
  complete(claim: WindowClaim, completion: WindowCompletion): Promise<WindowOutcome>;
  /** As `complete` for each, in order, but in one transaction: all of them or none. No window may be given twice. */
  completeAll(windows: readonly WindowToComplete[]): Promise<readonly WindowOutcome[]>;
  /** Ends an attempt. With `retryInMs` the window is due again after that time, else it is `failed` for good. */
  fail(claim: WindowClaim, failure: WindowFailure): Promise<WindowOutcome>;
  /** Gives back every claim of a worker at once, without counting an attempt. Resolves with their number. */
  releaseAll(workerId: string): Promise<number>;
  /**
   * Makes a window due once more: one that failed for good, or a done one that observations came late for, which then
   * counts as revised. False of any other, and of one whose observations or results are archived: it changes nothing, so who asks twice at once gets one run.
   */
  rerun(windowId: number): Promise<boolean>;
  /**
   * To be called when the database's clock was set back: done windows that have not ended by it are unsettled again.
   * Resolves with their number.
   */
  reopen(): Promise<number>;
  /**
   * Looks at unsettled windows in which nothing can appear any more. Those that hold more than their results count are due
   * again, revised, and are returned; the others are settled.
   */
  settle(request: SettleWindowsRequest): Promise<readonly LateObservations[]>;

  /** Undefined when no window has the id. */
  get(windowId: number): Promise<DriftWindow | undefined>;
  /** Newest window first. An unknown profile is an empty page. */
  list(request: WindowListRequest): Promise<WindowList>;
  /** Over all profiles, or one. A skipped row counts as the windows it stands for. */
  counts(profileUid?: string): Promise<WindowCounts>;
  /** Per profile the newest window in which some feature had enough data; none of a profile without one. */
  latest(): Promise<readonly LatestWindow[]>;
  /** Profiles whose schedule cannot be read, with the reason. */
  scheduleErrors(): Promise<readonly ScheduleError[]>;
}

export interface ProfileToPlan {
  readonly profileUid: string;
  readonly active: boolean;
  /** Cron text of the profile's alert configuration; null when it has none. */
  readonly schedule: string | null;
  readonly timeZone: string | null;
  readonly catchUp: string | null;
  /** End of the last planned window; of a profile without one when it was registered or switched on. */
  readonly lastWindowEndMs: number;
  /** What the plan is based on; opaque. */
  readonly basis: PlanBasis;
}

export interface PlanBasis {
  readonly plannedThrough: string | null;
  readonly seenAt: string;
}

export interface PlannedWindow {
  readonly startMs: number;
  readonly endMs: number;
}

export interface SchedulePlan {
  readonly profileUid: string;
  readonly basis: PlanBasis;
  /** Oldest first. */
  readonly windows: readonly PlannedWindow[];
  /** A stretch that will not be computed, as one row. */
  readonly skipped?:
    | (PlannedWindow & { readonly count: number; readonly reason: string })
    | undefined;
  /** Up to here windows are planned now. */
  readonly plannedThroughMs: number;
  /** Undefined: the schedule ended, or cannot be read. */
  readonly nextPlanAtMs: number | undefined;
  /** True of an inactive profile: no window covers the time until it is active again. */
  readonly paused: boolean;
  /** Why the schedule cannot be read. */
  readonly error?: string | undefined;
}

export interface WindowClaimRequest {
  /** Names the claimer, unique over processes; `releaseAll` uses it. */
  readonly workerId: string;
  /** 1..1000. */
  readonly limit: number;
  readonly leaseMs: number;
}

export interface WindowClaim {
  readonly windowId: number;
  readonly fencing: number;
}

export interface ClaimedWindow {
  readonly claim: WindowClaim;
  readonly startMs: number;
  readonly endMs: number;
  readonly revised: number;
  /** From 1. Counts attempts that failed or whose lease ran out before this one. */
  readonly attempt: number;
  /** No transaction is open that could still put a row into the window. Else the window is *unsettled* when it is done. */
  readonly settled: boolean;
  readonly profile: {
    readonly uid: string;
    readonly space: string;
    readonly name: string;
    readonly version: string;
    readonly driftType: DriftType;
    readonly profile: JsonObject;
  };
}

export interface WindowCompletion {
  readonly result: DriftResult;
  /** Values (for agents: evaluations) that the result counts. */
  readonly observed: number;
  /** As the claim said; nothing is wrong with false, it only makes the window be looked at again. */
  readonly settled: boolean;
  /** What became of each alert that the window says something about. */
  readonly alerts: readonly AlertChange[];
  /** What is to be told; a message whose key is known already is left out. */
  readonly messages: readonly AlertMessageToSend[];
}

export interface WindowToComplete {
  readonly claim: WindowClaim;
  readonly completion: WindowCompletion;
}

export interface AlertChange {
  readonly key: string;
  readonly entityName: string;
  /** What the lifecycle remembers; plain data. */
  readonly state: JsonObject;
  /** `opened` stores `alert` as a new row, `ongoing` counts a window, `resolved` ends the row. */
  readonly action: "none" | "opened" | "ongoing" | "resolved";
  readonly alert: AlertMap;
}

export interface AlertMessageToSend {
  /** The same for every attempt to tell it, also after a crash. */
  readonly dedupKey: string;
  readonly message: JsonObject;
}

export interface SettleWindowsRequest {
  /** 1..1000 windows. */
  readonly limit: number;
  /** What was received longer ago is readable, or never will be. */
  readonly visibleWithinMs: number;
}

export interface LateObservations {
  readonly windowId: number;
  readonly profileUid: string;
  /** RFC 3339. */
  readonly windowEnd: string;
  /** More than the result counts. */
  readonly found: number;
  /** How often the window was computed again, this time included. */
  readonly revised: number;
}

/** `stale`: the window went to another claim (or was released) meanwhile; nothing was changed. */
export type WindowOutcome = "done" | "stale";

export interface WindowFailure {
  /** What happened, for people. */
  readonly error: string;
  /** Absent: no further attempt. */
  readonly retryInMs?: number | undefined;
}

export interface WindowListRequest {
  readonly profileUid: string;
  /** 1..1000. */
  readonly limit: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
  readonly status?: DriftWindowStatus | undefined;
}

export interface WindowList {
  readonly items: readonly DriftWindow[];
  /** Null on the last page. */
  readonly nextCursor: string | null;
}

export type WindowCounts = Readonly<Record<DriftWindowStatus, number>>;

export interface LatestWindow {
  readonly profileUid: string;
  /** RFC 3339. */
  readonly windowEnd: string;
  readonly result: DriftResult;
}

export interface ScheduleError {
  readonly profileUid: string;
  readonly error: string;
}
