import type { Database, LateObservations, ProfileToPlan, SchedulePlan } from "@scouter/database";
import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import { beforeEach, describe, expect, it } from "vitest";
import { DriftPlanner, GRACE_MS } from "./drift-planner.ts";

const HOUR_MS = 3_600_000;

let clock: ManualClock;
let waiting: ProfileToPlan[];
let plans: SchedulePlan[];
let broken: string[];
let troubles: unknown[];
let isLeader: boolean;
let nextPlanAtMs: number | undefined;
let released: string[];
let late: LateObservations[];
let reopened: number;

beforeEach(() => {
  clock = new ManualClock({ startMs: Date.UTC(2026, 0, 1, 12) });
  waiting = [];
  plans = [];
  broken = [];
  troubles = [];
  isLeader = true;
  nextPlanAtMs = undefined;
  released = [];
  late = [];
  reopened = 0;
});

function makePlanner(refuse: (plan: SchedulePlan) => boolean = () => false): DriftPlanner {
  const driftWindows = {
    toPlan: async () => waiting.splice(0),
    nextPlanAtMs: async () => nextPlanAtMs,
    plan: async (given: readonly SchedulePlan[]) => {
      if (given.some(refuse)) throw new Error("refused");
      plans.push(...given);
      return given.reduce((sum, { windows }) => sum + windows.length, 0);
    },
    reopen: async () => {
      reopened += 1;
      return 0;
    },
    settle: async () => late.splice(0),
  } as unknown as Database["driftWindows"];
  const leases = {
    acquire: async () => isLeader,
    acquireEpoch: async () => (isLeader ? 1 : undefined),
    release: async (_name: string, holder: string) => void released.push(holder),
  };
  return new DriftPlanner({
    database: { driftWindows, leases },
    clock,
    nowMs: async () => clock.now(),
    holder: "a",
    events: {
      onPlanned: () => undefined,
      onSkipped: (uid, windows, reason) => broken.push(`${uid} ${windows} ${reason}`),
      onScheduleError: (uid) => broken.push(uid),
      onLate: ({ windowId }) => broken.push(`late ${windowId}`),
      onTrouble: (error) => troubles.push(error),
    },
  });
}

/** A profile whose last window ended so many hours before now. */
function toPlan(profileUid: string, hours: number, fields: Partial<ProfileToPlan> = {}) {
  return {
    profileUid,
    active: true,
    schedule: "0 0 * * * *",
    timeZone: null,
    catchUp: null,
    lastWindowEndMs: clock.now() - hours * HOUR_MS,
    basis: { plannedThrough: null, seenAt: "2026-01-01T00:00:00Z" },
    ...fields,
  };
}

async function planOnce(refuse?: (plan: SchedulePlan) => boolean): Promise<void> {
  const planner = makePlanner(refuse);
  planner.start();
  await clock.untilSleeping(1);
  await planner.stop();
}

const endsOf = (plan: SchedulePlan | undefined) =>
  plan?.windows.map(({ endMs }) => (endMs - clock.now()) / HOUR_MS);

describe("DriftPlanner", () => {
  it("plans every window that ended a grace ago, and says when the next comes", async () => {
    waiting = [toPlan("p", 3)];
    await planOnce();
    // The window that ends right now waits for rows on their way.
    expect(endsOf(plans[0])).toEqual([-2, -1]);
    expect(plans[0]).toMatchObject({
      plannedThroughMs: clock.now() - HOUR_MS,
      nextPlanAtMs: clock.now() + GRACE_MS,
      skipped: undefined,
    });
    expect(released).toEqual(["a"]);
  });

  it("makes up for at most 1,000 windows and counts what it skips", async () => {
    waiting = [toPlan("p", 1500), toPlan("q", 5, { catchUp: "latest" })];
    await planOnce();
    expect(plans[0]?.windows).toHaveLength(1000);
    expect(plans[0]?.skipped).toMatchObject({ count: 499, reason: "catch-up-limit" });
    expect(endsOf(plans[1])).toEqual([-1]);
    expect(broken).toEqual(["p 499 catch-up-limit", "q 3 catch-up-latest"]);
  });

  it.each([
    ["a cron that cannot be read", { schedule: "every day" }],
    ["a time zone that is not known", { timeZone: "Mars/Olympus" }],
    ["a time that never comes", { schedule: "0 0 0 31 2 *" }],
  ])("marks a profile with %s, and plans the others", async (_name, fields) => {
    waiting = [toPlan("bad", 3, fields), toPlan("good", 3)];
    await planOnce();
    expect(broken).toEqual(["bad"]);
    expect(plans[0]).toMatchObject({ profileUid: "bad", windows: [], nextPlanAtMs: undefined });
    expect(plans[0]?.error).toMatch(/^DRIFT_SCHEDULE_/);
    expect(endsOf(plans[1])).toEqual([-2, -1]);
  });

  it("plans the others when the store refuses one", async () => {
    waiting = [toPlan("bad", 3), toPlan("good", 3)];
    await planOnce(({ profileUid }) => profileUid === "bad");
    expect(plans.map(({ profileUid }) => profileUid)).toEqual(["good"]);
    // The batch, then the one.
    expect(troubles).toHaveLength(2);
  });

  it("pauses an inactive profile, and runs daily one that names no schedule", async () => {
    waiting = [toPlan("off", 3, { active: false }), toPlan("daily", 24, { schedule: null })];
    await planOnce();
    expect(plans[0]).toMatchObject({ paused: true, windows: [], nextPlanAtMs: undefined });
    expect(endsOf(plans[1])).toEqual([-12]);
  });

  it("plans nothing while another process has the lease", async () => {
    isLeader = false;
    waiting = [toPlan("p", 3)];
    await planOnce();
    expect(plans).toEqual([]);
  });

  it("tells what came late", async () => {
    const windowEnd = "2026-01-01T00:00:00.000000Z";
    late = [{ windowId: 7, profileUid: "u", windowEnd, found: 3, revised: 1 }];
    await planOnce();
    expect(broken).toEqual(["late 7"]);
  });

  it("reopens windows at its start, and when the clock was set back", async () => {
    const planner = makePlanner();
    planner.start();
    await clock.untilSleeping(1);
    expect(reopened).toBe(1);
    await clock.advance(1000);
    await clock.untilSleeping(1);
    expect(reopened).toBe(1);
    clock.jumpTo(clock.now() - HOUR_MS);
    await clock.advance(1000);
    await clock.untilSleeping(1);
    expect(reopened).toBe(2);
    await planner.stop();
  });

  it("wakes when the next window comes, at the latest after a second", async () => {
    const planner = makePlanner();
    nextPlanAtMs = clock.now() + 300;
    planner.start();
    await clock.untilSleeping(1);
    expect(clock.pendingDelaysMs).toEqual([300]);
    nextPlanAtMs = clock.now() + HOUR_MS;
    await clock.advance(300);
    await clock.untilSleeping(1);
    expect(clock.pendingDelaysMs).toEqual([1000]);
    await planner.stop();
  });
});
