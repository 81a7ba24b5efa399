import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { systemClock } from "@scouter/contracts";
import { DeltaTable, decodeSchema, openLocalObjectStore, structOf } from "@scouter/delta";
import { decodeOtlpProtobuf, layoutTrace, type SpanRow } from "@scouter/telemetry";
import { exportRequestProtobuf } from "@scouter/testkit/otlp/export-protobuf";
import {
  exportRequest,
  type ExportRequest,
  otlpAttributes,
  otlpSpan,
  type OtlpSpan,
  spanIdBytes,
  traceIdBytes,
} from "@scouter/testkit/otlp/export-request";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSpanTable } from "../table/span-table.ts";
import { traceSpanSchema } from "../table/trace-spans.ts";
import { lakeFixture, type LakeFixture } from "./lake.fixture.ts";
import { lightOf } from "./plain-evaluation.fixture.ts";
import { traceDigest } from "./trace-digest.ts";
import { FIRST_WINDOW_SPANS } from "./search-windows.ts";
import type { TraceFilter } from "./trace-queries.ts";

const START_NANO = 1_767_225_600_000_000_000n;
const HOUR_NANO = 3_600_000_000_000n;
const range = { fromNano: START_NANO - HOUR_NANO, toNano: START_NANO + 24n * HOUR_NANO };
const filter: TraceFilter = {
  spans: { services: [], names: [], kinds: [], models: [], attributes: [] },
  rootNames: [],
};
const traceId = Buffer.from(traceIdBytes(1)).toString("hex");
const idOf = (number: number) => Buffer.from(spanIdBytes(number)).toString("hex");

let fixture: LakeFixture;
beforeEach(async () => {
  fixture = await lakeFixture();
});
afterEach(() => fixture.close());

describe("an empty lake", () => {
  it("answers every question with nothing", async () => {
    const { lake } = fixture;
    const spans = {
      services: ["a"],
      names: ["b"],
      kinds: ["llm"],
      models: ["c"],
      attributes: [{ key: "d", op: "eq", value: 1 }],
      text: "e",
    } as const;
    const everything: TraceFilter = { spans, rootNames: ["f"], status: "error" };
    for (const asked of [filter, everything]) {
      expect(await lake.searchTraces({ range, filter: asked, limit: 5 })).toEqual({
        items: [],
        hasMore: false,
      });
      const facets = await lake.traceFacets({ range, filter: asked, limit: 5 });
      expect(facets).toMatchObject({ total: 0, service: [] });
      const bucketNano = 5n * HOUR_NANO;
      const histogram = await lake.traceHistogram({ range, filter: asked, bucketNano });
      expect(histogram).toHaveLength(5);
      expect(histogram[0]).toMatchObject({ ok: 0, error: 0, p50DurationNano: null });
    }
    expect(await lake.traceServices(range)).toEqual([]);
    expect(await lake.traceTree({ traceId, offset: 0, limit: 5 })).toBeUndefined();
    expect(await lake.spanOf({ traceId, spanId: idOf(1) })).toBeUndefined();
  });
});

