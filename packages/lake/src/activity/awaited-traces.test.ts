import { once } from "node:events";
import { type Clock, systemClock } from "@scouter/contracts";
import { afterEach, beforeEach, expect, it } from "vitest";
import {
  exportRequest,
  otlpAttributes,
  type OtlpSpan,
  type PlainValue,
} from "@scouter/testkit/otlp/export-request";
import { lakeFixture, type LakeFixture } from "../traces/lake.fixture.ts";
import type { TraceLakeEvents } from "../trace-lake-events.ts";
import type { TraceSighting } from "./trace-sighting.ts";

const ENTITY = "018f0000-0000-7000-8000-00000000000a";
const RECORD = "018f0000-0000-7000-8000-0000000000ff";
const id = (number: number) => number.toString(16).padStart(32, "0");

let fixture: LakeFixture;
let told: (readonly [readonly TraceSighting[], boolean])[];
let refusal: Error | undefined;
let failures: unknown[];
let readable: ReadableTraces;
/** While it is, no pause ends by itself, so that only the test flushes. */
let isStill: boolean;

const clock: Clock = {
  ...systemClock,
  async sleep(ms, signal) {
    if (!isStill || signal === undefined) return systemClock.sleep(ms, signal);
    if (!signal.aborted) await once(signal, "abort");
    signal.throwIfAborted();
  },
};

/** What the lake said of traces that can be read everywhere, to be waited for. */
class ReadableTraces {
  readonly #seen = new Map<string, PromiseWithResolvers<TraceSighting>>();

  tell(sightings: readonly TraceSighting[]): void {
    for (const sighting of sightings) this.#of(sighting.traceId).resolve(sighting);
  }

  until(traceId: string): Promise<TraceSighting> {
    return this.#of(traceId).promise;
  }

  #of(traceId: string): PromiseWithResolvers<TraceSighting> {
    const known = this.#seen.get(traceId) ?? Promise.withResolvers<TraceSighting>();
    this.#seen.set(traceId, known);
    return known;
  }
}

beforeEach(async () => {
  readable = new ReadableTraces();
  told = [];
  refusal = undefined;
  failures = [];
  const events: Partial<TraceLakeEvents> = {
    async onSpansSeen(sightings, isReadable) {
      told.push([sightings, isReadable]);
      if (refusal !== undefined) throw refusal;
      if (isReadable) readable.tell(sightings);
    },
    onFlushFailure: (error) => void failures.push(error),
    onFlush: () => undefined,
    onReplay: () => undefined,
    onDeadLetter: async () => undefined,
  };
  isStill = true;
  fixture = await lakeFixture({ events: events as TraceLakeEvents, clock });
});
afterEach(() => fixture.close());

let spans = 0;
/** One span, a root unless it has a parent. */
function send(
  traceId: string,
  {
    attributes = {},
    ...over
  }: Partial<Omit<OtlpSpan, "attributes">> & {
    readonly attributes?: Readonly<Record<string, PlainValue>>;
  } = {},
): Promise<void> {
  spans += 1;
  return fixture.send(
    exportRequest([
      {
        traceId: Buffer.from(traceId, "hex"),
        spanId: Buffer.from(spans.toString(16).padStart(16, "0"), "hex"),
        name: "work",
        startTimeUnixNano: 1_790_000_000_000_000_000n,
        endTimeUnixNano: 1_790_000_000_000_000_001n,
        attributes: otlpAttributes(attributes),
        ...over,
      },
    ]),
  );
}
const child = { parentSpanId: Buffer.from("00000000000000aa", "hex") };

it("says nothing of traces that nobody waits for", async () => {
  await send(id(1));
  await fixture.lake.flush();
  expect(told).toEqual([]);
  expect(await fixture.lake.sightingsOf([id(1), id(2)])).toEqual([
    {
      traceId: id(1),
      spans: 1,
      rootEnded: true,
      agoMs: 0,
      entityIds: [],
      queueIds: [],
      queuedEntityIds: [],
    },
  ]);
});

it("tells of an awaited trace before its spans are committed and after", async () => {
  fixture.lake.awaitTraces([id(1)]);
  await send(id(1), child);
  await send(id(1));
  await send(id(2));
  await fixture.lake.flush();
  const seen = { traceId: id(1), spans: 2, rootEnded: true };
  expect(told).toMatchObject([
    [[seen], false],
    [[seen], true],
  ]);
  await fixture.lake.flush();
  expect(told).toHaveLength(2);
});

it("finds spans that came before the trace was awaited, also while they are committed", async () => {
  isStill = false;
  await send(id(1), child);
  const flushed = fixture.lake.flush();
  fixture.lake.awaitTraces([id(1)]);
  expect(await fixture.lake.sightingsOf([id(1)])).toHaveLength(1);
  await flushed;
  await send(id(2));
  fixture.lake.awaitTraces([id(2)]);
  expect(await readable.until(id(2))).toMatchObject({ traceId: id(2), spans: 1 });
});

it("awaits by itself what names an entity or a queued record, and what follows it", async () => {
  const attributes = { [`scouter.entity.${ENTITY}`]: ENTITY, "scouter.queue.record": RECORD };
  await send(id(1), { attributes });
  await fixture.lake.flush();
  const named = { entityIds: [ENTITY], queueIds: [RECORD], queuedEntityIds: [ENTITY] };
  expect(told.at(-1)).toMatchObject([[named], true]);
  await send(id(1), child);
  await fixture.lake.flush();
  expect(told.at(-1)).toMatchObject([[{ traceId: id(1), spans: 1, entityIds: [] }], true]);
  expect(await fixture.lake.sightingsOf([id(1)])).toMatchObject([{ spans: 2, ...named }]);
});

it("commits nothing while nobody can be told, and loses nothing", async () => {
  fixture.lake.awaitTraces([id(1)]);
  await send(id(1));
  refusal = new Error("the database is away");
  await expect(fixture.lake.flush()).rejects.toThrow("the database is away");
  expect(failures).toHaveLength(1);
  expect(fixture.lake.statistics()).toMatchObject({ unflushedSpans: 1, deltaVersion: 0 });
  refusal = undefined;
  told = [];
  await fixture.lake.flush();
  expect(told.map(([sightings, isReadable]) => [sightings[0]?.spans, isReadable])).toEqual([
    [1, false],
    [1, true],
  ]);
  expect(fixture.lake.statistics()).toMatchObject({ unflushedSpans: 0, deltaVersion: 1 });
});

it("flushes an awaited trace soon, without being told to", async () => {
  isStill = false;
  fixture.lake.awaitTraces([id(1)]);
  await send(id(1));
  expect(await readable.until(id(1))).toMatchObject({ traceId: id(1), spans: 1 });
});
