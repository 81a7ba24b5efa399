import { afterEach, describe, expect, it } from "vitest";
import {
  exportRequest,
  otlpAttributes,
  type PlainValue,
} from "@scouter/testkit/otlp/export-request";
import type { TraceQuery } from "./trace-lake.ts";
import { lakeFixture, type LakeFixture, type LakeFixtureOptions } from "./traces/lake.fixture.ts";

const BASE_NANO = BigInt(Date.UTC(2026, 2, 1, 10)) * 1_000_000n;
const MINUTE_NANO = 60_000_000_000n;
const RECORD = "018f0000-0000-7000-8000-0000000000ff";

const open: LakeFixture[] = [];
afterEach(async () => {
  for (const fixture of open.splice(0).toReversed()) await fixture.close();
});

async function lake(options: LakeFixtureOptions = {}): Promise<LakeFixture> {
  const fixture = await lakeFixture(options);
  open.push(fixture);
  return fixture;
}

const id = (number: number) => number.toString(16).padStart(32, "0");

/** A trace of two spans at minute `number`. */
function trace(number: number, attributes: Readonly<Record<string, PlainValue>> = {}) {
  const traceId = Buffer.from(id(number), "hex");
  const spanId = (index: number) =>
    Buffer.from((number * 2 + index).toString(16).padStart(16, "0"), "hex");
  const startTimeUnixNano = BASE_NANO + BigInt(number) * MINUTE_NANO;
  const times = { startTimeUnixNano, endTimeUnixNano: startTimeUnixNano + 1_000_000n };
  return exportRequest(
    [
      {
        traceId,
        spanId: spanId(1),
        name: "root",
        ...times,
        attributes: otlpAttributes(attributes),
      },
      { traceId, spanId: spanId(2), parentSpanId: spanId(1), name: "step", ...times },
    ],
    { resource: { "service.name": "checkout", "host.cores": 8n } },
  );
}

interface Asked extends Partial<Omit<TraceQuery, "cursor">> {
  readonly cursor?: TraceQuery["cursor"] | undefined;
}
const query = ({ cursor, ...more }: Asked = {}): TraceQuery => ({
  limit: 50,
  direction: "next",
  ...more,
  ...(cursor && { cursor }),
});
const idsOf = (list: { readonly items: readonly { readonly traceId: string }[] }) =>
  list.items.map(({ traceId }) => traceId);

describe("a trace that was asked for before it came", () => {
  it("is there as soon as it was stored, before and after its flush", async () => {
    const fixture = await lake();
    expect(await fixture.lake.spansOf(id(1))).toEqual([]);
    expect((await fixture.lake.listTraces(query())).items).toEqual([]);
    await fixture.send(trace(1));
    expect(await fixture.lake.spansOf(id(1))).toHaveLength(2);
    await fixture.lake.flush();
    expect(await fixture.lake.spansOf(id(1))).toHaveLength(2);
    expect(await fixture.lake.spansOf(id(2))).toEqual([]);
  });

  it("is seen with its own spans among others that are flushed one after the other", async () => {
    const fixture = await lake();
    for (const number of [1, 2, 3]) {
      await fixture.send(trace(number));
      await fixture.lake.flush();
      for (let seen = 1; seen <= 3; seen += 1) {
        const expected = seen <= number ? 2 : 0;
        expect(await fixture.lake.spansOf(id(seen)), `${seen}`).toHaveLength(expected);
      }
    }
  });
});

it("a process that looked before sees what another one commits, spans and summaries", async () => {
  const writer = await lake();
  const reader = await lake({ root: writer.root, refreshIntervalMs: 0 });
  expect(await reader.lake.spansOf(id(1))).toEqual([]);
  await writer.send(trace(1));
  await writer.lake.flush();
  expect(await reader.lake.spansOf(id(1))).toHaveLength(2);
  expect((await reader.lake.listTraces(query())).items).toMatchObject([
    { traceId: id(1), spanCount: 2, rootOperation: "root" },
  ]);
});

describe("100 traces, a minute apart", () => {
  async function hundred(): Promise<LakeFixture> {
    const fixture = await lake();
    for (let number = 1; number <= 100; number += 1) {
      await fixture.send(trace(number));
      if (number % 40 === 0) await fixture.lake.flush();
    }
    return fixture;
  }

  it("are walked in pages of 30 forwards and back, each once", async () => {
    const fixture = await hundred();
    const walk = async (direction: TraceQuery["direction"], from?: TraceQuery["cursor"]) => {
      const pages: string[][] = [];
      let cursor: TraceQuery["cursor"] | undefined = from;
      for (;;) {
        const page = await fixture.lake.listTraces(query({ limit: 30, direction, cursor }));
        pages.push(idsOf(page));
        cursor = page.items.at(-1);
        if (!page.hasMore) return { pages, last: cursor };
      }
    };
    const newestFirst = Array.from({ length: 100 }, (_, index) => id(100 - index));
    const { pages, last } = await walk("next");
    expect(pages.map((page) => page.length)).toEqual([30, 30, 30, 10]);
    expect(pages.flat()).toEqual(newestFirst);
    const back = await walk("previous", last);
    expect(back.pages.map((page) => page.length)).toEqual([30, 30, 30, 9]);
    expect(back.pages.flat()).toEqual(newestFirst.slice(0, -1).toReversed());
  });

  it("are two pages of 50; back from the second's first is the first one, oldest first", async () => {
    const fixture = await hundred();
    const first = await fixture.lake.listTraces(query());
    const second = await fixture.lake.listTraces(query({ cursor: first.items.at(-1) }));
    expect([first.items.length, first.hasMore]).toEqual([50, true]);
    expect([second.items.length, second.hasMore]).toEqual([50, false]);
    const back = query({ direction: "previous", cursor: second.items[0] });
    expect(idsOf(await fixture.lake.listTraces(back))).toEqual(idsOf(first).toReversed());
  });
});

it("a queued record finds its trace alone, with the resource it came from", async () => {
  const fixture = await lake();
  await fixture.send(trace(1));
  await fixture.send(trace(2, { "scouter.queue.record": RECORD }));
  await fixture.lake.flush();
  await fixture.send(trace(3));
  const found = await fixture.lake.listTraces(query({ queueId: RECORD }));
  expect(found).toMatchObject({ items: [{ traceId: id(2), queueIds: [RECORD] }], hasMore: false });
  expect(Object.fromEntries(found.items[0]?.resourceAttributes ?? [])).toEqual({
    "host.cores": "8",
    "service.name": '"checkout"',
  });
  expect(await fixture.lake.spansOf(id(2))).toHaveLength(2);
});