describe("searchTraces by an attribute", () => {
  it.each([
    ["of a few", 7],
    ["of one more than is named in a statement", 201],
    ["of hundreds", 450],
  ])("finds the newest %s traces, committed or not", async (_name, matching) => {
    const span = (trace: number, position: number) =>
      otlpSpan({
        traceId: traceIdBytes(trace + 1),
        spanId: spanIdBytes(trace * 2 + position + 1),
        startTimeUnixNano: START_NANO + BigInt(trace * 1_000_000 + position),
        endTimeUnixNano: START_NANO + BigInt(trace * 1_000_000 + position + 10),
        // The match is on a span that is not the first, and some traces have none.
        attributes: otlpAttributes(
          position === 1 ? { "user.id": trace < matching ? "wanted" : "other" } : {},
        ),
      });
    const spansOf = (position: number) =>
      Array.from({ length: 500 }, (_, trace) => span(trace, position));
    await fixture.send(exportRequest(spansOf(0)));
    await fixture.lake.flush();
    await fixture.send(exportRequest(spansOf(1)));
    const attributes = [{ key: "user.id", op: "eq", value: "wanted" }] as const;
    const wanted: TraceFilter = { ...filter, spans: { ...filter.spans, attributes } };
    for (const limit of [5, 1_000]) {
      const page = await fixture.lake.searchTraces({ range, filter: wanted, limit });
      const count = Math.min(limit, matching);
      const newestFirst = Array.from({ length: count }, (_, index) =>
        Buffer.from(traceIdBytes(matching - index)).toString("hex"),
      );
      expect(page.items.map((item) => item.traceId)).toEqual(newestFirst);
      expect(page.items.every(({ spanCount }) => spanCount === 2)).toBe(true);
      expect(page.hasMore).toBe(matching > limit);
    }
  });
});

/** A root, 100 branches below it and calls below those; every thousandth fails; the last span's parent is missing. */
function bigTrace(count: number): readonly OtlpSpan[] {
  return Array.from({ length: count }, (_, index) => {
    const parent = index <= 100 ? 1 : 2 + (index % 100);
    const isLast = index === count - 1;
    return otlpSpan({
      traceId: traceIdBytes(1),
      spanId: spanIdBytes(index + 1),
      ...(index === 0 ? {} : { parentSpanId: spanIdBytes(isLast ? 999_999 : parent) }),
      name: `step ${index % 7}`,
      startTimeUnixNano: START_NANO + BigInt(index) * 1000n,
      endTimeUnixNano: START_NANO + BigInt(index) * 1000n + 500n,
      status: { code: index % 1000 === 999 ? 2 : 1 },
      attributes: otlpAttributes(
        index % 10 === 3
          ? { "gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": 7n }
          : {},
      ),
    });
  });
}

describe("traceTree", () => {
  it("gives a trace of 20,000 spans, half of it flushed, some sent twice", async () => {
    const spans = bigTrace(20_000);
    const rows: SpanRow[] = [];
    const send = async (part: readonly OtlpSpan[]) => {
      const request: ExportRequest = exportRequest(part);
      rows.push(...decodeOtlpProtobuf(exportRequestProtobuf(request)).spans);
      await fixture.send(request);
    };
    await send(spans.slice(9_000));
    await fixture.lake.flush();
    await send(spans.slice(0, 10_000));
    const tree = await fixture.lake.traceTree({ traceId, offset: 0, limit: 20_000 });
    const once = [...new Map(rows.map((span) => [span.spanId, lightOf(span)])).values()];
    const layout = layoutTrace(once);
    expect(tree?.digest).toEqual(traceDigest(once, layout));
    expect(tree?.digest).toMatchObject({ spanCount: 20_000, errorCount: 20 });
    expect(tree?.digest.tokens.input).toBe(14_000);
    expect(tree?.rows.spanId).toEqual(Array.from(layout.spanIndex, (index) => once[index]?.spanId));
    expect(tree?.rows.depth).toEqual([...layout.depth]);
    expect(tree?.rows.errorsBelow[0]).toBe(19);
    expect(tree?.rows.isOrphan.filter(Boolean)).toHaveLength(1);
    const part = await fixture.lake.traceTree({ traceId, offset: 19_990, limit: 100 });
    expect(part?.rows.spanId).toEqual(tree?.rows.spanId.slice(19_990));
    expect(part?.rows.startOffsetNano).toEqual(tree?.rows.startOffsetNano.slice(19_990));
  }, 120_000);
});

