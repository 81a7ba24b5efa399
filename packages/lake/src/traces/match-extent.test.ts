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
const range = { fromNano: DAY_START_NANO, toNano: DAY_START_NANO + HOUR_NANO };

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

/** Each begins in the range and has its mark behind it; but for the last, which begins behind it. */
const traces = [
  { mark: "within its root", root: MINUTE_NANO, length: 5n * HOUR_NANO, at: 4n * HOUR_NANO },
  { mark: "after its root", root: MINUTE_NANO, length: 1n, at: 3n * HOUR_NANO },
  { mark: "at the end of the range", root: 59n * MINUTE_NANO, length: 1n, at: HOUR_NANO },
  { mark: "of another hour", root: 2n * HOUR_NANO, length: 1n, at: 2n * HOUR_NANO + 1n },
] as const;

describe("spans behind the range that a search asks for", () => {
  let fixture: LakeFixture;
  beforeAll(async () => {
    fixture = await lakeFixture();
    const send = async (spans: Parameters<typeof exportRequest>[0]) => {
      await fixture.send(exportRequest(spans, { resource: { "service.name": "shop" } }));
      await fixture.lake.flush();
    };
    await send(traces.map(({ root, length }, index) => span(index + 1, root, length)));
    const stepNano = (6n * HOUR_NANO) / BigInt(LATER_SPANS);
    await send(
      Array.from({ length: LATER_SPANS }, (_, index) =>
        span(1_000 + Math.floor(index / 10), HOUR_NANO + BigInt(index) * stepNano, 1_000n),
      ),
    );
    // In a fragment of its own, which says nothing of the trace's begin.
    await send(traces.map(({ at, mark }, index) => span(index + 1, at, 1n, mark)));
  });
  afterAll(() => fixture.close());

  const anything: SpanFilter = { services: [], names: [], kinds: [], models: [], attributes: [] };
  const found = async (mark: string) => {
    const attributes = [{ key: "mark", op: "eq", value: mark }] as const;
    const filter = { spans: { ...anything, attributes }, rootNames: [] };
    const page = await fixture.lake.searchTraces({ range, filter, limit: 10 });
    return page.items.map(({ spanCount }) => spanCount);
  };

  it.each(traces.slice(0, -1))("is found: $mark", async ({ mark }) => {
    expect(await found(mark)).toEqual([2]);
  });

  it("is not found when its trace begins behind the range too", async () => {
    expect(await found("of another hour")).toEqual([]);
  });
});
