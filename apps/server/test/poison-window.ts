import { systemClock } from "@scouter/contracts";
import type { ClaimedWindow, Database } from "@scouter/database";
import { DriftWorkers } from "../src/workers/drift-worker.ts";

/** Puts one window of the profile into the ledger: all that was received so far. */
export async function planWindow({ driftWindows }: Database, uid: string): Promise<void> {
  const plans = await driftWindows.toPlan(await driftWindows.nowMs(), 1000);
  const toPlan = plans.find(({ profileUid }) => profileUid === uid);
  if (toPlan === undefined) throw new Error(`profile ${uid} is not to be planned`);
  const endMs = (await driftWindows.nowMs()) + 1;
  await driftWindows.plan([
    {
      profileUid: uid,
      basis: toPlan.basis,
      windows: [{ startMs: toPlan.lastWindowEndMs - 1, endMs }],
      plannedThroughMs: endMs,
      nextPlanAtMs: undefined,
      paused: false,
    },
  ]);
}

/** Everything that was due, each by the profile's uid and how it ended. */
export async function runWorkers(database: Database, windows: number): Promise<readonly string[]> {
  const ends: string[] = [];
  const ended = Promise.withResolvers<void>();
  const note = (outcome: string) => (window: ClaimedWindow) => {
    ends.push(`${window.profile.uid} ${outcome}`);
    if (ends.length === windows) ended.resolve();
  };
  const workers = new DriftWorkers({
    database,
    data: database.observations,
    clock: systemClock,
    workers: 1,
    processName: "poison",
    events: {
      onComputed: note("computed"),
      onFailed: (window, _error, retryInMs) =>
        note(retryInMs === undefined ? "given up" : "failed")(window),
      onStale: note("stale"),
      onTrouble: (error) => ended.reject(error),
    },
  });
  await workers.start();
  await ended.promise;
  await workers.drain();
  return ends;
}
