// A process with a lake that ends while the lake is at work, in the way that its second argument names.
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import { systemClock } from "@scouter/contracts";
import { exportRequestProtobuf } from "@scouter/testkit/otlp/export-protobuf";
import { exportRequest, spanIdBytes, traceIdBytes } from "@scouter/testkit/otlp/export-request";
import { openFileIngestLog } from "../ingest-log/file-ingest-log.ts";
import { openTraceLake } from "../open-trace-lake.ts";

/** What it ends with in all ways, when nothing else ends it. */
export const EXIT_CODE = 7;
export const SPANS_OF_TRACE = 50;

export const waysToEnd = {
  "an exit": () => process.exit(EXIT_CODE),
  "an exit on a signal": () => {
    process.once("SIGTERM", () => process.exit(EXIT_CODE));
    process.kill(process.pid, "SIGTERM");
  },
  "an error that nothing caught": () => {
    process.once("exit", () => (process.exitCode = EXIT_CODE));
    throw new Error("that nobody foresaw");
  },
  "an error in the lake's thread": () => worker?.postMessage(null),
} as const;

export type WayToEnd = keyof typeof waysToEnd;

let worker: Worker | undefined;

const [, file, root, way] = process.argv;
if (file === import.meta.filename) await work(root as string, way as WayToEnd);

async function work(folder: string, wayToEnd: WayToEnd): Promise<void> {
  process.once("worker", (started) => (worker = started));
  const lake = await openTraceLake({
    root: join(folder, "lake"),
    ingestLog: await openFileIngestLog({
      root: join(folder, "log"),
      owner: randomUUID(),
      clock: systemClock,
    }),
    clock: systemClock,
    flushIntervalMs: 20,
    flushSpans: 10_000_000,
    refreshIntervalMs: 0,
    maxInflatedBytes: 256_000_000,
    maxUnflushedBytes: 256_000_000,
    threads: 2,
    memoryLimitMb: 256,
    events: {
      onDeadLetter: async () => undefined,
      onFlush: () => undefined,
      onFlushFailure: () => undefined,
      onReplay: () => undefined,
      // The thread's end is told: this process has nothing more to do.
      onFatal: () => process.exit(EXIT_CODE),
    },
  });
  process.once("message", waysToEnd[wayToEnd]);
  const ingest = async () => {
    for (let trace = 1; ; trace += 1) {
      const start = BigInt(Date.now()) * 1_000_000n;
      const spans = Array.from({ length: SPANS_OF_TRACE }, (_, index) => ({
        traceId: traceIdBytes(trace),
        spanId: spanIdBytes(index + 1),
        name: `span ${index}`,
        startTimeUnixNano: start,
        endTimeUnixNano: start + 1_000n,
      }));
      const body = exportRequestProtobuf(exportRequest(spans));
      await lake.ingest({ body, format: "otlp-protobuf", contentEncoding: "identity" });
      process.send?.(trace);
    }
  };
  const read = async () => {
    for (;;) await lake.listTraces({ limit: 100, direction: "next" });
  };
  // Until the end; what it rejects then is of no interest.
  await Promise.allSettled([ingest(), read(), read(), read()]);
}
