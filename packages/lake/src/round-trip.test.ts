import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@scouter/contracts";
import { decodeOtlpJson, decodeOtlpProtobuf, type SpanRow } from "@scouter/telemetry";
import { exportRequestArbitrary } from "@scouter/testkit/otlp/arbitrary";
import { exportRequestProtobuf } from "@scouter/testkit/otlp/export-protobuf";
import { SAMPLE_PAYLOAD } from "@scouter/testkit/otlp/sample-payload";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openFileIngestLog } from "./ingest-log/file-ingest-log.ts";
import { openTraceLake } from "./open-trace-lake.ts";
import type { TraceLake } from "./trace-lake.ts";

let folder: string;
let lake: TraceLake;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "scouter-round-trip-"));
  lake = await openTraceLake({
    root: join(folder, "lake"),
    ingestLog: await openFileIngestLog({
      root: join(folder, "log"),
      owner: randomUUID(),
      clock: systemClock,
    }),
    clock: systemClock,
    flushIntervalMs: 3_600_000,
    flushSpans: 1_000_000,
    refreshIntervalMs: 10_000,
    maxInflatedBytes: 64_000_000,
    maxUnflushedBytes: 64_000_000,
    threads: 1,
    memoryLimitMb: 512,
    events: {
      onDeadLetter: () => Promise.reject(new Error("nothing is replayed here")),
      onFlush: () => undefined,
      onFlushFailure: (error) => {
        throw error;
      },
      onReplay: () => undefined,
      onFatal: (error) => {
        throw error;
      },
    },
  });
});
afterAll(async () => {
  await lake.close();
  await rm(folder, { recursive: true, force: true });
});

/** Spans of a trace as reads give them; texts as the store keeps them, which has no lone surrogates. */
function expected(spans: readonly SpanRow[], traceId: string): readonly SpanRow[] {
  return spans
    .filter((span) => span.traceId === traceId)
    .toSorted((left, right) =>
      left.startTimeUnixNano === right.startTimeUnixNano
        ? left.spanId.localeCompare(right.spanId)
        : Number(left.startTimeUnixNano - right.startTimeUnixNano),
    );
}

describe("what is read back is what was decoded", () => {
  it("for the sample payload, before and after the flush", async () => {
    const body = new TextEncoder().encode(JSON.stringify(SAMPLE_PAYLOAD));
    const { spans, rejected } = decodeOtlpJson(body);
    expect(rejected).toEqual([]);
    await lake.ingest({ body, format: "otlp-json", contentEncoding: "identity" });
    const traceId = spans[0]?.traceId ?? "";
    expect(await lake.spansOf(traceId)).toEqual(expected(spans, traceId));
    await lake.flush();
    expect(await lake.spansOf(traceId)).toEqual(expected(spans, traceId));
  });

  it("for any request, before and after the flush", async () => {
    await fc.assert(
      fc.asyncProperty(exportRequestArbitrary, fc.boolean(), async (request, flush) => {
        const encoded = exportRequestProtobuf(request);
        const { spans } = decodeOtlpProtobuf(encoded);
        const traceIds = [...new Set(spans.map((span) => span.traceId))];
        const known = await Promise.all(traceIds.map((traceId) => lake.spansOf(traceId)));
        const ids = spans.map((span) => `${span.traceId}/${span.spanId}`);
        // Small generators repeat ids; which of two different spans of one id is read is not promised.
        fc.pre(known.every((found) => found.length === 0) && new Set(ids).size === ids.length);
        await lake.ingest({
          body: new Uint8Array(encoded),
          format: "otlp-protobuf",
          contentEncoding: "identity",
        });
        if (flush) await lake.flush();
        for (const traceId of traceIds) {
          expect(await lake.spansOf(traceId)).toEqual(expected(spans, traceId));
        }
      }),
      { numRuns: 60 },
    );
  });
});
