import { setImmediate as nextTurn } from "node:timers/promises";
import { isScouterError, type Clock } from "@scouter/contracts";
import {
  VISIBLE_WITHIN_MS,
  type Database,
  type LateObservations,
  type ProfileToPlan,
  type SchedulePlan,
} from "@scouter/database";
import { CommonCrons, dueWindows, parseSchedule } from "@scouter/drift";
import { Rounds } from "./rounds.ts";

export interface DriftPlannerParts {
  readonly database: Pick<Database, "driftWindows" | "leases">;
  readonly clock: Clock;
  /** The time that windows are planned by: the clock that observations are received by. */
  readonly nowMs: () => Promise<number>;
  /** Unique over processes. */
  readonly holder: string;
  readonly leaseMs?: number;
  readonly events: DriftPlannerEvents;
}

/** For logs and metrics; none may throw. */
export interface DriftPlannerEvents {
  readonly onPlanned: (windows: number) => void;
  readonly onSkipped: (profileUid: string, windows: number, reason: string) => void;
  /** A schedule that cannot be read; the profile waits until it is changed. */
  readonly onScheduleError: (profileUid: string, error: unknown) => void;
  /** Observations became readable after their window was computed; it is due once more. */
  readonly onLate: (late: LateObservations) => void;
  readonly onTrouble: (error: unknown) => void;
}

/** A row that is on its way at a slot arrives within this time, and is counted in its window. */
export const GRACE_MS = 10_000;
/** Windows of one profile that may be made up for at once; older ones are skipped, and counted. */
const MOST_DUE = 1000;
const POLL_MS = 1000;
const LEASE_MS = 5000;
const PROFILES_PER_STEP = 100;
/** Windows that are looked at for late rows in a round. */
const WINDOWS_PER_STEP = 100;
const LEASE_NAME = "drift-planner";

/**
 * Puts the windows that came due into the ledger. One process at a time does it, under a lease; that two do for a moment
 * is harmless, because a window is inserted once and a schedule moves on only from where it was read.
 */
export class DriftPlanner {
  readonly #parts: DriftPlannerParts;
  readonly #rounds: Rounds;
  /** The database's time at the last round; before the first one as if it had been any. */
  #plannedAtMs = Infinity;

  constructor(parts: DriftPlannerParts) {
    this.#parts = parts;
    const { clock, events } = parts;
    this.#rounds = new Rounds({ clock, pauseMs: POLL_MS, onTrouble: events.onTrouble });
  }

  start(): void {
    this.#rounds.start(async () => ((await this.#holdsLease()) ? this.#planAll() : POLL_MS));
  }

  /** Resolves when the step under way has ended and the lease is given back. */
  async stop(): Promise<void> {
    const { database, events, holder } = this.#parts;
    await this.#rounds.stop();
    await database.leases.release(LEASE_NAME, holder).catch(events.onTrouble);
  }

  #holdsLease(): Promise<boolean> {
    const { database, holder, leaseMs = LEASE_MS } = this.#parts;
    return database.leases.acquire({ name: LEASE_NAME, holder, leaseMs });
  }

  /** Resolves with the time until the next window, at most a second: then changed profiles are seen. */
  async #planAll(): Promise<number> {
    const { database, nowMs } = this.#parts;
    const startedMs = await nowMs();
    await this.#settle(startedMs);
    let isFull: boolean;
    do {
      const toPlan = await database.driftWindows.toPlan(startedMs, PROFILES_PER_STEP);
      if (this.#rounds.signal.aborted) return 0;
      const moved = await this.#plan(toPlan, startedMs);
      // Ingest shares this thread; many schedules must not hold it up.
      await nextTurn();
      // Every planned profile made room for another; the rest waits for the next round when none did.
      isFull = toPlan.length === PROFILES_PER_STEP && moved > 0;
    } while (isFull && (await this.#holdsLease()));
    const nextMs = (await database.driftWindows.nextPlanAtMs()) ?? Infinity;
    return Math.min(POLL_MS, Math.max(1, nextMs - (await nowMs())));
  }

  /**
   * Takes in what came late. A clock that was set back, also before this process began, makes rows appear in windows that
   * were done.
   */
  async #settle(nowMs: number): Promise<void> {
    const { database, events } = this.#parts;
    try {
      if (nowMs < this.#plannedAtMs) await database.driftWindows.reopen();
      this.#plannedAtMs = nowMs;
      const request = { limit: WINDOWS_PER_STEP, visibleWithinMs: VISIBLE_WITHIN_MS };
      for (const late of await database.driftWindows.settle(request)) events.onLate(late);
    } catch (error) {
      // Windows stay unsettled, and are looked at a second later; planning does not wait for it.
      events.onTrouble(error);
    }
  }

  /** Resolves with the number of profiles for which it went well. */
  async #plan(profiles: readonly ProfileToPlan[], nowMs: number): Promise<number> {
    const { database, events } = this.#parts;
    const plans = profiles.map((profile) => planOf(profile, nowMs, events));
    try {
      const windows = await database.driftWindows.plan(plans);
      if (windows > 0) events.onPlanned(windows);
      return plans.length;
    } catch (error) {
      // A lost connection is asked again a second later; a profile that the database refuses must not hold up the others.
      events.onTrouble(error);
      return this.#planOneByOne(plans);
    }
  }

  async #planOneByOne(plans: readonly SchedulePlan[]): Promise<number> {
    const { database, events } = this.#parts;
    let moved = 0;
    for (const plan of plans) {
      if (this.#rounds.signal.aborted) break;
      try {
        const windows = await database.driftWindows.plan([plan]);
        if (windows > 0) events.onPlanned(windows);
        moved += 1;
      } catch (error) {
        events.onTrouble(error);
      }
    }
    return moved;
  }
}

function planOf(
  profile: ProfileToPlan,
  nowMs: number,
  events: Pick<DriftPlannerEvents, "onScheduleError" | "onSkipped">,
): SchedulePlan {
  const { profileUid, basis, lastWindowEndMs } = profile;
  const unchanged: SchedulePlan = {
    profileUid,
    basis,
    windows: [],
    plannedThroughMs: lastWindowEndMs,
    nextPlanAtMs: undefined,
    paused: !profile.active,
  };
  if (!profile.active) return unchanged;
  try {
    const { due, skipped, nextDueAtMs } = windowsOf(profile, nowMs);
    if (skipped !== undefined) events.onSkipped(profileUid, skipped.windows, skipped.reason);
    return {
      ...unchanged,
      windows: due,
      skipped: skipped && { ...skipped, count: skipped.windows },
      plannedThroughMs: due.at(-1)?.endMs ?? lastWindowEndMs,
      nextPlanAtMs: nextDueAtMs,
    };
  } catch (error) {
    events.onScheduleError(profileUid, error);
    const message = isScouterError(error) ? `${error.code}: ${error.message}` : String(error);
    return { ...unchanged, error: message };
  }
}

function windowsOf({ schedule, timeZone, catchUp, lastWindowEndMs }: ProfileToPlan, nowMs: number) {
  return dueWindows({
    schedule: parseSchedule(schedule ?? CommonCrons.EveryDay, { timeZone: timeZone ?? undefined }),
    lastWindowEndMs,
    nowMs,
    graceMs: GRACE_MS,
    catchUp: catchUp === "latest" ? "latest" : "all",
    limit: MOST_DUE,
  });
}
