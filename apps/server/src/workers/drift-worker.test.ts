import type {
  ClaimedWindow,
  Database,
  WindowClaim,
  WindowCompletion,
  WindowFailure,
  WindowToComplete,
} from "@scouter/database";
import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import { beforeEach, describe, expect, it } from "vitest";
import { alwaysHigh, noData } from "../../test/fake/drift-samples.ts";
import type { WindowData } from "../drift/window-data.ts";
import { DriftWorkers, windowRetryMs } from "./drift-worker.ts";

let clock: ManualClock;
let due: ClaimedWindow[];
let claims: number;
/** How many windows a claim gives at most. */
let atOnce: number;
/** Ids that `completeAll` was given, call by call. */
let together: number[][];
let breakTogether: Error | undefined;
let completed: { readonly id: number; readonly completion: WindowCompletion }[];
let failures: { readonly id: number; readonly failure: WindowFailure }[];
let released: string[];
let heartbeats: number;
let troubles: unknown[];
let notify: () => void;
let settled: PromiseWithResolvers<void>;

beforeEach(() => {
  clock = new ManualClock();
  due = [];
  claims = 0;
  atOnce = 1;
  together = [];
  breakTogether = undefined;
  completed = [];
  failures = [];
  released = [];
  heartbeats = 0;
  troubles = [];
  notify = () => undefined;
  settled = Promise.withResolvers();
});

function makeWorkers(data: WindowData = alwaysHigh): DriftWorkers {
  const driftWindows = {
    claim: async () => {
      claims += 1;
      return due.splice(0, atOnce);
    },
    heartbeat: async () => {
      heartbeats += 1;
      return true;
    },
    complete: async ({ windowId }: WindowClaim, completion: WindowCompletion) => {
      completed.push({ id: windowId, completion });
      if (due.length === 0) settled.resolve();
      return "done";
    },
    completeAll: async (windows: readonly WindowToComplete[]) => {
      together.push(windows.map(({ claim }) => claim.windowId));
      if (breakTogether !== undefined) throw breakTogether;
      for (const { claim, completion } of windows) {
        completed.push({ id: claim.windowId, completion });
      }
      if (due.length === 0) settled.resolve();
      return windows.map(() => "done");
    },
    fail: async ({ windowId }: WindowClaim, failure: WindowFailure) => {
      failures.push({ id: windowId, failure });
      if (due.length === 0) settled.resolve();
      return "done";
    },
    releaseAll: async (workerId: string) => released.push(workerId),
  } as unknown as Database["driftWindows"];
  const alerts = {
    states: async () => [],
    statesOf: async () => new Map(),
  } as unknown as Database["alerts"];
  const ignore = () => undefined;
  return new DriftWorkers({
    database: {
      driftWindows,
      alerts,
      listen: async (_channel, handler) => {
        notify = () => handler("");
        return async () => undefined;
      },
    },
    data,
    clock,
    workers: 1,
    processName: "test",
    events: {
      onComputed: ignore,
      onFailed: ignore,
      onStale: ignore,
      onTrouble: (error) => troubles.push(error),
    },
  });
}

const conditions = { mape: { baseline_value: 1, alert_threshold: "Above", delta: null } };

function windowOf(id: number, fields: { profile?: object; attempt?: number } = {}): ClaimedWindow {
  const profile = {
    config: {
      space: "s",
      name: "n",
      version: "1.0.0",
      uid: "u",
      sample_size: 25,
      alert_config: {
        schedule: "0 * * * * *",
        dispatch_config: { Slack: { channel: "#drift" } },
        alert_conditions: conditions,
      },
    },
    metrics: { mape: 1, rmse: 2 },
    scouter_version: "0.1.0",
  };
  return {
    claim: { windowId: id, fencing: 1 },
    startMs: 0,
    endMs: 60_000,
    revised: 0,
    attempt: fields.attempt ?? 1,
    settled: true,
    profile: {
      uid: `u${id}`,
      space: "s",
      name: "n",
      version: "1.0.0",
      driftType: "Custom",
      profile: fields.profile ?? profile,
    },
  } as ClaimedWindow;
}

/** Runs until everything due is settled. */
async function settleAll(data?: WindowData): Promise<void> {
  const workers = makeWorkers(data);
  await workers.start();
  await settled.promise;
  await workers.drain();
}

