import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@scouter/contracts";
import {
  openPglite,
  openPostgres,
  type ClaimedWindow,
  type Database,
  type RegisteredProfile,
} from "@scouter/database";
import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import { onPostgres } from "@scouter/testkit/postgres/test-postgres";
import { describe, expect, it } from "vitest";
import type { WindowData } from "../src/drift/window-data.ts";
import { GRACE_MS } from "../src/workers/drift-planner.ts";
import { DriftProcess } from "./drift-process.ts";
import { alwaysHigh } from "./fake/drift-samples.ts";

/**
 * Two server processes, as far as drift goes, over one database; killed and started anew at random, while the clock jumps.
 * `npm run chaos -- drift-ledger` is the long form.
 */

const isLong = process.env["SCOUTER_CHAOS_ROUNDS"] !== undefined;
const WINDOWS = isLong ? 200 : 60;
const PROFILES = isLong ? 50 : 3;
const KILLS = isLong ? 100 : 15;
const MINUTE_MS = 60_000;
const LONG_TIMEOUT_MS = 3_600_000;

/** A pseudo-random number in 0..1 per call (Park and Miller), so that a failing run can be repeated. */
function randomSource(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** `mape` is 2 in every window of every profile, but for the poisoned one, whose data cannot be read. */
function dataWithPoison(poisoned: string): WindowData {
  return {
    ...alwaysHigh,
    customTallies: (uid, window) => {
      if (uid === poisoned) return Promise.reject(new Error("poisoned"));
      return alwaysHigh.customTallies(uid, window);
    },
  };
}

async function runKilledAtRandom(open: () => Promise<Database>, seed: number): Promise<void> {
  const databases = [await open(), await open()] as const;
  const [db] = databases;
  const profiles = await Promise.all(
    Array.from({ length: PROFILES }, (_, i) => registerWith(db, `p${i}`)),
  );
  const poisoned = await registerWith(db, "poisoned");
  const begin = Date.parse(profiles[0]?.createdAt ?? "");
  const time = new ManualClock({ startMs: begin });
  const random = randomSource(seed);
  const ended = endings();
  const spawn = async (index: 0 | 1) => {
    const name = `process-${index}-${random()}`;
    const world = { nowMs: async () => time.now(), data: dataWithPoison(poisoned.uid) };
    const started = new DriftProcess(name, databases[index], world, ended);
    await started.start();
    return started;
  };
  const running = [await spawn(0), await spawn(1)];
  let kills = 0;
  const lastSlotMs = (Math.ceil(begin / MINUTE_MS) + WINDOWS - 1) * MINUTE_MS;
  /** When the last of the windows can be planned, and no later one. */
  const lastMomentMs = lastSlotMs + GRACE_MS;
  const isDone = async () => (await unfinished(db, [...profiles, poisoned], lastSlotMs)) === 0;
  // Time goes on in leaps of none to several windows, at times back, while processes come and go.
  while (kills < KILLS && !(await isDone())) {
    const leapMs = (random() < 0.15 ? -random() * 10 : random() * 5) * MINUTE_MS;
    time.jumpTo(Math.max(begin, Math.min(time.now() + leapMs, lastMomentMs)));
    await systemClock.sleep(random() * 30);
    if (random() < 0.1) await running[random() < 0.5 ? 0 : 1]?.standStill();
    if (random() < 0.2) {
      const index = random() < 0.5 ? 0 : 1;
      await running[index]?.kill();
      running[index] = await spawn(index);
      kills += 1;
    }
  }
  time.jumpTo(lastMomentMs);
  await ended.until(isDone);
  await Promise.all(running.map((process) => process.stop()));
  expect(kills).toBeGreaterThan(5);
  for (const profile of profiles) {
    await checkLedger(db, profile, { lastSlotMs, status: "done" });
    await checkAlert(db, profile, lastSlotMs);
  }
  await checkLedger(db, poisoned, { lastSlotMs, status: "failed" });
  expect(await db.alerts.counts(poisoned.uid)).toEqual({ active: 0, total: 0 });
  await Promise.all(databases.map((database) => database.close()));
}

/** Told of every window that ended one way or the other. */
function endings() {
  let changed = Promise.withResolvers<void>();
  const onEnd = (_window: ClaimedWindow) => {
    changed.resolve();
    changed = Promise.withResolvers();
  };
  return {
    onComputed: onEnd,
    onGivenUp: onEnd,
    async until(isDone: () => Promise<boolean>): Promise<void> {
      while (!(await isDone())) await Promise.race([changed.promise, systemClock.sleep(20)]);
    },
  };
}

/** A profile's first window ends at the first full minute after its registration. */
function windowsOf({ createdAt }: RegisteredProfile, lastSlotMs: number): number {
  return Math.floor(lastSlotMs / MINUTE_MS) - Math.floor(Date.parse(createdAt) / MINUTE_MS);
}

async function unfinished(
  db: Database,
  profiles: readonly RegisteredProfile[],
  lastSlotMs: number,
): Promise<number> {
  const { done, failed } = await db.driftWindows.counts();
  return profiles.reduce(
    (total, profile) => total + windowsOf(profile, lastSlotMs),
    -done - failed,
  );
}

/** Every window once, each beginning where the one before it ended. */
async function checkLedger(
  db: Database,
  profile: RegisteredProfile,
  expected: { readonly lastSlotMs: number; readonly status: "done" | "failed" },
): Promise<void> {
  const { uid, createdAt } = profile;
  const { items } = await db.driftWindows.list({ profileUid: uid, limit: 1000 });
  const windows = items.toReversed();
  expect(windows.map(({ status }) => status)).toEqual(windows.map(() => expected.status));
  expect(windows).toHaveLength(windowsOf(profile, expected.lastSlotMs));
  expect(Date.parse(windows[0]?.window_start ?? "")).toBe(Date.parse(createdAt));
  for (const [index, window] of windows.entries()) {
    if (index > 0) expect(window.window_start).toBe(windows[index - 1]?.window_end);
  }
}

/** One alert, opened once, told once, that every window was counted in once. */
async function checkAlert(
  db: Database,
  { uid }: RegisteredProfile,
  lastSlotMs: number,
): Promise<void> {
  expect(await db.alerts.counts(uid)).toEqual({ active: 1, total: 1 });
  expect(await db.alertOutbox.list({ profileUid: uid, limit: 10 })).toHaveLength(1);
  const { items } = await db.alerts.list({
    spaces: "all",
    profileUid: uid,
    limit: 10,
    startMs: 0,
    endMs: Date.now() + 60 * MINUTE_MS,
  });
  const windows = await db.driftWindows.counts(uid);
  expect(items.map((alert) => alert.windows)).toEqual([windows.done]);
  expect(Date.parse(items[0]?.lastWindowEnd ?? "")).toBe(lastSlotMs);
}

interface ProfileSettings {
  readonly schedule?: string;
  readonly catchUp?: "all" | "latest";
}

function registerWith(
  db: Database,
  name: string,
  { schedule = "0 * * * * *", catchUp }: ProfileSettings = {},
): Promise<RegisteredProfile> {
  return db.profiles.register({
    space: "ledger",
    name,
    driftType: "Custom",
    profile: {
      config: {
        space: "ledger",
        name,
        version: "0.1.0",
        uid: "u",
        sample_size: 25,
        alert_config: {
          schedule,
          ...(catchUp !== undefined && { catch_up: catchUp }),
          dispatch_config: { Console: { enabled: true } },
          alert_conditions: { mape: { baseline_value: 1, alert_threshold: "Above", delta: null } },
        },
      },
      metrics: { mape: 1 },
      scouter_version: "0.1.0",
    },
    versionRequest: { version_type: "Minor" },
    active: true,
    deactivateOthers: false,
  });
}

async function withPglite(work: (db: Database) => Promise<void>): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), "scouter-ledger-"));
  const db = await openPglite({ folder: join(home, "database"), clock: systemClock });
  await work(db);
  await rm(home, { recursive: true, force: true });
}

