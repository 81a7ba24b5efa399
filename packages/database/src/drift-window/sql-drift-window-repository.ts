import type { DriftWindow } from "@scouter/contracts";
import { sql } from "kysely";
import { checkedLimit } from "../session/limit.ts";
import type { Session } from "../session/session.ts";
import { claimWindows, extendLease, failWindow, releaseWindows } from "./claim-windows.ts";
import { completeQuietWindows, completeWindows } from "./complete-window.ts";
import type {
  ClaimedWindow,
  DriftWindowRepository,
  LateObservations,
  LatestWindow,
  ProfileToPlan,
  ScheduleError,
  SchedulePlan,
  SettleWindowsRequest,
  WindowClaim,
  WindowClaimRequest,
  WindowCompletion,
  WindowCounts,
  WindowFailure,
  WindowList,
  WindowListRequest,
  WindowOutcome,
  WindowToComplete,
} from "./drift-window-repository.ts";
import { reopenWindows, rerunWindow, settleWindows } from "./late-observations.ts";
import { planWindows, profilesToPlan } from "./plan-windows.ts";
import {
  latestWindows,
  scheduleErrors,
  windowById,
  windowCounts,
  windowList,
} from "./read-windows.ts";

export class SqlDriftWindowRepository implements DriftWindowRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async nowMs(): Promise<number> {
    const { rows } = await this.#session.run((db) =>
      sql<{ now: number }>`
        select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now`.execute(db),
    );
    return (rows[0] as { now: number }).now;
  }

  toPlan(nowMs: number, limit: number): Promise<readonly ProfileToPlan[]> {
    return this.#session.run((db) => profilesToPlan(nowMs, limit, db));
  }

  async nextPlanAtMs(): Promise<number | undefined> {
    const { rows } = await this.#session.run((db) =>
      sql<{ next: number | null }>`
        select ceil(extract(epoch from min(next_plan_at)) * 1000)::bigint as next
        from scouter.drift_schedule where not paused`.execute(db),
    );
    return rows[0]?.next ?? undefined;
  }

  plan(plans: readonly SchedulePlan[]): Promise<number> {
    return this.#session.run((db) => planWindows(plans, db));
  }

  async claim(request: WindowClaimRequest): Promise<readonly ClaimedWindow[]> {
    checkedLimit(request.limit);
    return this.#session.run((db) => claimWindows(request, db));
  }

  heartbeat(claim: WindowClaim, leaseMs: number): Promise<boolean> {
    return this.#session.run((db) => extendLease(claim, leaseMs, db));
  }

  async complete(claim: WindowClaim, completion: WindowCompletion): Promise<WindowOutcome> {
    const [outcome] = await this.completeAll([{ claim, completion }]);
    return outcome as WindowOutcome;
  }

  async completeAll(windows: readonly WindowToComplete[]): Promise<readonly WindowOutcome[]> {
    if (windows.length === 0) return [];
    const isQuiet = windows.every(
      ({ completion: { alerts, messages } }) => alerts.length === 0 && messages.length === 0,
    );
    return isQuiet
      ? this.#session.run((db) => completeQuietWindows(windows, db))
      : this.#session.transaction((db) => completeWindows(windows, db));
  }

  fail(claim: WindowClaim, failure: WindowFailure): Promise<WindowOutcome> {
    return this.#session.run((db) => failWindow(claim, failure, db));
  }

  releaseAll(workerId: string): Promise<number> {
    return this.#session.run((db) => releaseWindows(workerId, db));
  }

  rerun(windowId: number): Promise<boolean> {
    return this.#session.run((db) => rerunWindow(windowId, db));
  }

  reopen(): Promise<number> {
    return this.#session.run((db) => reopenWindows(db));
  }

  async settle(request: SettleWindowsRequest): Promise<readonly LateObservations[]> {
    checkedLimit(request.limit);
    return this.#session.run((db) => settleWindows(request, db));
  }

  get(windowId: number): Promise<DriftWindow | undefined> {
    return this.#session.run((db) => windowById(windowId, db));
  }

  list(request: WindowListRequest): Promise<WindowList> {
    return this.#session.run((db) => windowList(request, db));
  }

  counts(profileUid?: string): Promise<WindowCounts> {
    return this.#session.run((db) => windowCounts(profileUid, db));
  }

  latest(): Promise<readonly LatestWindow[]> {
    return this.#session.run((db) => latestWindows(db));
  }

  scheduleErrors(): Promise<readonly ScheduleError[]> {
    return this.#session.run((db) => scheduleErrors(db));
  }
}