describe("DriftWorkers", () => {
  it("stores result, alert and message of a window together", async () => {
    due = [windowOf(1)];
    await settleAll();
    expect(completed).toHaveLength(1);
    expect(completed[0]?.completion).toMatchObject({
      result: {
        kind: "Custom",
        features: [
          { name: "mape", status: "alert", observed: 2, count: 2 },
          { name: "rmse", status: "no-data" },
        ],
      },
      alerts: [{ key: "mape", action: "opened", alert: { Custom: { observed_value: 2 } } }],
      messages: [
        {
          dedupKey: "u1/1970-01-01T00:01:00.000Z/0",
          message: { space: "s", dispatch_config: { Slack: { channel: "#drift" } } },
        },
      ],
    });
    expect(released).toEqual(["test/drift-1"]);
  });

  it("is woken by a notice, at once", async () => {
    const workers = makeWorkers();
    await workers.start();
    await clock.untilSleeping(1);
    due = [windowOf(1)];
    notify();
    await settled.promise;
    expect(clock.monotonicMs()).toBe(0);
    await workers.drain();
  });

  it("finds work within a second when every notice is lost", async () => {
    const workers = makeWorkers();
    await workers.start();
    await clock.untilSleeping(1);
    due = [windowOf(1)];
    await clock.advance(999);
    expect(claims).toBe(1);
    await clock.advance(1);
    await settled.promise;
    await workers.drain();
  });

  it("keeps a window whose profile cannot be read, and computes the others", async () => {
    due = [windowOf(1, { profile: { config: {} } }), windowOf(2)];
    await settleAll();
    expect(failures).toMatchObject([{ id: 1, failure: { retryInMs: 10_000 } }]);
    expect(failures[0]?.failure.error).toContain("SERVER_DRIFT_PROFILE_UNREADABLE");
    expect(completed.map(({ id }) => id)).toEqual([2]);
  });

  it("keeps a window whose data cannot be read", async () => {
    due = [windowOf(1, { attempt: 3 }), windowOf(2, { attempt: 10 })];
    await settleAll({ ...noData, customTallies: () => Promise.reject(new Error("away")) });
    expect(failures).toEqual([
      { id: 1, failure: { error: "Error: away", retryInMs: 40_000 } },
      { id: 2, failure: { error: "Error: away", retryInMs: undefined } },
    ]);
  });

  it("stores what it claimed together by one statement", async () => {
    due = [windowOf(1), windowOf(2), windowOf(3)];
    atOnce = 3;
    await settleAll();
    expect(together).toEqual([[1, 2, 3]]);
    expect(completed.map(({ completion }) => completion.alerts.length)).toEqual([1, 1, 1]);
    expect(failures).toEqual([]);
  });

  it("leaves a window out that fails, and stores the others with it", async () => {
    due = [windowOf(1), windowOf(2, { profile: { config: {} } }), windowOf(3)];
    atOnce = 3;
    await settleAll();
    expect(together).toEqual([[1, 3]]);
    expect(failures.map(({ id }) => id)).toEqual([2]);
  });

  it("stores one by one what cannot be stored together", async () => {
    due = [windowOf(1), windowOf(2)];
    atOnce = 2;
    breakTogether = new Error("refused");
    await settleAll();
    expect(completed.map(({ id }) => id)).toEqual([1, 2]);
    expect(failures).toEqual([]);
    expect(troubles).toEqual([breakTogether]);
  });

  it("gives back what is claimed and not begun when it is cut short", async () => {
    const gate = Promise.withResolvers<ReadonlyMap<string, never>>();
    due = [windowOf(1), windowOf(2)];
    atOnce = 2;
    let asked = 0;
    const workers = makeWorkers({
      ...noData,
      customTallies: () => {
        asked += 1;
        return gate.promise;
      },
    });
    await workers.start();
    await clock.untilSleeping(1);
    while (asked === 0) await new Promise((resolve) => setImmediate(resolve));
    workers.abort();
    gate.resolve(new Map<string, never>());
    await workers.drain();
    expect([...completed, ...failures, ...together, ...troubles]).toEqual([]);
    expect(asked).toBe(1);
    expect(released).toEqual(["test/drift-1"]);
  });

  it("gives up a window that ended ten workers without computing it", async () => {
    due = [windowOf(1, { attempt: 11 })];
    await settleAll({ ...noData, customTallies: () => Promise.reject(new Error("not asked")) });
    expect(failures[0]?.failure.retryInMs).toBeUndefined();
    expect(failures[0]?.failure.error).toContain("SERVER_DRIFT_ATTEMPTS_USED_UP");
  });

  it("renews its lease while it computes", async () => {
    const gate = Promise.withResolvers<ReadonlyMap<string, never>>();
    due = [windowOf(1)];
    const workers = makeWorkers({ ...noData, customTallies: () => gate.promise });
    await workers.start();
    await clock.untilSleeping(1);
    await clock.advance(25_000);
    expect(heartbeats).toBe(2);
    gate.resolve(new Map<string, never>());
    await settled.promise;
    await workers.drain();
    expect(clock.pendingSleepers).toBe(0);
  });

  it("neither stores nor fails a window that is cut short, and releases it", async () => {
    const gate = Promise.withResolvers<ReadonlyMap<string, never>>();
    due = [windowOf(1)];
    const workers = makeWorkers({ ...noData, customTallies: () => gate.promise });
    await workers.start();
    await clock.untilSleeping(1);
    workers.abort();
    gate.resolve(new Map<string, never>());
    await workers.drain();
    expect([...completed, ...failures]).toEqual([]);
    expect(released).toEqual(["test/drift-1"]);
    expect(troubles).toEqual([]);
  });
});

describe("windowRetryMs", () => {
  it.each([
    [1, 10_000],
    [2, 20_000],
    [6, 320_000],
    [7, 600_000],
    [9, 600_000],
    [10, undefined],
    [11, undefined],
  ])("after attempt %i: %s", (attempt, pause) => {
    expect(windowRetryMs(attempt)).toBe(pause);
  });
});
