import { ScouterError } from "@scouter/contracts";
import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import { beforeEach, describe, expect, it } from "vitest";
import { FakeDatabase } from "../../test/fake/fake-database.ts";
import { FakeLake } from "../../test/fake/fake-lake.ts";
import { spanBatchHandler } from "./span-batch.ts";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const request = (byte: number) =>
  ({ body: new Uint8Array([byte]), format: "otlp-protobuf", contentEncoding: "identity" }) as const;

let database: FakeDatabase;
let lake: FakeLake;
let clock: ManualClock;
let lost: number[];
beforeEach(() => {
  database = new FakeDatabase();
  lake = new FakeLake();
  clock = new ManualClock();
  lost = [];
});

const handle = (count: number) =>
  spanBatchHandler({
    database,
    lake,
    clock,
    events: { onSpanTagsLost: (tags) => lost.push(tags) },
  })(Array.from({ length: count }, (_, index) => request(index)));

describe("spanBatchHandler", () => {
  it("gives the lake all requests of a batch before the first is answered", async () => {
    const gate = Promise.withResolvers<void>();
    lake.gate = gate.promise;
    const outcomes = handle(3);
    expect(lake.requests).toHaveLength(3);
    gate.resolve();
    expect((await outcomes).map((outcome) => outcome.status)).toEqual(["done", "done", "done"]);
  });

  it("answers each request with its own outcome", async () => {
    const damaged = new ScouterError({ code: "BAD", kind: "invalid", message: "bad" });
    const ingest = lake.ingest.bind(lake);
    lake.ingest = (given) => (given.body[0] === 1 ? Promise.reject(damaged) : ingest(given));
    expect((await handle(3)).map((outcome) => outcome.status)).toEqual(["done", "failed", "done"]);
  });

  it("tries again to store tags while the database is away", async () => {
    lake.reply = { ...lake.reply, tags: [{ traceId, key: "k", value: "v" }] };
    database.away = true;
    const outcomes = handle(1);
    await clock.untilSleeping(1);
    database.away = false;
    await clock.advance(50);
    expect((await outcomes)[0]?.status).toBe("done");
    expect(database.storedTags).toHaveLength(1);
    expect(lost).toEqual([]);
  });

  it("keeps the spans acknowledged and reports the tags when they cannot be stored", async () => {
    lake.reply = { ...lake.reply, tags: [{ traceId, key: "k", value: "poison" }] };
    expect((await handle(2)).map((outcome) => outcome.status)).toEqual(["done", "done"]);
    expect(lost).toEqual([2]);
  });
});
