import {
  exportRequest,
  otlpAttributes,
  otlpSpan,
  type PlainValue,
  spanIdBytes,
  traceIdBytes,
} from "@scouter/testkit/otlp/export-request";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AttributeMatch, TraceSeriesQuery } from "../trace-lake.ts";
import { DAY_START_NANO, HOUR_NANO } from "./generated-traces.fixture.ts";
import { lakeFixture, type LakeFixture } from "./lake.fixture.ts";

const ENTITY = "018f0000-0000-7000-8000-00000000000a";
const range = { fromNano: DAY_START_NANO, toNano: DAY_START_NANO + 24n * HOUR_NANO };
let fixture: LakeFixture;
let spans = 0;

async function trace(
  number: number,
  given: {
    readonly service: string;
    readonly atHour: number;
    readonly lengthsMs: readonly number[];
    readonly status?: number;
    readonly attributes?: Readonly<Record<string, PlainValue>>;
  },
): Promise<void> {
  const start = DAY_START_NANO + BigInt(given.atHour) * HOUR_NANO;
  for (const [index, ms] of given.lengthsMs.entries()) {
    spans += 1;
    const span = otlpSpan({
      traceId: traceIdBytes(number),
      spanId: spanIdBytes(spans),
      ...(index === 0 ? {} : { parentSpanId: spanIdBytes(spans - index) }),
      name: `step ${index}`,
      startTimeUnixNano: start,
      endTimeUnixNano: start + BigInt(ms) * 1_000_000n,
      status: { code: given.status ?? 0 },
      attributes: otlpAttributes(given.attributes ?? {}),
    });
    // Parts of a trace come with different flushes.
    await fixture.send(exportRequest([span], { resource: { "service.name": given.service } }));
    if (number % 2 === 0) await fixture.lake.flush();
  }
}

beforeAll(async () => {
  fixture = await lakeFixture();
  await trace(1, {
    service: "alpha",
    atHour: 1,
    lengthsMs: [100, 300],
    attributes: { component: "kafka" },
  });
  await trace(2, { service: "alpha", atHour: 1, lengthsMs: [100], status: 2 });
  await trace(3, { service: "beta", atHour: 2, lengthsMs: [50], attributes: { code: 200n } });
  await trace(4, {
    service: "beta",
    atHour: 30,
    lengthsMs: [50],
    attributes: { [`scouter.entity.${ENTITY}`]: ENTITY },
  });
  await trace(5, {
    service: "beta",
    atHour: 4,
    lengthsMs: [50, 10, 10],
    attributes: { [`scouter.entity.${ENTITY}`]: ENTITY, url: "http://x" },
  });
});
afterAll(() => fixture.close());

const series = (query: Partial<TraceSeriesQuery> = {}) =>
  fixture.lake.traceSeries({ range, bucket: { unit: "hour", count: 1 }, ...query });
const hoursOf = async (query: Partial<TraceSeriesQuery>) =>
  (await series(query)).map(({ startNano }) => Number((startNano - DAY_START_NANO) / HOUR_NANO));

describe("traceSeries", () => {
  it("measures whole traces, however they were flushed", async () => {
    expect((await series())[0]).toEqual({
      startNano: DAY_START_NANO + HOUR_NANO,
      traceCount: 2,
      errorCount: 1,
      averageDurationMs: 200,
      p50DurationMs: 200,
      p95DurationMs: 290,
      p99DurationMs: 298,
    });
    expect(await hoursOf({})).toEqual([1, 2, 4]);
  });

  it.each([
    ["root service", { rootService: "alpha" }, [1]],
    ["another", { rootService: "beta" }, [2, 4]],
    ["an unknown one", { rootService: "gamma" }, []],
    ["entity", { entityId: ENTITY }, [4]],
    ["attribute", { attributes: [{ key: "component", value: "kafka" }] }, [1]],
    ["number", { attributes: [{ key: "code", value: "200" }] }, [2]],
    ["any of several", { attributes: [{ key: "code", value: "200" }, { text: "step 2" }] }, [2, 4]],
    [
      "part of a value, which is no match",
      { attributes: [{ key: "component", value: "kaf" }] },
      [],
    ],
    ["six hours", { bucket: { unit: "hour", count: 6 } }, [0]],
  ] as const)("by %s", async (_, query, hours) => {
    expect(await hoursOf(query)).toEqual(hours);
  });
});

describe("listTraces", () => {
  it.each<[readonly AttributeMatch[], readonly number[]]>([
    [[{ key: "component", value: "kafka" }], [1]],
    [
      [
        { key: "url", value: "http://x" },
        { key: "component", value: "kafka" },
      ],
      [5, 1],
    ],
    [[{ key: "component", value: "kafk" }], []],
    [[{ text: "step 1" }], [5, 1]],
  ])("by attributes %j", async (attributes, traces) => {
    const { items } = await fixture.lake.listTraces({ limit: 10, direction: "next", attributes });
    expect(items.map(({ traceId }) => Number.parseInt(traceId, 16))).toEqual(traces);
  });
});
