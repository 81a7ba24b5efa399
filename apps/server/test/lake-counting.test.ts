import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@scouter/contracts";
import {
  type LakeMaintenanceOptions,
  type MaintenanceRun,
  openFileIngestLog,
  openTraceLake,
  type TraceLake,
} from "@scouter/lake";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exportRequest } from "./otlp-request.ts";

const flushes = Number(process.env["SCOUTER_CHAOS_FLUSHES"] ?? 150);

/** Merges early, so that the counting goes on over the commits of maintenance too. */
const maintenance: LakeMaintenanceOptions = {
  lease: alwaysOurs(),
  settings: { mergeFiles: 16, targetBytes: 2 ** 20, sortIntervalMs: 5_000, retentionDays: 0 },
  intervalMs: 200,
  vacuumIntervalMs: 3_600_000,
  memoryLimitMb: 256,
  firstRetryMs: 200,
};

function alwaysOurs(): LakeMaintenanceOptions["lease"] {
  let epoch = 0;
  return {
    leaseMs: 60_000,
    take: async (above) => (epoch = Math.max(epoch, above) + 1),
    extend: async () => true,
    release: async () => {},
  };
}

describe("counting while the lake is written", () => {
  let folder: string;
  const lakes: TraceLake[] = [];
  const runs: MaintenanceRun[] = [];
  const failures: unknown[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "scouter-counting-"));
  });
  afterEach(async () => {
    for (const lake of lakes.splice(0)) await lake.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function open(name: string, more: Partial<Parameters<typeof openTraceLake>[0]> = {}) {
    const root = join(folder, `log-of-${name}`);
    const lake = await openTraceLake({
      root: join(folder, "lake"),
      ingestLog: await openFileIngestLog({ root, owner: randomUUID(), clock: systemClock }),
      clock: systemClock,
      flushIntervalMs: 3_600_000,
      flushSpans: 1_000_000,
      refreshIntervalMs: 0,
      maxInflatedBytes: 2 ** 24,
      maxUnflushedBytes: 2 ** 24,
      threads: 1,
      memoryLimitMb: 256,
      events: {
        onDeadLetter: async (letter) => void failures.push(letter),
        onFlush: () => undefined,
        onFlushFailure: (error) => failures.push(error),
        onReplay: () => undefined,
        onFatal: (error) => failures.push(error),
        onMaintenance: (run) => runs.push(run),
        onMaintenanceFailure: (error) => failures.push(error),
      },
      ...more,
    });
    lakes.push(lake);
    return lake;
  }

  it(
    `never shows one span too many or too few, over ${flushes} flushes`,
    async () => {
      const writer = await open("writer", { maintenance });
      const other = await open("other");
      let spans = 0;
      let looks = 0;
      /** What a process that knows only the table may count: whole commits. */
      const committed = new Set([0]);
      for (let flush = 1; flush <= flushes; flush += 1) {
        for (let entry = 0; entry <= flush % 2; entry += 1) {
          const { body } = exportRequest({ spanCount: 1 + (flush % 3) });
          const request = { body: Buffer.from(body), format: "otlp-json" } as const;
          await writer.ingest({ ...request, contentEncoding: "identity" });
          spans += 1 + (flush % 3);
        }
        committed.add(spans);
        let isFlushing = true;
        const flushed = writer.flush().finally(() => {
          isFlushing = false;
        });
        do {
          const [here, there] = await Promise.all([writer.counts(), other.counts()]);
          looks += 1;
          if (here.spans !== spans)
            throw new Error(`${here.spans} spans here, ${spans} were stored`);
          if (!committed.has(there.spans)) {
            throw new Error(`${there.spans} spans there, which no commit has made`);
          }
        } while (isFlushing);
        await flushed;
      }
      expect((await other.counts()).spans).toBe(spans);
      expect(looks).toBeGreaterThanOrEqual(flushes);
      expect(runs.length).toBeGreaterThan(0);
      expect(failures).toEqual([]);
    },
    600_000 + flushes * 2_000,
  );
});
