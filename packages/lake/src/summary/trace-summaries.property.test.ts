import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { exportRequestProtobuf } from "@scouter/testkit/otlp/export-protobuf";
import { decodeOtlpProtobuf, type SpanRow } from "@scouter/telemetry";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { dayOfTraces } from "../traces/generated-traces.fixture.ts";
import { Segment, type SegmentEngine } from "../writer/segment.ts";
import { stageSpans } from "../writer/staged-rows.ts";
import { allSummaryNames, mergeFragmentsSql } from "./trace-summaries.ts";
import { fragmentsOfSpansSql } from "./write-fragments.ts";

let instance: DuckDBInstance;
let connection: DuckDBConnection;
beforeAll(async () => {
  instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
});
afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

let tables = 0;
/** One statement at a time here, so one connection does. */
const engine: SegmentEngine = {
  get appending() {
    return connection;
  },
  withConnection: (work) => work(connection),
};
/** A table with the fragments that a flush of these spans would write. */
async function flushed(spans: readonly SpanRow[]): Promise<string> {
  tables += 1;
  const segment = await Segment.create(engine, `segment_${tables}`, "o", 1);
  segment.add(1, stageSpans(spans, 0));
  segment.seal();
  const table = `fragments_${tables}`;
  await connection.run(
    `CREATE TABLE ${table} AS ${fragmentsOfSpansSql(`SELECT * FROM ${segment.table}`)}`,
  );
  await segment.drop();
  return table;
}

/** What a compaction makes of some fragments. */
async function folded(parts: readonly string[]): Promise<string> {
  tables += 1;
  const table = `folded_${tables}`;
  await connection.run(`CREATE TABLE ${table} AS ${mergeFragmentsSql(unionOf(parts))}`);
  return table;
}

function unionOf(parts: readonly string[]): string {
  return parts.map((table) => `SELECT * FROM ${table}`).join(" UNION ALL ");
}

async function merged(parts: readonly string[]): Promise<unknown> {
  const reader = await connection.runAndReadAll(
    `SELECT * FROM (${mergeFragmentsSql(unionOf(parts))}) ORDER BY trace_id`,
  );
  return reader.getRowObjectsJson();
}

/** Each span once, with the flush it goes to, and repeats that go anywhere. */
const splits = dayOfTraces({ minTraces: 2 }).chain((requests) => {
  const all = new Map<string, SpanRow>();
  for (const request of requests) {
    for (const span of decodeOtlpProtobuf(exportRequestProtobuf(request)).spans) {
      all.set(`${span.traceId}/${span.spanId}`, span);
    }
  }
  const spans = [...all.values()];
  const flush = fc.nat({ max: 4 });
  return fc.record({
    spans: fc.constant(spans),
    flushOf: fc.array(flush, { minLength: spans.length, maxLength: spans.length }),
    repeats: fc.array(fc.tuple(fc.nat({ max: spans.length - 1 }), flush), { maxLength: 12 }),
    order: fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }),
    /** How many of the flushes, in that order, are joined before the others come. */
    foldedFirst: fc.nat({ max: 5 }),
  });
});

it("gives the same summary for any split, order, repetition and joining of a trace's spans", async () => {
  await fc.assert(
    fc.asyncProperty(splits, async ({ spans, flushOf, repeats, order, foldedFirst }) => {
      const parts = order.map((flush) => [
        ...spans.filter((_, index) => flushOf[index] === flush),
        ...repeats.flatMap(([at, into]) => (into === flush ? (spans[at] ?? []) : [])),
      ]);
      const fragments = [];
      for (const part of parts) if (part.length > 0) fragments.push(await flushed(part));
      const first = fragments.slice(0, foldedFirst);
      const rest = fragments.slice(foldedFirst);
      const inParts = first.length === 0 ? rest : [await folded(first), ...rest, ...first];
      expect(await merged(inParts)).toEqual(await merged([await flushed(spans)]));
    }),
    { numRuns: 60 },
  );
}, 120_000);

it("writes for a flush what joining its spans one by one would give", async () => {
  await fc.assert(
    fc.asyncProperty(splits, async ({ spans }) => {
      const whole = await flushed(spans);
      const alone = [];
      for (const span of spans) alone.push(await flushed([span]));
      expect(await merged(alone)).toEqual(await merged([whole]));
    }),
    { numRuns: 6 },
  );
}, 120_000);

it("keeps every column when it joins", async () => {
  const reader = await connection.runAndReadAll(
    `DESCRIBE ${mergeFragmentsSql(`SELECT * FROM ${await flushed([])}`)}`,
  );
  expect(reader.getRows().map(([name]) => name)).toEqual(allSummaryNames);
});
