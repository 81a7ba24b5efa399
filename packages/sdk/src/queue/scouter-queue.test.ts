import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import { evalRecord as evalRecordSchema } from "@scouter/contracts";
import { describe, expect, test } from "vitest";
import { evalRecord } from "../record/eval-record.ts";
import { memoryTransport, type MemoryStep } from "../transport/memory-transport.ts";
import type { OutgoingBatch } from "../transport/transport.ts";
import type { DroppedItem, ScouterQueueOptions } from "./queue-options.ts";
import { ScouterQueue } from "./scouter-queue.ts";

const never: MemoryStep = () => new Promise(() => {});
const busy: MemoryStep = { outcome: "retry", reason: "busy" };

function setUp(options: Partial<ScouterQueueOptions> = {}, script: readonly MemoryStep[] = []) {
  const clock = new ManualClock();
  const transport = memoryTransport({ script });
  const profiles = { answers: { uid: "entity-1" } };
  const queue = new ScouterQueue({ profiles, transport, clock, random: () => 0, ...options });
  const insert = (count: number) => {
    for (let number = 0; number < count; number += 1) {
      queue.insert("answers", evalRecord({ context: { number } }));
    }
  };
  return { clock, transport, queue, insert };
}

describe("what is sent", () => {
  test("is a message of records that the server's schema accepts", async () => {
    const { queue, transport } = setUp({ activeTraceId: () => "a".repeat(32) });
    const item = evalRecord({
      context: { answer: "42", list: [1, null] },
      id: "order-7",
      sessionId: "s1",
      tags: { team: "support", scenario: "a=b" },
    });
    expect(queue.insert("answers", item)).toBe(true);
    expect(queue.insert("answers", evalRecord({ context: "plain", tags: ["k=v"] }))).toBe(true);
    await queue.flush();
    const [first, second] = recordsOf(transport.sent[0]);
    expect(evalRecordSchema.parse(first)).toMatchObject({
      uid: item.uid,
      record_id: "order-7",
      session_id: "s1",
      created_at: new Date(item.createdAtMs).toISOString(),
      context: { answer: "42", list: [1, null] },
      entity_uid: "entity-1",
      entity_type: "Agent",
      status: "Pending",
      record_source: "User",
      trace_id: "a".repeat(32),
      tags: ["team=support", "scenario=a=b"],
    });
    expect(evalRecordSchema.parse(second)).toMatchObject({ context: "plain", tags: ["k=v"] });
  });

  test.for([
    { name: "its own", fields: { traceId: "b".repeat(32) }, expected: "b".repeat(32) },
    {
      name: "its span's",
      fields: { spanContext: { traceId: "c".repeat(32) } },
      expected: "c".repeat(32),
    },
    {
      name: "the active one instead of an unrecorded span's zeros",
      fields: { spanContext: { traceId: "0".repeat(32) } },
      expected: "a".repeat(32),
    },
    { name: "the active one", fields: {}, expected: "a".repeat(32) },
  ])("the trace of a record is $name", async ({ fields, expected }) => {
    const { queue, transport } = setUp({ activeTraceId: () => "a".repeat(32) });
    queue.insert("answers", evalRecord({ context: 1, ...fields }));
    await queue.flush();
    expect(recordsOf(transport.sent[0])).toEqual([expect.objectContaining({ trace_id: expected })]);
  });

  test("a trace source that throws costs the link, not the record", async () => {
    const activeTraceId = () => {
      throw new Error("no tracer");
    };
    const { queue, transport } = setUp({ activeTraceId });
    expect(queue.insert("answers", evalRecord({ context: 1 }))).toBe(true);
    await queue.flush();
    expect(recordsOf(transport.sent[0])).toEqual([expect.objectContaining({ trace_id: null })]);
  });
});

