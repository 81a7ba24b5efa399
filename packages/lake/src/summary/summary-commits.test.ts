import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@scouter/contracts";
import { openLocalObjectStore } from "@scouter/delta";
import { exportRequestProtobuf } from "@scouter/testkit/otlp/export-protobuf";
import {
  exportRequest,
  otlpSpan,
  spanIdBytes,
  traceIdBytes,
} from "@scouter/testkit/otlp/export-request";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openFileIngestLog } from "../ingest-log/file-ingest-log.ts";
import { openMaintainer } from "../maintenance/maintenance.fixture.ts";
import { TableMaintainer } from "../maintenance/table-maintainer.ts";
import { openTraceLake } from "../open-trace-lake.ts";
import { openSpanDelta, summaryTableDefinition } from "../table/span-delta.ts";
import type { TraceLake } from "../trace-lake.ts";

let folder: string;
const open: TraceLake[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "scouter-summaries-"));
});
afterEach(async () => {
  for (const lake of open.splice(0)) await lake.close();
  await rm(folder, { recursive: true, force: true });
});

const root = () => join(folder, "lake");

async function openLake(failures: unknown[] = []): Promise<TraceLake> {
  const fail = (error: unknown) => {
    throw error;
  };
  const lake = await openTraceLake({
    root: root(),
    ingestLog: await openFileIngestLog({
      root: join(folder, "log"),
      owner: randomUUID(),
      clock: systemClock,
    }),
    clock: systemClock,
    flushIntervalMs: 3_600_000,
    flushSpans: 1_000_000,
    refreshIntervalMs: 0,
    maxInflatedBytes: 64_000_000,
    maxUnflushedBytes: 64_000_000,
    threads: 1,
    memoryLimitMb: 512,
    events: {
      onDeadLetter: async (letter) => fail(new Error(letter.reason)),
      onFlush: () => undefined,
      onFlushFailure: (error) => void failures.push(error),
      onReplay: () => undefined,
      onFatal: fail,
    },
  });
  open.push(lake);
  return lake;
}

let spans = 0;
async function send(lake: TraceLake, trace: number, parent?: number): Promise<void> {
  spans += 1;
  const span = otlpSpan({
    traceId: traceIdBytes(trace),
    spanId: spanIdBytes(spans),
    ...(parent === undefined ? {} : { parentSpanId: spanIdBytes(parent) }),
    name: `span ${spans}`,
  });
  const body = exportRequestProtobuf(exportRequest([span]));
  await lake.ingest({ body, format: "otlp-protobuf", contentEncoding: "identity" });
}

async function summaryDelta() {
  const store = await openLocalObjectStore(join(root(), "trace_summaries"));
  return openSpanDelta(store, undefined, summaryTableDefinition);
}

async function listed(lake: TraceLake) {
  const { items } = await lake.listTraces({ limit: 100, direction: "next" });
  const rows = items.map(({ traceId, spanCount }) => [Number.parseInt(traceId, 16), spanCount]);
  return rows.toSorted(([left = 0], [right = 0]) => left - right);
}

describe("trace_summaries", () => {
  it("holds a fragment for each flush of a trace, and reads show one trace", async () => {
    const lake = await openLake();
    await send(lake, 1);
    await send(lake, 1, 1);
    await lake.flush();
    await send(lake, 1, 1);
    await lake.flush();
    await send(lake, 1, 1);
    expect(await listed(lake)).toEqual([[1, 4]]);
    const files = (await summaryDelta()).snapshot.files();
    expect(files.map(({ stats }) => JSON.parse(stats ?? "").numRecords)).toEqual([1, 1]);
  });

  it("is written again from the log when its commit did not come about, and the spans are not", async () => {
    const failures: unknown[] = [];
    const lake = await openLake(failures);
    await send(lake, 1);
    await lake.flush();
    await send(lake, 2);
    // The folder of the summaries' log is a file: their commit fails, that of the spans does not.
    const { rename, writeFile } = await import("node:fs/promises");
    const log = join(root(), "trace_summaries", "_delta_log");
    await rename(log, `${log}.away`);
    await writeFile(log, "");
    await expect(lake.flush()).rejects.toMatchObject({ kind: expect.any(String) });
    expect(failures).toHaveLength(1);
    expect(await lake.spansOf("0".repeat(31) + "2")).toHaveLength(1);
    expect(await listed(lake)).toEqual([
      [1, 1],
      [2, 1],
    ]);
    await lake.close();
    open.length = 0;
    await rm(log);
    await rename(`${log}.away`, log);

    const next = await openLake();
    expect(await listed(next)).toEqual([
      [1, 1],
      [2, 1],
    ]);
    expect(await next.counts()).toEqual({ traces: 2, spans: 2, errorSpans: 0 });
    const files = (await summaryDelta()).snapshot.files();
    expect(files.map(({ stats }) => JSON.parse(stats ?? "").numRecords)).toEqual([1, 1]);
  });

  it("is made of the spans of a lake that had none", async () => {
    const lake = await openLake();
    await send(lake, 1);
    await send(lake, 1, 1);
    await lake.flush();
    await send(lake, 2);
    await lake.flush();
    await lake.close();
    open.length = 0;
    await rm(join(root(), "trace_summaries"), { recursive: true });

    const next = await openLake();
    expect(await listed(next)).toEqual([
      [1, 2],
      [2, 1],
    ]);
    await send(next, 1, 1);
    await next.flush();
    expect(await listed(next)).toEqual([
      [1, 3],
      [2, 1],
    ]);
  });

  it("joins the fragments of a trace when its files are merged, as one commit of its own epoch", async () => {
    const lake = await openLake();
    for (let flush = 0; flush < 3; flush += 1) {
      await send(lake, 1);
      await lake.flush();
    }
    const before = await lake.listTraces({ limit: 10, direction: "next" });
    const maintainer = await TableMaintainer.open(
      {
        root: root(),
        temporaryFolder: join(root(), ".writing"),
        memoryLimitMb: 512,
        settings: { mergeFiles: 2, targetBytes: 1e6, sortIntervalMs: 3.6e6, retentionDays: 0 },
      },
      summaryTableDefinition,
    );
    expect(await maintainer.next(4)).toMatchObject({
      outcome: "done",
      run: { table: "trace_summaries", kind: "merge", filesAfter: 1, repeats: 2 },
    });
    expect(await maintainer.next(5)).toEqual({ outcome: "nothing" });
    await maintainer.close();
    const { snapshot } = await summaryDelta();
    expect(snapshot.txn("maintenance/trace_summaries")).toBe(4);
    expect(await lake.listTraces({ limit: 10, direction: "next" })).toEqual(before);
    const spansMaintainer = await openMaintainer(root());
    expect(await spansMaintainer.next(4)).toMatchObject({ run: { table: "trace_spans" } });
    await spansMaintainer.close();
  });
});
