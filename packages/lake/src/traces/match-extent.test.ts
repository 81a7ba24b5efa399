import {
  exportRequest,
  otlpAttributes,
  spanIdBytes,
  traceIdBytes,
} from "@scouter/testkit/otlp/export-request";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DAY_START_NANO, HOUR_NANO } from "./generated-traces.fixture.ts";
import { type LakeFixture, lakeFixture } from "./lake.fixture.ts";
import type { SpanFilter } from "./trace-queries.ts";

/** So many that fragments are asked what of them is to be looked at. */
const LATER_SPANS = 25_000;
const MINUTE_NANO = HOUR_NANO / 60n;

let spanNumber = 1;
const span = (trace: number, offsetNano: bigint, lengthNano: bigint, mark?: string) => ({
  traceId: traceIdBytes(trace),
  spanId: spanIdBytes(spanNumber++),
  name: "step",
  kind: 1,
  startTimeUnixNano: DAY_START_NANO + offsetNano,
  endTimeUnixNano: DAY_START_NANO + offsetNano + lengthNano,
  attributes: otlpAttributes(mark === undefined ? {} : { mark }),
});

/** The range of each is a minute of its own, in which it begins but for the last; its mark is behind the range. */
const traces = [
  { mark: "within its root", delay: 0n, length: 5n * HOUR_NANO, after: 4n * HOUR_NANO },
  { mark: "after its root", delay: 0n, length: 1n, after: 3n * HOUR_NANO },
  { mark: "at the end of the range", delay: 0n, length: 1n, after: MINUTE_NANO },
  { mark: "of another range", delay: MINUTE_NANO, length: 1n, after: MINUTE_NANO + 1n },
] as const;
const rangeOf = (index: number) => ({
  fromNano: DAY_START_NANO + BigInt(index) * MINUTE_NANO,
  toNano: DAY_START_NANO + BigInt(index + 1) * MINUTE_NANO,
});
const offsetOf = (index: number) => BigInt(index) * MINUTE_NANO;

describe("spans behind the range that a search asks for", () => {
  let fixture: LakeFixture;
  beforeAll(async () => {
    fixture = await lakeFixture();
    const send = async (spans: Parameters<typeof exportRequest>[0]) => {
      await fixture.send(exportRequest(spans, { resource: { "service.name": "shop" } }));
      await fixture.lake.flush();
    };
    await send(
      traces.map(({ delay, length }, index) => span(index + 1, offsetOf(index) + delay, length)),
    );
    const stepNano = (6n * HOUR_NANO) / BigInt(LATER_SPANS);
    await send(
      Array.from({ length: LATER_SPANS }, (_, index) =>
        span(1_000 + Math.floor(index / 10), HOUR_NANO + BigInt(index) * stepNano, 1_000n),
      ),
    );
    // In a fragment of its own, which says nothing of the trace's begin.
    await send(
      traces.map(({ after, mark }, index) => span(index + 1, offsetOf(index) + after, 1n, mark)),
    );
  });
  afterAll(() => fixture.close());

  const anything: SpanFilter = { services: [], names: [], kinds: [], models: [], attributes: [] };
  const found = async (mark: string) => {
    const range = rangeOf(traces.findIndex((trace) => trace.mark === mark));
    const attributes = [{ key: "mark", op: "eq", value: mark }] as const;
    const filter = { spans: { ...anything, attributes }, rootNames: [] };
    const page = await fixture.lake.searchTraces({ range, filter, limit: 10 });
    return page.items.map(({ spanCount }) => spanCount);
  };

  it.each(traces.slice(0, -1))("is found: $mark", async ({ mark }) => {
    expect(await found(mark)).toEqual([2]);
  });

  it("is not found when its trace begins behind the range too", async () => {
    expect(await found("of another range")).toEqual([]);
  });
});