describe("when it is sent", () => {
  test("as soon as a batch is full, the rest by the timer", async () => {
    const { clock, queue, transport, insert } = setUp({ batchSize: 3, publishIntervalMs: 1_000 });
    insert(4);
    expect(transport.sent).toHaveLength(0);
    await clock.advance(1);
    expect(transport.sent.map((batch) => batch.itemCount)).toEqual([3]);
    await clock.advance(998);
    expect(queue.stats("answers")).toMatchObject({ pending: 1, acknowledged: 3 });
    await clock.advance(1);
    expect(transport.sent.map((batch) => batch.itemCount)).toEqual([3, 1]);
    expect(queue.stats("answers")).toMatchObject({ pending: 0, acknowledged: 4 });
  });

  test("when the buffer is half full, if that comes before a full batch", async () => {
    const { clock, transport, insert } = setUp({ capacity: 5, batchSize: 25 });
    insert(2);
    await clock.advance(1);
    expect(transport.sent).toHaveLength(0);
    insert(1);
    await clock.advance(1);
    expect(transport.sent.map((batch) => batch.itemCount)).toEqual([3]);
  });

  test("at most so many batches of an alias at once, and none waits for another alias", async () => {
    const profiles = { answers: { uid: "e1" }, other: { uid: "e2" } };
    const options = { profiles, batchSize: 1, maxConcurrentBatches: 2 };
    const { clock, queue, transport, insert } = setUp(options, [never, never]);
    insert(5);
    await clock.advance(1);
    expect(queue.stats("answers")).toMatchObject({ pending: 3, inFlight: 2 });
    queue.insert("other", evalRecord({ context: 1 }));
    await clock.advance(1);
    expect(queue.stats("other")).toMatchObject({ acknowledged: 1 });
    expect(transport.sent).toHaveLength(3);
  });

  test("no timer of an idle queue keeps the process alive", () => {
    const { queue } = setUp({ clock: undefined as never });
    const active = process.getActiveResourcesInfo().filter((resource) => resource === "Timeout");
    queue.insert("answers", evalRecord({ context: 1 }));
    expect(process.getActiveResourcesInfo().filter((resource) => resource === "Timeout")).toEqual(
      active,
    );
  });
});

describe("sampling", () => {
  test.for([
    { sampleRatio: 1, random: 0.999, kept: true },
    { sampleRatio: 0.5, random: 0.499, kept: true },
    { sampleRatio: 0.5, random: 0.5, kept: false },
    { sampleRatio: 0, random: 0, kept: false },
  ])("ratio $sampleRatio at $random: kept $kept", ({ sampleRatio, random, kept }) => {
    const profiles = { answers: { uid: "e", sampleRatio } };
    const { queue } = setUp({ profiles, random: () => random });
    let made = 0;
    const taken = queue.insert("answers", () => {
      made += 1;
      return evalRecord({ context: 1 });
    });
    expect(taken).toBe(kept);
    expect(made).toBe(kept ? 1 : 0);
    expect(queue.stats("answers")).toMatchObject({ offered: 1, sampledOut: kept ? 0 : 1 });
  });
});

describe("drops", () => {
  test("are counted by reason and told with a detail; nothing is thrown", async () => {
    const dropped: DroppedItem[] = [];
    const onDrop = (drop: DroppedItem) => {
      dropped.push(drop);
    };
    const { clock, queue, insert } = setUp({ capacity: 2, batchSize: 2, onDrop }, [never]);
    insert(3);
    expect(queue.insert("answer", evalRecord({ context: 1 }))).toBe(false);
    const shutdown = queue.shutdown({ timeoutMs: 1 });
    await clock.advance(1);
    await shutdown;
    insert(1);
    expect(dropped.map(({ alias, reason, count }) => `${alias} ${reason} ${count}`)).toEqual([
      "answers full 1",
      "answer invalid 1",
      "answers closed 2",
      "answers closed 1",
    ]);
    expect(dropped[1]?.detail).toBe("no profile has this alias; known: answers");
    expect(queue.stats()).toMatchObject({
      offered: 5,
      dropped: { full: 1, invalid: 1, closed: 3 },
    });
  });
});

