import { systemClock } from "@scouter/contracts";
import type { ClaimedWindow, Database, WindowClaim, WindowFailure } from "@scouter/database";
import type { WindowData } from "../src/drift/window-data.ts";
import { DriftPlanner } from "../src/workers/drift-planner.ts";
import { DriftWorkers } from "../src/workers/drift-worker.ts";

/** Ends when the test says so: by itself it would end under a living process on a busy machine, over and over. */
const LEASE_MS = 3_600_000;
const PLANNER_LEASE = "drift-planner";
const SPEED = 10;
/** Pauses between attempts run by the database's clock, which tests cannot hurry. */
const RETRY_SPEED = 100_000;

export interface DriftProcessEvents {
  readonly onComputed: (window: ClaimedWindow) => void;
  readonly onGivenUp: (window: ClaimedWindow) => void;
}

/** A process that can be killed: from then on nothing of it reaches the database, and nothing is released. */
export class DriftProcess {
  #killed = false;
  readonly #planner: DriftPlanner;
  readonly #workers: DriftWorkers;
  readonly #name: string;
  readonly #db: Database;
  readonly #claimed: ClaimedWindow[] = [];

  constructor(
    name: string,
    db: Database,
    world: { readonly nowMs: () => Promise<number>; readonly data: WindowData },
    events: DriftProcessEvents,
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
      nowMs: world.nowMs,
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
      data: world.data,
      clock,
      workers: 2,
      leaseMs: LEASE_MS,
      processName: name,
      events: {
        onComputed: events.onComputed,
        onFailed: (window, _error, retryInMs) => {
          if (retryInMs === undefined) events.onGivenUp(window);
        },
        onStale: ignore,
        onTrouble: ignore,
      },
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
        if (name === "fail") {
          return (claim: WindowClaim, { retryInMs, ...failure }: WindowFailure) =>
            target.fail(claim, {
              ...failure,
              ...(retryInMs !== undefined && { retryInMs: retryInMs / RETRY_SPEED }),
            });
        }
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
