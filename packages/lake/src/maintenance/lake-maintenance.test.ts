import { readdir, watch } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import { afterEach, describe, expect, it } from "vitest";
import { lakeFixture, type LakeFixture, type LakeFixtureOptions } from "../traces/lake.fixture.ts";
import { LakeMaintenance } from "./lake-maintenance.ts";
import { MaintenanceClient } from "./maintenance-client.ts";
import type { MaintenanceLease } from "./maintenance-lease.ts";
import { commitSpans, everySpan, loneLease, mergeAtOnce } from "./maintenance.fixture.ts";
import type { MaintenanceRun } from "./table-maintainer.ts";

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

async function openFixture(options: LakeFixtureOptions = {}): Promise<LakeFixture> {
  const fixture = await lakeFixture({ refreshIntervalMs: 0, ...options });
  open.push(() => fixture.close());
  return fixture;
}

/** As far as a lake's maintenance looks at anything before it takes the lease. */
function maintenanceOf(
  fixture: LakeFixture,
  lease: MaintenanceLease,
  { isDue = true, memoryLimitMb = 512 } = {},
) {
  const runs: MaintenanceRun[] = [];
  const failures: unknown[] = [];
  const clock = new ManualClock();
  const maintenance = new LakeMaintenance({
    root: fixture.root,
    clock,
    lease,
    settings: mergeAtOnce,
    intervalMs: 60_000,
    vacuumIntervalMs: 600_000,
    memoryLimitMb,
    need: async () => ({ isDue, epoch: 0 }),
    events: {
      onMaintenance: (run) => runs.push(run),
      onMaintenanceFailure: (error) => failures.push(error),
    },
  });
  open.push(() => maintenance.stop());
  return { maintenance, clock, runs, failures };
}

describe("the maintenance process", () => {
  it("leaves the table as it was when it is killed in the middle, and the next one goes on", async () => {
    const fixture = await openFixture();
    for (const trace of [1, 2, 3]) await commitSpans(fixture, trace, 50);
    const before = await everySpan(fixture.lake);
    const options = { root: fixture.root, memoryLimitMb: 512, settings: mergeAtOnce };
    const killing = new AbortController();
    const client = await MaintenanceClient.start(options, killing.signal);
    const [folder] = await readdir(join(fixture.root, ".maintenance"));
    const watching = new AbortController();
    const written = firstChange(
      join(fixture.root, ".maintenance", folder ?? ""),
      watching.signal,
    ).then(() => killing.abort());
    // Killed while it writes; or it was faster, and has committed all of it.
    const outcome = await client.next(1, []).then(
      ({ outcome: reached }) => reached,
      () => "killed",
    );
    watching.abort();
    await written;
    expect(["killed", "done"]).toContain(outcome);
    await client.stop();
    expect(await readdir(join(fixture.root, ".maintenance"))).toEqual([]);
    expect(await everySpan(fixture.lake)).toEqual(before);

    const next = await MaintenanceClient.start(options, new AbortController().signal);
    open.push(() => next.stop());
    // The spans, unless that was done; then their summaries.
    const left = outcome === "done" ? ["trace_summaries"] : ["trace_spans", "trace_summaries"];
    for (const [index, table] of left.entries()) {
      expect(await next.next(2 + index, [])).toMatchObject({ outcome: "done", run: { table } });
    }
    expect((await next.next(9, [])).outcome).toBe("nothing");
    expect(await everySpan(fixture.lake)).toEqual(before);
  }, 60_000);

  it("says what went wrong when it cannot open the table", async () => {
    const fixture = await openFixture();
    const remote = { uri: "nowhere://x", environment: {}, cacheBytes: 1 };
    const options = { root: fixture.root, remote, memoryLimitMb: 512, settings: mergeAtOnce };
    await expect(
      MaintenanceClient.start(options, new AbortController().signal),
    ).rejects.toMatchObject({ code: "LAKE_MAINTENANCE_FAILED" });
  });
});