describe("window ledger, two processes killed at random", () => {
  it(
    "computes every window once on PGlite, and gives up only the poisoned",
    { timeout: LONG_TIMEOUT_MS },
    () => withPglite((db) => runKilledAtRandom(() => Promise.resolve(db), 4711)),
  );
});

await onPostgres("window ledger, two processes killed at random", (postgres) => {
  it(
    "computes every window once, and gives up only the poisoned",
    { timeout: LONG_TIMEOUT_MS },
    async () => {
      const uri = await postgres.migratedDatabase();
      await runKilledAtRandom(
        () => openPostgres({ uri, clock: systemClock, connectTimeoutMs: 60_000 }),
        42,
      );
    },
  );
});

describe("window ledger after a stop of 30 minutes", () => {
  it("makes up for all windows, for the newest, or for the newest thousand", async () => {
    await withPglite(async (db) => {
      const all = await registerWith(db, "all");
      const latest = await registerWith(db, "latest", { catchUp: "latest" });
      // More than a thousand windows take too long for every check; what is planned of them is a unit test of the planner.
      const secondly = isLong
        ? await registerWith(db, "secondly", { schedule: "* * * * * *" })
        : undefined;
      // From a full minute on, so that windows can be counted.
      const begin = Math.ceil(Date.parse((secondly ?? latest).createdAt) / MINUTE_MS) * MINUTE_MS;
      // Each was made in a minute of its own, perhaps: windows of all full minutes since then.
      const dueBefore = ({ createdAt }: RegisteredProfile) =>
        begin / MINUTE_MS - Math.floor(Date.parse(createdAt) / MINUTE_MS);
      const time = new ManualClock({ startMs: begin + GRACE_MS });
      const ended = endings();
      const world = { nowMs: async () => time.now(), data: alwaysHigh };
      const counts = (profile: RegisteredProfile) => db.driftWindows.counts(profile.uid);
      const runUntilIdle = async (name: string) => {
        const process = new DriftProcess(name, db, world, ended);
        await process.start();
        await ended.until(async () => {
          // In this order: what is planned meanwhile is due then.
          const waiting = await db.driftWindows.toPlan(time.now(), 10);
          const { due, running } = await db.driftWindows.counts();
          return waiting.length + due + running === 0;
        });
        return process;
      };
      const first = await runUntilIdle("before");
      const before = secondly && (await counts(secondly));
      expect(await counts(all)).toMatchObject({ done: dueBefore(all), skipped: 0 });
      await first.kill();
      time.jumpTo(time.now() + 30 * MINUTE_MS);
      await (await runUntilIdle("after")).stop();

      expect(await counts(all)).toMatchObject({ done: dueBefore(all) + 30, skipped: 0, failed: 0 });
      const newest = { done: dueBefore(latest) + 1, skipped: 29, failed: 0 };
      expect(await counts(latest)).toMatchObject(newest);
      const reasons = async ({ uid }: RegisteredProfile) => {
        const page = { profileUid: uid, limit: 10, status: "skipped" as const };
        const { items } = await db.driftWindows.list(page);
        return items.map((item) => [item.skipped_windows, item.last_error]);
      };
      expect(await reasons(latest)).toEqual([[29, "catch-up-latest"]]);
      // Of one that is not there: what it was.
      const after = secondly && (await counts(secondly));
      expect(after).toEqual(
        before && { ...before, done: before.done + 1000, skipped: before.skipped + 800 },
      );
      expect(secondly && (await reasons(secondly))).toEqual(secondly && [[800, "catch-up-limit"]]);
      await db.close();
    });
  });
});
