import type { EvaluatedSpan } from "@scouter/evaluate";
import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import { InMemorySpanSource } from "@scouter/testkit/span-source/in-memory-span-source";
import { beforeEach, describe, expect, it } from "vitest";
import { FakeLake } from "../../test/fake/fake-lake.ts";
import { waitForTrace } from "./trace-wait.ts";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const config = { timeoutMs: 10_000, backoffMs: 100, rescheduleMs: 30_000, quietMs: 500 };

function span(spanId: string, parentSpanId?: string): EvaluatedSpan {
  return {
    traceId,
    spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name: spanId,
    serviceName: "agent",
    startTimeMs: 0,
    endTimeMs: 1,
    status: "Ok",
    attributes: {},
  };
}

let clock: ManualClock;
let spans: InMemorySpanSource;
let lake: FakeLake;
let looks: number[];
let ended: unknown;

beforeEach(() => {
  clock = new ManualClock();
  spans = new InMemorySpanSource();
  lake = new FakeLake();
  looks = [];
  ended = undefined;
});

function wait(signal = new AbortController().signal, givenTraceId: string | null = traceId) {
  const spanSource: typeof spans.spansOf = (id, options) => {
    looks.push(clock.monotonicMs());
    return spans.spansOf(id, options);
  };
  const parts = { clock, lake, spanSource: { spansOf: spanSource }, config };
  const done = waitForTrace(parts, { uid: "r1", traceId: givenTraceId }, signal);
  done.then(
    (trace) => (ended = trace.state),
    () => undefined,
  );
  return done;
}

describe("waitForTrace", () => {
  it("ends when a whole trace has been quiet", async () => {
    spans.add(span("a"), span("b", "a"));
    const done = wait();
    await clock.advance(499);
    expect(ended).toBeUndefined();
    await clock.advance(1);
    expect(await done).toMatchObject({ traceId, state: "complete" });
    expect((await done).spans).toHaveLength(2);
  });

  it("is begun anew by a span that comes late", async () => {
    spans.add(span("a"));
    const done = wait();
    await clock.advance(400);
    spans.add(span("b", "a"));
    await clock.advance(599);
    expect(ended).toBeUndefined();
    await clock.advance(500);
    expect((await done).spans).toHaveLength(2);
  });

  it("looks after pauses that double up to 5 s, and says at the end that nothing came", async () => {
    const done = wait();
    await clock.advance(10_000);
    expect(await done).toEqual({ traceId, spans: [], state: "absent" });
    expect(looks).toEqual([0, 100, 300, 700, 1_500, 3_100, 6_300, 10_000]);
  });

  it.each<[string, readonly EvaluatedSpan[]]>([
    ["the root is missing", [span("b", "a")]],
    ["a parent is missing", [span("a"), span("c", "b")]],
  ])("does not take a trace for whole when %s", async (_what, some) => {
    spans.add(...some);
    const done = wait();
    await clock.advance(10_000);
    expect(await done).toMatchObject({ state: "incomplete" });
  });

  it("finds the trace that queued a record without a trace id", async () => {
    spans.add(span("a"));
    const done = wait(undefined, null);
    await clock.advance(100);
    expect(lake.queries[0]).toEqual({ queueId: "r1", limit: 1, direction: "next" });
    expect(looks).toEqual([]);
    lake.traces = [{ traceId }] as unknown as typeof lake.traces;
    await clock.advance(1_000);
    expect(await done).toMatchObject({ traceId, state: "complete" });
  });

  it("stops with the signal", async () => {
    const controller = new AbortController();
    const done = wait(controller.signal);
    await clock.untilSleeping(1);
    controller.abort("stopping");
    await expect(done).rejects.toBe("stopping");
  });
});
