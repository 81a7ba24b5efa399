import { decodeOtlpProtobuf, type SpanRow } from "@scouter/telemetry";
import { exportRequestProtobuf } from "@scouter/testkit/otlp/export-protobuf";
import type { ExportRequest } from "@scouter/testkit/otlp/export-request";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TraceLake } from "../trace-lake.ts";
import { DAY_START_NANO, dayOfTraces, HOUR_NANO } from "./generated-traces.fixture.ts";
import { lakeFixture } from "./lake.fixture.ts";
import {
  plainFacets,
  plainHistogram,
  plainSearch,
  plainTraces,
} from "./plain-evaluation.fixture.ts";
import type { SpanFilter, TimeRange, TraceFilter } from "./trace-queries.ts";

const anything: SpanFilter = { services: [], names: [], kinds: [], models: [], attributes: [] };
const filterOf = (spans: Partial<SpanFilter>, trace: Partial<TraceFilter> = {}): TraceFilter => ({
  spans: { ...anything, ...spans },
  rootNames: [],
  ...trace,
});
const attribute = (key: string, op: "eq" | "ne", value: string | number | boolean) =>
  filterOf({ attributes: [{ key, op, value }] });
const order = (key: string, op: "lt" | "gt", value: string | number) =>
  filterOf({ attributes: [{ key, op, value }] });

const FILTERS: readonly (readonly [name: string, filter: TraceFilter])[] = [
  ["nothing", filterOf({})],
  ["a service", filterOf({ services: ["agent"] })],
  ["one of two services", filterOf({ services: ["agent", "shop"] })],
  ["a service that is not there", filterOf({ services: ["' OR true --"] })],
  ["a name", filterOf({ names: ['it\'s "quoted"'] })],
  ["a root's name", filterOf({}, { rootNames: ["answer", "chat"] })],
  ["a kind", filterOf({ kinds: ["llm"] })],
  ["a model, asked for or answering", filterOf({ models: ["large"] })],
  ["a kind and a model on one span", filterOf({ kinds: ["tool"], models: ["small"] })],
  ["failed traces", filterOf({}, { status: "error" })],
  ["traces without a failed span", filterOf({ services: ["shop"] }, { status: "ok" })],
  ["a shortest duration", filterOf({}, { minDurationNano: HOUR_NANO })],
  ["a longest duration", filterOf({}, { maxDurationNano: HOUR_NANO })],
  ["a text attribute", attribute("tier", "eq", "gold")],
  ["a text with quotes", attribute("tier", "eq", 'it\'s \\ "x"')],
  ["an empty text", attribute("tier", "eq", "")],
  ["another text", attribute("tier", "ne", "gold")],
  ["a boolean", attribute("tier", "eq", true)],
  ["another value than a boolean", attribute("tier", "ne", false)],
  ["a number, whole or not", attribute("http.status", "eq", 200)],
  ["a large number", attribute("http.status", "eq", 2 ** 60)],
  ["another number", attribute("http.status", "ne", 200)],
  ["a text that looks like a number", attribute("http.status", "eq", "200")],
  ["a smaller number", order("http.status", "lt", 404)],
  ["a greater number", order("http.status", "gt", 200)],
  ["an earlier text", order("tier", "lt", "gold")],
  ["a later text", order("tier", "gt", "basic")],
  ["an attribute of the resource", attribute("region", "eq", "eu")],
  ["an attribute that is there", filterOf({ attributes: [{ key: "tier", op: "exists" }] })],
  ["text in a name", filterOf({ text: "ANSWER" })],
  ["text in messages", filterOf({ text: "parcel" })],
  ["text with quotes in messages", filterOf({ text: '"PARCEL"?' })],
  ["text over a line break", filterOf({ text: "line\nbreak" })],
  ["text in a status message", filterOf({ text: "time out" })],
  ["text that is nowhere", filterOf({ text: "%" })],
];

const wholeDay = { fromNano: DAY_START_NANO, toNano: DAY_START_NANO + 24n * HOUR_NANO };
const morning = { fromNano: DAY_START_NANO + HOUR_NANO, toNano: DAY_START_NANO + 7n * HOUR_NANO };