describe("retries", () => {
  test("repeat the same message until it is stored", async () => {
    const { clock, queue, transport, insert } = setUp({ batchSize: 1 }, [busy, busy]);
    insert(1);
    await clock.advance(250);
    expect(transport.sent).toHaveLength(2);
    await clock.advance(499);
    expect(queue.stats()).toMatchObject({ inFlight: 1 });
    await clock.advance(1);
    expect(queue.stats()).toMatchObject({ inFlight: 0, acknowledged: 1 });
    expect(new Set(transport.sent).size).toBe(1);
  });

  test("wait as long as the server asks", async () => {
    const later: MemoryStep = { outcome: "retry", reason: "busy", retryAfterMs: 60_000 };
    const { clock, queue, insert } = setUp({ batchSize: 1 }, [later]);
    insert(1);
    await clock.advance(59_999);
    expect(queue.stats()).toMatchObject({ inFlight: 1 });
    await clock.advance(1);
    expect(queue.stats()).toMatchObject({ acknowledged: 1 });
  });

  test("end: the items are counted as rejected", async () => {
    const retry = { maxAttempts: 2 };
    const { clock, queue, transport, insert } = setUp({ batchSize: 3, retry }, [busy, busy]);
    insert(3);
    await clock.advance(500);
    expect(queue.stats()).toMatchObject({ inFlight: 0, rejected: { SDK_RETRIES_EXHAUSTED: 3 } });
    expect(transport.sent).toHaveLength(2);
  });

  test("never follow a refusal", async () => {
    const refusal: MemoryStep = { outcome: "failed", code: "NO_ACCESS", reason: "no" };
    const { clock, queue, transport, insert } = setUp({ batchSize: 2 }, [refusal]);
    insert(2);
    await clock.advance(60_000);
    expect(queue.stats()).toMatchObject({ rejected: { NO_ACCESS: 2 } });
    expect(transport.sent).toHaveLength(1);
  });
});

describe("flush", () => {
  test("reports what was acknowledged, rejected and dropped, of its own items alone", async () => {
    const answer = Promise.withResolvers<void>();
    const partly: MemoryStep = async () => {
      await answer.promise;
      return { outcome: "acknowledged", rejected: [{ index: 1, code: "BAD", message: "" }] };
    };
    const { queue, insert } = setUp({}, [partly]);
    insert(3);
    queue.insert("answers", evalRecord({ context: () => 1 }));
    const flushed = queue.flush();
    insert(2);
    answer.resolve();
    expect(await flushed).toMatchObject({
      complete: true,
      acknowledged: 2,
      rejected: { BAD: 1 },
      dropped: 1,
      unacknowledged: 0,
      stats: { offered: 6, pending: 2 },
    });
  });

  test("ends at its limit and says how many have no answer", async () => {
    const { clock, queue, insert } = setUp({ batchSize: 2, maxConcurrentBatches: 1 }, [never]);
    insert(5);
    const flushed = queue.flush({ timeoutMs: 1_000 });
    await clock.advance(1_000);
    expect(await flushed).toMatchObject({ complete: false, acknowledged: 0, unacknowledged: 5 });
    expect(queue.stats()).toMatchObject({ pending: 3, inFlight: 2 });
  });

  test("of an empty queue is complete at once", async () => {
    const { queue } = setUp();
    expect(await queue.flush()).toMatchObject({ complete: true, acknowledged: 0 });
  });
});

describe("shutdown", () => {
  test("flushes, reports and closes the transport", async () => {
    const { queue, transport, insert } = setUp();
    insert(2);
    const report = await queue.shutdown();
    expect(report).toMatchObject({ complete: true, acknowledged: 2 });
    expect(await transport.send(transport.sent[0] as OutgoingBatch)).toMatchObject({
      outcome: "failed",
    });
    expect(await queue.shutdown()).toBe(report);
  });

  test("ends a pause between tries at once, but not one that the server asked for", async () => {
    const profiles = { answers: { uid: "e1" }, other: { uid: "e2" } };
    const asked: MemoryStep = { outcome: "retry", reason: "busy", retryAfterMs: 3_000 };
    const { clock, queue, insert } = setUp({ profiles, batchSize: 1 }, [busy, asked]);
    insert(1);
    queue.insert("other", evalRecord({ context: 1 }));
    await clock.advance(1);
    const shutdown = queue.shutdown({ timeoutMs: 5_000 });
    await clock.advance(1);
    expect(queue.stats("answers")).toMatchObject({ acknowledged: 1 });
    expect(queue.stats("other")).toMatchObject({ inFlight: 1 });
    await clock.advance(2_999);
    expect(await shutdown).toMatchObject({ complete: true, acknowledged: 2 });
  });

  test("gives up at its limit, even on a transport that heeds nothing", async () => {
    const deaf = {
      ...memoryTransport(),
      send: () => new Promise<never>(() => {}),
      close: () => new Promise<never>(() => {}),
    };
    const { clock, queue, insert } = setUp({ transport: deaf, batchSize: 2 });
    insert(3);
    const shutdown = queue.shutdown({ timeoutMs: 1_000 });
    await clock.advance(1_000);
    expect(await shutdown).toMatchObject({
      complete: false,
      unacknowledged: 3,
      stats: { pending: 0, inFlight: 0, dropped: { closed: 3 } },
    });
  });
});

