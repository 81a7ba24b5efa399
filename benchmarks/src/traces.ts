/**
 * Trace queries over a lake of our own making: 200,000 spans in traces of 10 over the last day, flushed in parts, one
 * part still in memory, and one trace of 20,000 spans. In-process: what a query costs from the server's point of view.
 * Options: `--spans N` (default 200000), `--rounds N` (default 15). With `--huge` only a trace of 100,000 spans and 10,000
 * levels: stored, listed, assembled and read in a window, with the longest time that the main loop stood still meanwhile.
 */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { systemClock } from "@scouter/contracts";
import {
  openFileIngestLog,
  openTraceLake,
  type SpanFilter,
  type TraceFilter,
  type TraceLake,
} from "@scouter/lake";
import { exportRequestProtobuf } from "@scouter/testkit/otlp/export-protobuf";
import {
  exportRequest,
  type ExportRequest,
  otlpSpan,
  spanIdBytes,
  traceIdBytes,
} from "@scouter/testkit/otlp/export-request";
import { typicalExport } from "@scouter/testkit/otlp/typical-export";
import { measureHugeTrace } from "./traces/huge-trace.ts";
import { printFigure, quantile } from "./figure/print-figure.ts";

const SPANS_PER_REQUEST = 5_000;
const FLUSH_EVERY = 4;
const BIG_TRACE_SPANS = 20_000;
const BIG_TRACE = 900_000_000;
const MS = 1_000_000n;
const DAY_NANO = 86_400_000_000_000n;

const { values } = parseArgs({
  options: {
    spans: { type: "string", default: "200000" },
    rounds: { type: "string", default: "15" },
    huge: { type: "boolean", default: false },
  },
});
const spanCount = Number(values.spans);
const rounds = Number(values.rounds);

const folder = await mkdtemp(join(tmpdir(), "bench-traces-"));
const lake = await openLake();
try {
  if (values.huge) await measureHugeTrace(lake, { send: sendBody, rounds, figure });
  else await measure(await fill());
} finally {
  await lake.close();
  await rm(folder, { recursive: true });
}

async function openLake(): Promise<TraceLake> {
  const fail = (error: unknown) => {
    throw error;
  };
  const owner = randomUUID();
  return openTraceLake({
    root: join(folder, "lake"),
    ingestLog: await openFileIngestLog({ root: join(folder, "log"), owner, clock: systemClock }),
    clock: systemClock,
    flushIntervalMs: 3_600_000,
    flushSpans: 10_000_000,
    refreshIntervalMs: 10_000,
    maxInflatedBytes: 256_000_000,
    maxUnflushedBytes: 256_000_000,
    threads: 2,
    memoryLimitMb: 1_024,
    events: {
      onDeadLetter: async () => fail(new Error("nothing is replayed here")),
      onFlush: () => undefined,
      onFlushFailure: fail,
      onReplay: () => undefined,
      onFatal: fail,
    },
  });
}

/** Traces of the typical shape, spread evenly over a day that ends with the newest span. */
async function fill() {
  const requests = Math.ceil(spanCount / SPANS_PER_REQUEST);
  const stepNano = DAY_NANO / BigInt(requests * SPANS_PER_REQUEST);
  const firstNano = BigInt(Date.now()) * MS - DAY_NANO;
  for (let index = 0; index < requests; index += 1) {
    const firstTrace = 1 + (index * SPANS_PER_REQUEST) / 10;
    const request = typicalExport({ spanCount: SPANS_PER_REQUEST, firstTrace });
    await send(
      spreadFrom(request, firstNano + BigInt(index * SPANS_PER_REQUEST) * stepNano, stepNano),
    );
    if (index % FLUSH_EVERY === FLUSH_EVERY - 1) await lake.flush();
  }
  await lake.flush();
  await send(bigTrace(firstNano));
  return { fromNano: firstNano, toNano: firstNano + DAY_NANO };
}

async function send(request: ExportRequest): Promise<void> {
  await sendBody(exportRequestProtobuf(request));
}

async function sendBody(body: Uint8Array): Promise<void> {
  await lake.ingest({ body, format: "otlp-protobuf", contentEncoding: "identity" });
}

function spreadFrom(request: ExportRequest, startNano: bigint, stepNano: bigint): ExportRequest {
  let serial = 0n;
  return {
    resourceSpans: request.resourceSpans.map((resource) => ({
      ...resource,
      scopeSpans: resource.scopeSpans.map((scope) => ({
        ...scope,
        spans: scope.spans.map((span) => {
          const start = startNano + serial++ * stepNano;
          const length = (span.endTimeUnixNano ?? 0n) - (span.startTimeUnixNano ?? 0n);
          return { ...span, startTimeUnixNano: start, endTimeUnixNano: start + length };
        }),
      })),
    })),
  };
}

/** A root, a hundred agents below it, and calls below those. */
function bigTrace(startNano: bigint): ExportRequest {
  const spans = Array.from({ length: BIG_TRACE_SPANS }, (_, index) => {
    const parent = index <= 100 ? 0 : 1 + (index % 100);
    return otlpSpan({
      traceId: traceIdBytes(BIG_TRACE),
      spanId: spanIdBytes(BIG_TRACE + index),
      ...(index === 0 ? {} : { parentSpanId: spanIdBytes(BIG_TRACE + parent) }),
      name: `step ${index % 40}`,
      startTimeUnixNano: startNano + BigInt(index) * MS,
      endTimeUnixNano: startNano + BigInt(index + 40) * MS,
    });
  });
  return exportRequest(spans);
}

async function measure(range: { readonly fromNano: bigint; readonly toNano: bigint }) {
  const all = filterOf({});
  const gold = filterOf({ attributes: [{ key: "user.tier", op: "eq", value: "gold" }] });
  const bucketNano = DAY_NANO / 60n;
  const traceId = Buffer.from(traceIdBytes(BIG_TRACE)).toString("hex");
  const whole = { traceId, offset: 0, limit: BIG_TRACE_SPANS };
  await figure("newest_50_ms", 50, () => lake.searchTraces({ range, filter: all, limit: 50 }));
  await figure("attribute_newest_50_ms", null, () =>
    lake.searchTraces({ range, filter: gold, limit: 50 }),
  );
  await figure("histogram_24h_ms", 100, () =>
    lake.traceHistogram({ range, filter: all, bucketNano }),
  );
  await figure("attribute_histogram_24h_ms", 400, () =>
    lake.traceHistogram({ range, filter: gold, bucketNano }),
  );
  await figure("facets_24h_ms", null, () => lake.traceFacets({ range, filter: all, limit: 20 }));
  await figure("services_24h_ms", null, () => lake.traceServices(range));
  await figure("trace_of_20000_ms", 1_000, () => lake.traceTree(whole));
  await figure("trace_page_of_500_ms", null, () => lake.traceTree({ ...whole, limit: 500 }));
}

function filterOf(spans: Partial<SpanFilter>): TraceFilter {
  const anything = { services: [], names: [], kinds: [], models: [], attributes: [] };
  return { spans: { ...anything, ...spans }, rootNames: [] };
}

/** The median of the rounds; the first round warms up and is not counted. */
async function figure(name: string, target: number | null, ask: () => Promise<unknown>) {
  const waits: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const started = performance.now();
    await ask();
    if (round > 0) waits.push(performance.now() - started);
  }
  const value = quantile(waits, 0.5);
  printFigure({ name, value, unit: "ms", better: "lower", target, samples: rounds });
}