/** Sends the day, all but the last request flushed to files: that one is still in memory. */
async function filled(requests: readonly ExportRequest[]) {
  const fixture = await lakeFixture();
  const spans: SpanRow[] = [];
  for (const [index, request] of requests.entries()) {
    await fixture.send(request);
    spans.push(...decodeOtlpProtobuf(exportRequestProtobuf(request)).spans);
    if (index < requests.length - 1) await fixture.lake.flush();
  }
  return { fixture, spans };
}

async function withDay<Result>(
  requests: readonly ExportRequest[],
  use: (lake: TraceLake, spans: readonly SpanRow[]) => Promise<Result>,
): Promise<Result> {
  const { fixture, spans } = await filled(requests);
  try {
    return await use(fixture.lake, spans);
  } finally {
    await fixture.close();
  }
}

async function expectPlainAnswers(
  lake: TraceLake,
  spans: readonly SpanRow[],
  range: TimeRange,
  filter: TraceFilter,
): Promise<number> {
  const expected = plainSearch(plainTraces(spans), range, filter);
  const bucketNano = 2n * HOUR_NANO;
  const [page, histogram, facets] = await Promise.all([
    lake.searchTraces({ range, filter, limit: 1000 }),
    lake.traceHistogram({ range, filter, bucketNano }),
    lake.traceFacets({ range, filter, limit: 3 }),
  ]);
  expect(page).toEqual({ items: expected.map(({ digest }) => digest), hasMore: false });
  expect(closeTo(histogram)).toEqual(closeTo(plainHistogram(expected, range, bucketNano)));
  expect(facets).toEqual(plainFacets(expected, 3));
  return expected.length;
}

describe("trace queries on one day", () => {
  let day: Awaited<ReturnType<typeof filled>>;
  beforeAll(async () => {
    // A seed under which every kind of span occurs: the filters below are to find something.
    const [requests = []] = fc.sample(dayOfTraces({ minTraces: 40 }), { seed: 7, numRuns: 1 });
    day = await filled(requests);
  });
  afterAll(() => day.fixture.close());

  it.each(FILTERS)("answer as a plain evaluation does: %s", async (_name, filter) => {
    const { fixture, spans } = day;
    const inDay = await expectPlainAnswers(fixture.lake, spans, wholeDay, filter);
    const inMorning = await expectPlainAnswers(fixture.lake, spans, morning, filter);
    expect(inMorning).toBeLessThanOrEqual(inDay);
  });
});

describe("trace queries on any day", () => {
  it("answer as a plain evaluation does", async () => {
    await fc.assert(
      fc.asyncProperty(
        dayOfTraces(),
        fc.constantFrom(wholeDay, morning),
        fc.subarray([...FILTERS], { minLength: 4, maxLength: 4 }),
        async (requests, range, filters) => {
          await withDay(requests, async (lake, spans) => {
            for (const [, filter] of filters) await expectPlainAnswers(lake, spans, range, filter);
          });
        },
      ),
      { numRuns: 3 },
    );
  }, 120_000);

  it("page without gaps or repeats", async () => {
    await fc.assert(
      fc.asyncProperty(dayOfTraces(), fc.integer({ min: 1, max: 7 }), async (requests, limit) => {
        await withDay(requests, async (lake, spans) => {
          const filter = filterOf({});
          const expected = plainSearch(plainTraces(spans), wholeDay, filter);
          const ids: string[] = [];
          let page = await lake.searchTraces({ range: wholeDay, filter, limit });
          ids.push(...page.items.map((item) => item.traceId));
          for (let last = page.items.at(-1); page.hasMore && last; last = page.items.at(-1)) {
            const { startTimeUnixNano, traceId } = last;
            const cursor = { startTimeUnixNano, traceId };
            page = await lake.searchTraces({ range: wholeDay, filter, limit, cursor });
            ids.push(...page.items.map((item) => item.traceId));
          }
          expect(ids).toEqual(expected.map(({ digest }) => digest.traceId));
        });
      }),
      { numRuns: 4 },
    );
  }, 120_000);
});

/** Quantiles between neighbours differ in the last bits by the order of operations. */
function closeTo(
  buckets: readonly {
    readonly p50DurationNano: number | null;
    readonly p95DurationNano: number | null;
  }[],
) {
  const rounded = (value: number | null) => (value === null ? null : Math.round(value / 10) * 10);
  return buckets.map((bucket) => ({
    ...bucket,
    p50DurationNano: rounded(bucket.p50DurationNano),
    p95DurationNano: rounded(bucket.p95DurationNano),
  }));
}