async function firstChange(folder: string, signal: AbortSignal): Promise<void> {
  try {
    for await (const _ of watch(folder, { signal })) return;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

describe("LakeMaintenance", () => {
  it("vacuums, then does all that is due under rising epochs, and gives the lease back", async () => {
    const fixture = await openFixture();
    for (const trace of [1, 2]) await commitSpans(fixture, trace);
    let released = 0;
    const lease = { ...loneLease(), release: async () => void (released += 1) };
    const { maintenance, clock, runs, failures } = maintenanceOf(fixture, lease);
    await clock.advance(600_000);
    await maintenance.runDue();
    expect(runs.map(({ kind, table }) => [kind, table])).toEqual([
      ["vacuum", "all"],
      ["merge", "trace_spans"],
      ["merge", "trace_summaries"],
    ]);
    expect([failures, released]).toEqual([[], 1]);
    expect(await fixture.lake.counts()).toMatchObject({ traces: 2, spans: 6 });
  });

  it.each([
    ["one process", 512, 1],
    ["another process when one has grown beyond its limit", 64, 2],
  ])("does what is due in %s", async (_name, memoryLimitMb, processes) => {
    const fixture = await openFixture();
    for (const trace of [1, 2]) await commitSpans(fixture, trace);
    const folders = new Set<string>();
    const alone = loneLease();
    const take = async (above: number) => {
      // Each process has a folder while it is there; before the first one there is not even theirs.
      for (const name of await readdir(join(fixture.root, ".maintenance")).catch(() => [])) {
        folders.add(name);
      }
      return alone.take(above);
    };
    const { maintenance, clock, runs, failures } = maintenanceOf(
      fixture,
      { ...alone, take },
      { memoryLimitMb },
    );
    await clock.advance(600_000);
    await maintenance.runDue();
    expect([failures, runs.length, folders.size]).toEqual([[], 3, processes]);
    expect(await fixture.lake.counts()).toMatchObject({ traces: 2, spans: 6 });
  });

  it("does nothing while another process has the lease, or when nothing is due", async () => {
    const fixture = await openFixture();
    const taken = { ...loneLease(), take: async () => undefined };
    await maintenanceOf(fixture, taken).maintenance.runDue();
    const unwanted = {
      ...loneLease(),
      take: () => Promise.reject(new Error("nobody asked for it")),
    };
    await maintenanceOf(fixture, unwanted, { isDue: false }).maintenance.runDue();
    expect(await readdir(fixture.root)).not.toContain(".maintenance");
  });

  it("cuts its work when it loses the lease", async () => {
    const fixture = await openFixture();
    for (const trace of [1, 2]) await commitSpans(fixture, trace);
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<number | undefined>();
    const lone = loneLease();
    let takes = 0;
    const lease: MaintenanceLease = {
      ...lone,
      take(above) {
        takes += 1;
        if (takes === 1) return lone.take(above);
        asked.resolve();
        return answer.promise;
      },
      extend: async () => false,
    };
    const { maintenance, clock, runs } = maintenanceOf(fixture, lease);
    const running = maintenance.runDue();
    await asked.promise;
    await clock.untilSleeping(1);
    await clock.advance(lease.leaseMs);
    answer.resolve(9);
    await expect(running).rejects.toMatchObject({ code: "LAKE_MAINTENANCE_FAILED" });
    expect(runs.map(({ kind }) => kind)).toEqual(["merge"]);
  });

  it("tries again after a failure, later each time", async () => {
    const fixture = await openFixture();
    const lease = { ...loneLease(), take: () => Promise.reject(new Error("database away")) };
    const { maintenance, clock, failures } = maintenanceOf(fixture, lease);
    maintenance.start();
    const counts: number[] = [];
    for (let minute = 0; minute < 8; minute += 1) {
      await clock.untilSleeping(1);
      await clock.advance(60_000);
      await setImmediate();
      counts.push(failures.length);
    }
    // Looked at every minute; failures keep it from trying for 1, then 2, then 4 minutes.
    expect(counts).toEqual([1, 2, 2, 3, 3, 3, 3, 4]);
  });
});

it("shows every span once to a reader that counts during flushes and merges", async () => {
  const runs: MaintenanceRun[] = [];
  const failures: unknown[] = [];
  const fail = (error: unknown) => void failures.push(error);
  const merged = Promise.withResolvers<void>();
  const fixture = await openFixture({
    refreshIntervalMs: 0,
    maintenance: {
      lease: loneLease(),
      settings: { ...mergeAtOnce, mergeFiles: 4 },
      intervalMs: 5,
      vacuumIntervalMs: 600_000,
      memoryLimitMb: 512,
    },
    events: {
      onDeadLetter: async (letter) => fail(letter),
      onFlush: () => undefined,
      onFlushFailure: fail,
      onReplay: () => undefined,
      onFatal: fail,
      onMaintenance(run) {
        runs.push(run);
        if (runs.filter(({ kind }) => kind === "merge").length === 2) merged.resolve();
      },
      onMaintenanceFailure: fail,
    },
  });
  let sent = 0;
  let stored = 0;
  let isOver = false;
  const writing = (async () => {
    while (!isOver) {
      sent += 3;
      await commitSpans(fixture, sent);
      stored += 3;
    }
  })();
  let reads = 0;
  const reading = (async () => {
    while (!isOver) {
      const least = stored;
      const { spans } = await fixture.lake.counts();
      expect(spans).toBeGreaterThanOrEqual(least);
      expect(spans).toBeLessThanOrEqual(sent);
      expect(spans % 3).toBe(0);
      reads += 1;
    }
  })();
  await Promise.race([merged.promise, reading, writing]);
  isOver = true;
  await Promise.all([writing, reading]);
  expect(failures).toEqual([]);
  expect(reads).toBeGreaterThan(0);
  expect(await fixture.lake.counts()).toMatchObject({ spans: stored });
}, 120_000);
