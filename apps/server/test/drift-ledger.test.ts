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
import { DriftPlanner, GRACE_MS } from "../src/workers/drift-planner.ts";
import { DriftWorkers } from "../src/workers/drift-worker.ts";
import { alwaysHigh } from "./fake/drift-samples.ts";

/** Two server processes, as far as drift goes, over one database; killed and started anew at random. */

/** Ends when the test says so: by itself it would end under a living process on a busy machine, over and over. */
const LEASE_MS = 3_600_000;
const PLANNER_LEASE = "drift-planner";
const SPEED = 10;
const WINDOWS = 100;
const PROFILES = 2;
const KILLS = 20;
const MINUTE_MS = 60_000;

/** A pseudo-random number in 0..1 per call (Park and Miller), so that a failing run can be repeated. */
function randomSource(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** A process that can be killed: from then on nothing of it reaches the database, and nothing is released. */
class ProcessUnderTest {
  #killed = false;
  readonly #planner: DriftPlanner;
  readonly #workers: DriftWorkers;
  readonly #name: string;
  readonly #db: Database;
  readonly #claimed: ClaimedWindow[] = [];

  constructor(
    name: string,
    db: Database,
    planClock: { readonly nowMs: () => Promise<number> },
    onComputed: (window: ClaimedWindow) => void,
  ) {
    this.#name = name;
    this.#db = db;
    const dead = () => this.#killed;
    const driftWindows = mortal(this.#noting(db.driftWindows), dead);
    const leases = mortal(db.leases, dead);
    const alerts = mortal(db.alerts, dead);
    const ignore = () => undefined;
    // Sleeps pass in real time, ten times as fast: leases run by the database's clock.
    const clock = {
      ...systemClock,
      sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(ms / SPEED, signal),
    };
    this.#planner = new DriftPlanner({
      database: { driftWindows, leases },
      clock,
      nowMs: planClock.nowMs,
      holder: name,
      leaseMs: LEASE_MS,
      events: {
        onPlanned: ignore,
        onSkipped: ignore,
        onScheduleError: ignore,
        onLate: ignore,
        onTrouble: ignore,
      },
    });
    this.#workers = new DriftWorkers({
      database: { driftWindows, alerts, listen: (channel, handler) => db.listen(channel, handler) },
      data: alwaysHigh,
      clock,
      workers: 2,
      leaseMs: LEASE_MS,
      processName: name,
      events: { onComputed, onFailed: ignore, onStale: ignore, onTrouble: ignore },
    });
  }

  async start(): Promise<void> {
    this.#planner.start();
    await this.#workers.start();
  }

  async kill(): Promise<void> {
    this.#killed = true;
    await this.stop();
    await this.standStill();
  }

  /** As if all of its leases had run out meanwhile: others may take its windows, and its own results come too late. */
  async standStill(): Promise<void> {
    await this.#db.leases.release(PLANNER_LEASE, this.#name);
    const claimed = this.#claimed.splice(0);
    await Promise.all(claimed.map(({ claim }) => this.#db.driftWindows.heartbeat(claim, 0)));
  }

  /** Also notes what was claimed by a call that was under way when the process died. */
  #noting(driftWindows: Database["driftWindows"]): Database["driftWindows"] {
    return new Proxy(driftWindows, {
      get: (target, name) => {
        if (name !== "claim") return Reflect.get(target, name).bind(target) as unknown;
        return async (request: Parameters<typeof target.claim>[0]) => {
          const claimed = await target.claim(request);
          this.#claimed.push(...claimed);
          return claimed;
        };
      },
    });
  }

  async stop(): Promise<void> {
    await Promise.all([this.#planner.stop(), this.#workers.drain()]);
  }
}

/** Calls after the death never reach the target; a call under way may still end, as a statement sent before a kill. */
function mortal<Target extends object>(target: Target, dead: () => boolean): Target {
  return new Proxy(target, {
    get(_, name) {
      const method = Reflect.get(target, name) as (...args: unknown[]) => Promise<unknown>;
      return async (...args: unknown[]) => {
        if (dead()) throw new Error("the process was killed");
        const reply = await method.apply(target, args);
        if (dead()) throw new Error("the process was killed before it saw the reply");
        return reply;
      };
    },
  });
}

async function runKilledAtRandom(open: () => Promise<Database>, seed: number): Promise<void> {
  const databases = [await open(), await open()] as const;
  const [db] = databases;
  const profiles = await Promise.all(
    Array.from({ length: PROFILES }, (_, i) => registerMinutely(db, `p${i}`)),
  );
  const begin = Date.parse(profiles[0]?.createdAt ?? "");
  const time = new ManualClock({ startMs: begin });
  const nowMs = async () => time.now();
  const random = randomSource(seed);
  let changed = Promise.withResolvers<void>();
  const computed: string[] = [];
  const onComputed = (window: ClaimedWindow) => {
    computed.push(`${window.profile.uid}/${window.endMs}`);
    changed.resolve();
    changed = Promise.withResolvers();
  };
  const spawn = async (index: 0 | 1) => {
    const name = `process-${index}-${random()}`;
    const started = new ProcessUnderTest(name, databases[index], { nowMs }, onComputed);
    await started.start();
    return started;
  };
  const running = [await spawn(0), await spawn(1)];
  let kills = 0;
  const total = WINDOWS * PROFILES;
  const lastSlotMs = (Math.ceil(begin / MINUTE_MS) + WINDOWS - 1) * MINUTE_MS;
  /** When the last of the windows can be planned, and no later one. */
  const lastMomentMs = lastSlotMs + GRACE_MS;
  // Time goes on in leaps of none to several windows, while processes come and go.
  while (kills < KILLS && computed.length < total) {
    time.jumpTo(Math.min(time.now() + random() * 5 * MINUTE_MS, lastMomentMs));
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
  while ((await unfinished(db, profiles, lastSlotMs)) > 0) {
    await Promise.race([changed.promise, systemClock.sleep(20)]);
  }
  await Promise.all(running.map((process) => process.stop()));
  expect(kills).toBeGreaterThan(5);
  for (const profile of profiles) await checkLedger(db, profile, lastSlotMs);
  await Promise.all(databases.map((database) => database.close()));
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
  const { done } = await db.driftWindows.counts();
  return profiles.reduce((total, profile) => total + windowsOf(profile, lastSlotMs), -done);
}

/** Every window once, each beginning where the one before it ended; one alert, opened once and told once. */
async function checkLedger(
  db: Database,
  profile: RegisteredProfile,
  lastSlotMs: number,
): Promise<void> {
  const { uid, createdAt } = profile;
  const { items } = await db.driftWindows.list({ profileUid: uid, limit: 1000 });
  const windows = items.toReversed();
  expect(windows.map(({ status }) => status)).toEqual(windows.map(() => "done"));
  expect(windows).toHaveLength(windowsOf(profile, lastSlotMs));
  expect(Date.parse(windows[0]?.window_start ?? "")).toBe(Date.parse(createdAt));
  for (const [index, window] of windows.entries()) {
    if (index > 0) expect(window.window_start).toBe(windows[index - 1]?.window_end);
  }
  expect(await db.alerts.counts(uid)).toEqual({ active: 1, total: 1 });
  expect(await db.alertOutbox.list({ profileUid: uid, limit: 10 })).toHaveLength(1);
}

function registerMinutely(db: Database, name: string): Promise<RegisteredProfile> {
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
          schedule: "0 * * * * *",
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

describe("window ledger, two processes killed at random", () => {
  it("computes every window once on PGlite", async () => {
    const home = await mkdtemp(join(tmpdir(), "scouter-ledger-"));
    const db = await openPglite({ folder: join(home, "database"), clock: systemClock });
    await runKilledAtRandom(() => Promise.resolve(db), 4711);
    await rm(home, { recursive: true, force: true });
  });
});

await onPostgres("window ledger, two processes killed at random", (postgres) => {
  it("computes every window once", async () => {
    const uri = await postgres.migratedDatabase();
    await runKilledAtRandom(
      () => openPostgres({ uri, clock: systemClock, connectTimeoutMs: 60_000 }),
      42,
    );
  });
});