describe("spanOf and traceServices", () => {
  it("give one span, and the services with their failures", async () => {
    const child = { parentSpanId: spanIdBytes(1), spanId: spanIdBytes(2), status: { code: 2 } };
    await fixture.send(exportRequest([otlpSpan()], { resource: { "service.name": "shop" } }));
    await fixture.lake.flush();
    await fixture.send(exportRequest([otlpSpan(child)], { resource: { "service.name": "agent" } }));
    await fixture.send(exportRequest([otlpSpan()], { resource: { "service.name": "shop" } }));
    const found = await fixture.lake.spanOf({ traceId, spanId: idOf(2) });
    expect(found).toMatchObject({ serviceName: "agent", parentSpanId: idOf(1), statusCode: 2 });
    expect(await fixture.lake.traceServices(range)).toEqual([
      { name: "agent", traceCount: 1, errorCount: 1 },
      { name: "shop", traceCount: 1, errorCount: 0 },
    ]);
  });
});

describe("searchTraces over more files than a window holds", () => {
  it("walks back to the oldest trace that matches", async () => {
    for (const hour of [0, 1, 2]) {
      const spans = Array.from({ length: FIRST_WINDOW_SPANS + 10 }, (_, index) =>
        otlpSpan({
          traceId: traceIdBytes(1 + hour * 100_000 + index),
          name: index === 5 ? "rare" : "usual",
          startTimeUnixNano: START_NANO + BigInt(hour) * HOUR_NANO + BigInt(index),
          endTimeUnixNano: START_NANO + BigInt(hour) * HOUR_NANO + BigInt(index + 1),
        }),
      );
      await fixture.send(exportRequest(spans));
      await fixture.lake.flush();
    }
    const rare = { ...filter, rootNames: ["rare"] };
    const page = await fixture.lake.searchTraces({ range, filter: rare, limit: 2 });
    expect(page.hasMore).toBe(true);
    expect(page.items.map((item) => item.startTimeUnixNano)).toEqual([
      START_NANO + 2n * HOUR_NANO + 5n,
      START_NANO + HOUR_NANO + 5n,
    ]);
  });
});

describe("a caller that goes away", () => {
  it("ends the query, before it starts or while it runs", async () => {
    await fixture.send(exportRequest(bigTrace(5_000)));
    const { lake } = fixture;
    const gone = AbortSignal.abort();
    const cancelled = { code: "LAKE_QUERY_CANCELLED" };
    await expect(lake.traceServices(range, { signal: gone })).rejects.toMatchObject(cancelled);
    const leaving = new AbortController();
    const facets = lake.traceFacets({ range, filter, limit: 5 }, { signal: leaving.signal });
    leaving.abort();
    await expect(facets).rejects.toMatchObject(cancelled);
    // The connection it ran on serves the next query.
    expect(await lake.traceServices(range)).toHaveLength(1);
  });
});

describe("a table of an earlier version", () => {
  it("gets the columns that it lacks, once", async () => {
    const folder = join(fixture.root, "..", "old");
    const store = await openLocalObjectStore(join(folder, "trace_spans"));
    const options = {
      store,
      path: "",
      clock: systemClock,
      random: Math.random,
      newId: randomUUID,
    };
    const fields = traceSpanSchema.fields.filter(
      ({ name }) => !/^(gen_ai_|input_preview|output_preview)/.test(name),
    );
    await DeltaTable.create(options, {
      schema: structOf(fields),
      partitionColumns: ["partition_date"],
    });
    const open = () =>
      openSpanTable({ root: folder, refreshIntervalMs: 1_000, queryLimitMs: 60_000 });
    const opened = await Promise.all([open(), open()]);
    await Promise.all(opened.map((table) => table.refresh()));
    const table = await DeltaTable.open(options);
    expect(table.snapshot.version).toBe(1);
    const names = decodeSchema(table.snapshot.metadata.schemaString).fields.map(({ name }) => name);
    expect(new Set(names)).toEqual(new Set(traceSpanSchema.fields.map(({ name }) => name)));
    expect(names).toHaveLength(new Set(names).size);
  });
});