test("a batch that was given up during a pause is not sent again", async () => {
  const clock = new ManualClock();
  let sends = 0;
  const deaf = {
    ...memoryTransport(),
    send: async () => {
      sends += 1;
      return { outcome: "retry", reason: "busy", retryAfterMs: 60_000 } as const;
    },
  };
  const { queue, insert } = setUp({ clock, transport: deaf, batchSize: 1 });
  insert(1);
  await clock.advance(1);
  const shutdown = queue.shutdown({ timeoutMs: 10 });
  await clock.advance(120_000);
  expect(await shutdown).toMatchObject({ unacknowledged: 1, stats: { dropped: { closed: 1 } } });
  expect(sends).toBe(1);
});

describe("an app's code inside the queue", () => {
  test("a maker that fills the buffer meanwhile finds itself counted as full", () => {
    const { queue, insert } = setUp({ capacity: 2 });
    const taken = queue.insert("answers", () => {
      insert(2);
      return evalRecord({ context: 1 });
    });
    expect(taken).toBe(false);
    expect(queue.stats()).toMatchObject({ offered: 3, pending: 2, dropped: { full: 1 } });
  });

  test("a maker that throws is counted as invalid, with its message", () => {
    const dropped: DroppedItem[] = [];
    const { queue } = setUp({ onDrop: (drop) => dropped.push(drop) });
    const failing = () => {
      throw new Error("no answer yet");
    };
    expect(queue.insert("answers", failing)).toBe(false);
    expect(dropped).toEqual([
      { alias: "answers", reason: "invalid", count: 1, detail: "no answer yet" },
    ]);
  });
});

describe("options", () => {
  test.for<[string, Partial<ScouterQueueOptions>]>([
    ["capacity", { capacity: 0 }],
    ["capacity", { capacity: 1.5 }],
    ["batchSize", { batchSize: 0 }],
    ["maxConcurrentBatches", { maxConcurrentBatches: -1 }],
    ["publishIntervalMs", { publishIntervalMs: 0 }],
    ["publishIntervalMs", { publishIntervalMs: 2 ** 31 }],
    ["retry.maxAttempts", { retry: { maxAttempts: 0 } }],
    ["profiles.a.sampleRatio", { profiles: { a: { uid: "e", sampleRatio: 1.1 } } }],
    ["profiles.a.sampleRatio", { profiles: { a: { uid: "e", sampleRatio: Number.NaN } } }],
  ])("'%s' out of range is refused by name", ([option, options]) => {
    expect(() => setUp(options)).toThrow(
      expect.objectContaining({
        code: "SDK_OPTION_OUT_OF_RANGE",
        message: expect.stringContaining(`'${option}'`),
      }),
    );
  });

  test("stats of an alias that the queue does not have is an error that names those it has", () => {
    const { queue } = setUp();
    expect(() => queue.stats("answer")).toThrow(
      "the queue has no alias 'answer': it has 'answers'",
    );
  });
});

function recordsOf(batch: OutgoingBatch | undefined): unknown[] {
  const text = Buffer.from(batch?.body ?? []).toString();
  const { records } = JSON.parse(text) as { records: { AgentEval: { record: unknown } }[] };
  return records.map((record) => record.AgentEval.record);
}
