import { ScouterError } from "@scouter/contracts";
import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeDatabase } from "../../test/fake/fake-database.ts";
import { FakeLake } from "../../test/fake/fake-lake.ts";
import { type ChannelName, Ingest } from "./ingest.ts";

const spans = (sizeBytes: number) =>
  ({
    body: new Uint8Array(sizeBytes),
    format: "otlp-protobuf",
    contentEncoding: "identity",
  }) as const;
const tag = { entity_type: "trace", entity_id: "t", key: "k", value: "v" };

let database: FakeDatabase;
let lake: FakeLake;
let lost: (readonly [ChannelName, unknown])[];
const running: Ingest[] = [];
beforeEach(() => {
  database = new FakeDatabase();
  lake = new FakeLake();
  lost = [];
});
afterEach(async () => {
  for (const ingest of running.splice(0)) await ingest.drain();
});

function ingestThat(acknowledge: "durable" | "queued"): Ingest {
  const ingest = new Ingest({
    database,
    lake,
    clock: new ManualClock(),
    config: { acknowledge, recordConsumers: 1, traceConsumers: 1, tagConsumers: 1 },
    events: {
      channelObserver: () => ({
        onRefused: () => undefined,
        onSettled: () => undefined,
        onTaken: () => undefined,
      }),
      onRecordsStored: () => undefined,
      onLostAfterReply: (channel, error) => lost.push([channel, error]),
      onSpanTagsLost: () => undefined,
    },
  });
  ingest.start();
  running.push(ingest);
  return ingest;
}

/** Whether it is settled once everything that can go on has gone on. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const settle = () => {
    settled = true;
  };
  promise.then(settle, settle);
  await new Promise((resolve) => setImmediate(resolve));
  return settled;
}

describe("an answer that means durable", () => {
  it("comes when the spans are stored, and tells what the store said", async () => {
    const gate = Promise.withResolvers<void>();
    lake.gate = gate.promise;
    const answer = ingestThat("durable").spans(spans(1));
    expect(await isSettled(answer)).toBe(false);
    lake.reply = { accepted: 3, rejected: [], duplicate: false };
    gate.resolve();
    expect(await answer).toEqual({ accepted: 3, rejected: [], duplicate: false });
  });

  it("is a refusal when they cannot be stored, so that the sender repeats", async () => {
    lake.error = new ScouterError({ code: "AWAY", kind: "unavailable", message: "away" });
    await expect(ingestThat("durable").spans(spans(1))).rejects.toMatchObject({ code: "AWAY" });
    database.away = true;
    const tagged = ingestThat("durable").tags([tag], 1);
    await expect(tagged).rejects.toMatchObject({ code: "FAKE_UNAVAILABLE" });
    expect(lost).toEqual([]);
  });
});

describe("an answer that means queued", () => {
  it("comes before the spans are stored, which they are all the same", async () => {
    const gate = Promise.withResolvers<void>();
    lake.gate = gate.promise;
    const ingest = ingestThat("queued");
    expect(await ingest.spans(spans(1))).toMatchObject({ rejected: [], duplicate: false });
    expect(ingest.depth("traces")).toEqual({ messages: 1, bytes: 1 });
    gate.resolve();
    await ingest.drain();
    expect(lake.requests).toHaveLength(1);
    expect(ingest.depth("traces")).toEqual({ messages: 0, bytes: 0 });
    expect(lost).toEqual([]);
  });

  it("tells the operator what could not be stored after it", async () => {
    const away = new ScouterError({ code: "AWAY", kind: "unavailable", message: "away" });
    lake.error = away;
    database.away = true;
    const ingest = ingestThat("queued");
    await ingest.spans(spans(1));
    expect(await ingest.tags([tag], 1)).toEqual([{ status: "done", result: undefined }]);
    await ingest.drain();
    await isSettled(Promise.resolve());
    expect(lost.map(([channel]) => channel).toSorted()).toEqual(["tags", "traces"]);
    expect(lost.find(([channel]) => channel === "traces")?.[1]).toBe(away);
  });

  it("is not given for what no longer fits: the sender is told to come again", async () => {
    lake.gate = new Promise(() => undefined);
    const ingest = ingestThat("queued");
    await ingest.spans(spans(64 * 2 ** 20));
    expect(() => ingest.spans(spans(1))).toThrow(
      expect.objectContaining({ code: "SERVER_CHANNEL_FULL", retryAfterMs: 1000 }),
    );
    running.splice(0);
  });
});

describe("what waits, in bytes", () => {
  it("is bounded: more is refused with a pause, nothing that was admitted is lost, the others pass", async () => {
    const gate = Promise.withResolvers<void>();
    lake.gate = gate.promise;
    const ingest = ingestThat("durable");
    const answers = Array.from({ length: 4 }, () => ingest.spans(spans(16 * 2 ** 20)));
    const refused = () => ingest.spans(spans(1));
    expect(refused).toThrow(
      expect.objectContaining({ code: "SERVER_CHANNEL_FULL", kind: "busy", retryAfterMs: 1000 }),
    );
    expect(await ingest.tags([tag], 1)).toMatchObject([{ status: "done" }]);
    gate.resolve();
    expect(await Promise.all(answers)).toHaveLength(4);
    expect(lake.requests).toHaveLength(4);
    expect(await refused()).toMatchObject({ accepted: 1 });
  });
});
