import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { openLocalObjectStore } from "@scouter/delta";
import { exportRequest, spanIdBytes, traceIdBytes } from "@scouter/testkit/otlp/export-request";
import * as fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { MAINTENANCE_APPLICATION, openSpanDelta } from "../table/span-delta.ts";
import { dayOfTraces } from "../traces/generated-traces.fixture.ts";
import { lakeFixture, type LakeFixture } from "../traces/lake.fixture.ts";
import { commitSpans, everySpan, mergeAtOnce, openMaintainer } from "./maintenance.fixture.ts";
import type { MaintenanceSettings } from "./maintenance-settings.ts";
import type { TableMaintainer } from "./table-maintainer.ts";

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

async function openFixture(): Promise<LakeFixture> {
  const fixture = await lakeFixture({ refreshIntervalMs: 0 });
  open.push(() => fixture.close());
  return fixture;
}
async function maintainerOf({ root }: LakeFixture, settings?: MaintenanceSettings) {
  const maintainer = await openMaintainer(root, settings);
  open.push(() => maintainer.close());
  return maintainer;
}
async function snapshotOf({ root }: LakeFixture) {
  return (await openSpanDelta(await openLocalObjectStore(join(root, "trace_spans")))).snapshot;
}
const sortAtOnce = { ...mergeAtOnce, mergeFiles: 1_000, sortIntervalMs: 0, targetBytes: 40_000 };

/** Until nothing is left to do. */
async function doAll(maintainer: TableMaintainer, firstEpoch = 1) {
  const runs = [];
  for (let epoch = firstEpoch; ; epoch += 1) {
    const step = await maintainer.next(epoch);
    if (step.outcome === "nothing") return runs;
    if (step.outcome !== "done") throw new Error(JSON.stringify(step));
    runs.push(step.run);
  }
}

