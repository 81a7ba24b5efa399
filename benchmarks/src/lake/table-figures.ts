import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { systemClock } from "@scouter/contracts";
import {
  type LakeMaintenanceOptions,
  type MaintenanceRun,
  openFileIngestLog,
  openTraceLake,
  type TraceLake,
} from "@scouter/lake";
import { lower } from "../figure/print-figure.ts";
import { bulkTraceId, DAY_NANO, DAYS, traceStepNano, writeBulkSpans } from "./bulk-spans.ts";
import { pause } from "./export-load.ts";
import { childrenOf, peakResidentMb } from "./process-cpu.ts";
import { progress } from "./progress.ts";
import { readFigures } from "./read-figures.ts";
import { tableFiles } from "./table-files.ts";

export interface TableOptions {
  readonly spans: number;
  readonly rounds: number;
  /** Keeps the table here, and reads the one that is here already; else a new one that is deleted at the end. */
  readonly folder?: string | undefined;
}

/** As the server has them. */
const THREADS = 2;
const MEMORY_LIMIT_MB = 512;
const MAINTENANCE_MEMORY_MB = 768;
const TARGET_BYTES = 128 * 2 ** 20;

/** A table of a week: how small it becomes, what that takes, and what reads of it take. */
export async function tableFigures({ spans, rounds, folder }: TableOptions): Promise<void> {
  if (folder !== undefined) {
    const place = resolve(folder);
    const note = join(place, "made.json");
    if (!existsSync(note)) {
      await mkdir(place, { recursive: true });
      const endNano = await makeTable(place, spans);
      await writeFile(note, JSON.stringify({ spans, endNano: String(endNano) }));
    }
    const made = JSON.parse(await readFile(note, "utf8")) as { spans: number; endNano: string };
    if (made.spans !== spans) throw new Error(`${place} holds a table of ${made.spans} spans`);
    await readTable(place, { spans, rounds, endNano: BigInt(made.endNano) });
    return;
  }
  const place = await mkdtemp(join(tmpdir(), "bench-table-"));
  try {
    const endNano = await makeTable(place, spans);
    await readTable(place, { spans, rounds, endNano });
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/** Midnight after its last day, nanoseconds. */
async function makeTable(folder: string, spans: number): Promise<bigint> {
  const root = join(folder, "lake");
  const endNano = ((BigInt(Date.now()) * 1_000_000n) / DAY_NANO) * DAY_NANO;
  const made = await openLake(folder, undefined);
  await made.close();
  await writeBulkSpans({ root, spans, endNano });
  // Without their table, the lake makes the summaries of what is there.
  await rm(join(root, "trace_summaries"), { recursive: true });
  progress("summaries of all traces");
  await (await openLake(folder, undefined)).close();
  await compact(folder);
  return endNano;
}

interface MadeTable {
  readonly spans: number;
  readonly rounds: number;
  readonly endNano: bigint;
}

async function readTable(folder: string, { spans, rounds, endNano }: MadeTable): Promise<void> {
  const files = await tableFiles(join(folder, "lake"));
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const records = files.reduce((sum, file) => sum + file.records, 0);
  lower("bytes_per_span", bytes / records, "bytes", 60, records);
  const lake = await openLake(folder, undefined);
  const traces = records / 10;
  try {
    await readFigures({
      lake,
      files,
      rounds,
      endNano,
      traceStepNano: traceStepNano(spans),
      range: { fromNano: endNano - BigInt(DAYS) * DAY_NANO, toNano: endNano },
      traceIdAt: (share) => bulkTraceId(Math.floor(share * traces)),
      threads: THREADS,
    });
  } finally {
    await lake.close();
  }
}

/** Sorts everything, as the server's maintenance does once the files are old enough, and watches its process. */
async function compact(folder: string): Promise<void> {
  const runs: MaintenanceRun[] = [];
  let failure: unknown;
  const maintenance: LakeMaintenanceOptions = {
    lease: loneLease(),
    settings: { mergeFiles: 32, targetBytes: TARGET_BYTES, sortIntervalMs: 0, retentionDays: 0 },
    intervalMs: 100,
    vacuumIntervalMs: 86_400_000,
    memoryLimitMb: MAINTENANCE_MEMORY_MB,
  };
  const lake = await openLake(folder, maintenance, {
    onMaintenance: (run) => runs.push(run),
    onMaintenanceFailure: (error) => (failure = error),
  });
  let peakMb = 0;
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      for (const child of childrenOf(process.pid)) peakMb = Math.max(peakMb, peakResidentMb(child));
      await pause(100);
    }
  })();
  progress("sorting");
  const started = performance.now();
  let told = 0;
  let left = await unsorted(join(folder, "lake"));
  while (failure === undefined && left > 0) {
    if (runs.length > told) progress(`sorted ${runs.length} times, ${left} files left`);
    told = runs.length;
    await pause(250);
    left = await unsorted(join(folder, "lake"));
  }
  isOver = true;
  await watching;
  await lake.close();
  if (failure !== undefined) throw failure;
  lower("compact_rss_mb", peakMb, "MB", 1_000);
  lower("compact_s", (performance.now() - started) / 1000, "s", null, runs.length);
}

/** Files that a sort is still to come to; one that is alone in its day is in order. */
async function unsorted(root: string): Promise<number> {
  const days = Map.groupBy(await tableFiles(root), ({ day }) => day);
  const several = [...days.values()].filter((files) => files.length > 1);
  return several.flat().filter(({ isSorted }) => !isSorted).length;
}

function loneLease(): LakeMaintenanceOptions["lease"] {
  let epoch = 0;
  return {
    leaseMs: 600_000,
    take: async (above) => (epoch = Math.max(epoch, above) + 1),
    extend: async () => true,
    release: async () => {},
  };
}

async function openLake(
  folder: string,
  maintenance: LakeMaintenanceOptions | undefined,
  events: Partial<Parameters<typeof openTraceLake>[0]["events"]> = {},
): Promise<TraceLake> {
  const fail = (error: unknown): never => {
    throw error;
  };
  const owner = randomUUID();
  return openTraceLake({
    root: join(folder, "lake"),
    ingestLog: await openFileIngestLog({ root: join(folder, "log"), owner, clock: systemClock }),
    clock: systemClock,
    flushIntervalMs: 3_600_000,
    flushSpans: 10_000_000,
    refreshIntervalMs: maintenance ? 100 : 10_000,
    // On a busy machine a read of ten million spans is slow, and a figure all the same.
    queryLimitMs: 600_000,
    maxInflatedBytes: 256_000_000,
    maxUnflushedBytes: 256_000_000,
    threads: THREADS,
    memoryLimitMb: MEMORY_LIMIT_MB,
    ...(maintenance && { maintenance }),
    events: {
      onDeadLetter: async () => fail(new Error("nothing is replayed here")),
      onFlush: () => undefined,
      onFlushFailure: fail,
      onReplay: () => undefined,
      onFatal: fail,
      ...events,
    },
  });
}
