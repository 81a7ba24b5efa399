import { setImmediate as nextTurn } from "node:timers/promises";
import { isScouterError, type Clock } from "@scouter/contracts";
import type { Database, ProfileToPlan, SchedulePlan } from "@scouter/database";
import { CommonCrons, dueWindows, parseSchedule } from "@scouter/drift";

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
  readonly onTrouble: (error: unknown) => void;
}

/** A row that is on its way at a slot arrives within this time, and is counted in its window. */
export const GRACE_MS = 10_000;
/** Windows of one profile that may be made up for at once; older ones are skipped, and counted. */
const MOST_DUE = 1000;
const POLL_MS = 1000;
const LEASE_MS = 5000;
const PROFILES_PER_STEP = 100;
const LEASE_NAME = "drift-planner";

/**
 * Puts the windows that came due into the ledger. One process at a time does it, under a lease; that two do for a moment
 * is harmless, because a window is inserted once and a schedule moves on only from where it was read.
 */
export class DriftPlanner {
  readonly #parts: DriftPlannerParts;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(parts: DriftPlannerParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Resolves when the step under way has ended and the lease is given back. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock, database, events, holder } = this.#parts;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      let pauseMs = POLL_MS;
      try {
        if (await this.#holdsLease()) pauseMs = await this.#planAll();
      } catch (error) {
        events.onTrouble(error);
      }
      // The signal ends the pause; the loop's condition sees it.
      await clock.sleep(pauseMs, signal).catch(() => undefined);
    }
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
    let isFull: boolean;
    do {
      const toPlan = await database.driftWindows.toPlan(startedMs, PROFILES_PER_STEP);
      let moved = 0;
      for (const profile of toPlan) {
        if (this.#stopping.signal.aborted) return 0;
        if (await this.#plan(profile, startedMs)) moved += 1;
        // Ingest shares this thread; many schedules must not hold it up.
        await nextTurn();
      }
      // Every planned profile made room for another; the rest waits for the next round when none did.
      isFull = toPlan.length === PROFILES_PER_STEP && moved > 0;
    } while (isFull && (await this.#holdsLease()));
    const nextMs = (await database.driftWindows.nextPlanAtMs()) ?? Infinity;
    return Math.min(POLL_MS, Math.max(1, nextMs - (await nowMs())));
  }

  /** Resolves with whether it went well. */
  async #plan(profile: ProfileToPlan, nowMs: number): Promise<boolean> {
    const { database, events } = this.#parts;
    try {
      const windows = await database.driftWindows.plan(planOf(profile, nowMs, events));
      if (windows > 0) events.onPlanned(windows);
      return true;
    } catch (error) {
      // Asked for again a second later; the other profiles are planned meanwhile.
      events.onTrouble(error);
      return false;
    }
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