describe("a table that is maintained", () => {
  it.each([
    ["merge", mergeAtOnce],
    ["sort", sortAtOnce],
  ])(
    "answers as before after a %s, and holds each span once",
    async (kind, settings) => {
      await fc.assert(
        fc.asyncProperty(dayOfTraces({ minTraces: 5 }), async (requests) => {
          const fixture = await lakeFixture({ refreshIntervalMs: 0 });
          const maintainer = await openMaintainer(fixture.root, settings);
          try {
            const all = requests.flatMap(({ resourceSpans }) => resourceSpans);
            // In other requests than before, so that nothing but the spans' ids says that they are repeats.
            for (const request of [...requests, { resourceSpans: [...all, ...all] }]) {
              await fixture.send(request);
              await fixture.lake.flush();
            }
            await commitSpans(fixture, 900);
            await commitSpans(fixture, 901);
            const before = [await everySpan(fixture.lake), await fixture.lake.counts()];
            const runs = await doAll(maintainer);
            expect(runs.every((run) => run.kind === kind)).toBe(true);
            expect(runs.length).toBeGreaterThan(0);
            expect([await everySpan(fixture.lake), await fixture.lake.counts()]).toEqual(before);
            const snapshot = await snapshotOf(fixture);
            const stored = snapshot
              .files()
              .map(({ stats }) => (JSON.parse(stats ?? "") as { numRecords: number }).numRecords);
            const rows = stored.reduce((sum, records) => sum + records, 0);
            expect(rows).toBe((await fixture.lake.counts()).spans);
          } finally {
            await maintainer.close();
            await fixture.close();
          }
        }),
        { numRuns: 3 },
      );
    },
    120_000,
  );

  it("says which start times a merged file has, and whether rows were left out", async () => {
    const fixture = await openFixture();
    for (const trace of [1, 2, 1]) await commitSpans(fixture, trace);
    const before = (await snapshotOf(fixture)).files().map(({ stats }) => JSON.parse(stats ?? ""));
    const maintainer = await maintainerOf(fixture);
    const step = await maintainer.next(7);
    expect(step).toMatchObject({
      outcome: "done",
      run: { kind: "merge", filesBefore: 3, filesAfter: 1, repeats: 3 },
    });
    const snapshot = await snapshotOf(fixture);
    const [file] = snapshot.files();
    const stats = JSON.parse(file?.stats ?? "");
    const name = "start_time_unix_nano";
    expect(stats.numRecords).toBe(6);
    expect(stats.minValues[name]).toBe(Math.min(...before.map((each) => each.minValues[name])));
    expect(file?.dataChange).toBe(true);
    expect(snapshot.txn(MAINTENANCE_APPLICATION)).toBe(7);
  });

  it("changes no data when nothing was sent twice, and reads files without newer columns", async () => {
    const fixture = await openFixture();
    for (const trace of [1, 2, 3]) await commitSpans(fixture, trace);
    const maintainer = await maintainerOf(fixture);
    expect(await doAll(maintainer)).toMatchObject([{ repeats: 0 }]);
    expect((await snapshotOf(fixture)).files()).toMatchObject([{ dataChange: false }]);
  });

  it("has columns that a later version added, also where no file has them", async () => {
    const fixture = await openFixture();
    for (const trace of [1, 2]) await commitSpans(fixture, trace);
    const store = await openLocalObjectStore(join(fixture.root, "trace_spans"));
    const table = await openSpanDelta(store);
    const later = { name: "later", type: "string", nullable: true, metadata: {} } as const;
    await table.addColumns([later]);
    const before = await everySpan(fixture.lake);
    expect(await doAll(await maintainerOf(fixture))).toHaveLength(1);
    expect(await everySpan(fixture.lake)).toEqual(before);
  });

  it("divides what it sorts into files that follow each other", async () => {
    const fixture = await openFixture();
    for (const trace of [1, 2, 3, 4]) await commitSpans(fixture, trace, 300);
    const written = (await snapshotOf(fixture)).files().reduce((sum, { size }) => sum + size, 0);
    // All of them fit into one job, which takes two targets, and not into one file.
    const targetBytes = Math.ceil(written * 0.6);
    const runs = await doAll(await maintainerOf(fixture, { ...sortAtOnce, targetBytes }));
    expect(runs[0]).toMatchObject({ kind: "sort", filesBefore: 4, repeats: 0 });
    const files = (await snapshotOf(fixture)).files();
    expect(files.length).toBeGreaterThan(1);
    const bounds = files
      .map(({ stats }) => JSON.parse(stats ?? "") as Bounds)
      .toSorted((a, b) => a.minValues.start_time_unix_nano - b.minValues.start_time_unix_nano);
    for (const [index, { minValues }] of bounds.slice(1).entries()) {
      const end = bounds[index]?.maxValues.start_time_unix_nano ?? 0;
      expect(minValues.start_time_unix_nano).toBeGreaterThanOrEqual(end);
    }
    expect(await fixture.lake.counts()).toMatchObject({ spans: 1_200, traces: 4 });
  });

  it("removes expired days, and their files with the vacuum after the horizon", async () => {
    const fixture = await openFixture();
    const start = BigInt(Date.now() - 3 * 86_400_000) * 1_000_000n;
    const span = { name: "old", kind: 1, startTimeUnixNano: start, endTimeUnixNano: start };
    await fixture.send(
      exportRequest([{ ...span, traceId: traceIdBytes(9), spanId: spanIdBytes(9) }]),
    );
    await fixture.lake.flush();
    await commitSpans(fixture, 1);
    const maintainer = await maintainerOf(fixture, { ...mergeAtOnce, retentionDays: 1 });
    expect(await doAll(maintainer)).toMatchObject([{ kind: "expire", filesBefore: 1 }]);
    expect(await fixture.lake.counts()).toMatchObject({ traces: 1 });
    expect(await maintainer.vacuum({ dryRun: true })).toMatchObject({ filesBefore: 0 });
    const folders = await readdir(join(fixture.root, "trace_spans"));
    expect(folders.filter((name) => name.startsWith("partition_date="))).toHaveLength(2);
  });
});

interface Bounds {
  readonly minValues: { readonly start_time_unix_nano: number };
  readonly maxValues: { readonly start_time_unix_nano: number };
}

describe("two that maintain one table", () => {
  it("refuses the one with the older epoch", async () => {
    const fixture = await openFixture();
    const [stale, current] = [await maintainerOf(fixture), await maintainerOf(fixture)];
    for (const trace of [1, 2]) await commitSpans(fixture, trace);
    expect(await current.next(5)).toMatchObject({ outcome: "done" });
    await commitSpans(fixture, 3);
    expect(await stale.next(4)).toEqual({ outcome: "lost" });
    expect(await current.next(6)).toMatchObject({ outcome: "done" });
    expect(await fixture.lake.counts()).toMatchObject({ traces: 3, spans: 9 });
  });

  it("lets one win when both begin at once", async () => {
    const fixture = await openFixture();
    const pair = [await maintainerOf(fixture), await maintainerOf(fixture)] as const;
    for (let round = 1; round <= 3; round += 1) {
      await commitSpans(fixture, 2 * round);
      await commitSpans(fixture, 2 * round + 1);
      const steps = await Promise.all(pair.map((each, index) => each.next(10 * round + index)));
      const outcomes = steps.map(({ outcome }) => outcome);
      expect(outcomes).toContain("done");
      expect(outcomes).not.toContain("failed");
      expect(await fixture.lake.counts()).toMatchObject({ traces: 2 * round, spans: 6 * round });
      expect((await snapshotOf(fixture)).files()).toHaveLength(1);
    }
  });
});
