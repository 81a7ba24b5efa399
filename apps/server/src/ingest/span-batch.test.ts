import { ScouterError } from "@scouter/contracts";
import { beforeEach, describe, expect, it } from "vitest";
import { FakeDatabase } from "../../test/fake/fake-database.ts";
import { FakeLake } from "../../test/fake/fake-lake.ts";
import { spanBatchHandler } from "./span-batch.ts";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const request = (byte: number) =>
  ({ body: new Uint8Array([byte]), format: "otlp-protobuf", contentEncoding: "identity" }) as const;

let database: FakeDatabase;
let lake: FakeLake;
let lost: number[];
beforeEach(() => {
  database = new FakeDatabase();
  lake = new FakeLake();
  lost = [];
});

const handle = (count: number) =>
  spanBatchHandler({
    database,
    lake,
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

  it("stores the tags of spans, or refuses the request while the database is away", async () => {
    lake.findings = { tags: [{ traceId, key: "k", value: "v" }], baggage: [] };
    database.away = true;
    expect((await handle(1)).map((outcome) => outcome.status)).toEqual(["failed"]);
    database.away = false;
    expect((await handle(1)).map((outcome) => outcome.status)).toEqual(["done"]);
    expect(database.storedTags).toHaveLength(1);
    expect(lost).toEqual([]);
  });

  it("keeps the spans and reports the tags that cannot be stored", async () => {
    lake.findings = { tags: [{ traceId, key: "k", value: "poison" }], baggage: [] };
    expect((await handle(2)).map((outcome) => outcome.status)).toEqual(["done", "done"]);
    expect(lost).toEqual([1, 1]);
  });
});
