import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { apiFixture, type ApiFixture } from "../../../../test/fake/api-fixture.ts";
import { spanRow } from "../../../../test/fake/samples.ts";

const ID = "4bf92f3577b34da6a3ce929d0e0e4736";
const body = {
  start_time: "1970-01-01T00:00:00Z",
  end_time: "1970-01-01T02:00:00+01:00",
  bucket_interval: "minute",
};
let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await apiFixture();
});
afterEach(() => fixture.close());
const post = (path: string, payload: object) =>
  fixture.app.inject({ method: "POST", url: `/scouter${path}`, payload });

describe("POST /scouter/trace/metrics", () => {
  it("shows buckets", async () => {
    const durations = {
      averageDurationMs: 2.5,
      p50DurationMs: 1,
      p95DurationMs: 2,
      p99DurationMs: 3,
    };
    fixture.lake.points = [
      { startNano: 60_000_000_000n, traceCount: 4, errorCount: 1, ...durations },
    ];
    const reply = await post("/trace/metrics", {
      ...body,
      service_name: "a",
      entity_uid: "AB",
      attribute_filters: ["component:kafka", "url=http://x", "http://x", "a:b=c", ""],
    });
    expect(reply.json()).toEqual({
      metrics: [
        {
          bucket_start: "1970-01-01T00:01:00Z",
          trace_count: 4,
          avg_duration_ms: 2.5,
          p50_duration_ms: 1,
          p95_duration_ms: 2,
          p99_duration_ms: 3,
          error_rate: 0.25,
        },
      ],
    });
    expect(fixture.lake.questions).toEqual([
      {
        range: { fromNano: 0n, toNano: 3_600_000_000_000n },
        bucket: { unit: "minute", count: 1 },
        rootService: "a",
        entityId: "ab",
        attributes: [
          { key: "component", value: "kafka" },
          { key: "url", value: "http://x" },
          { text: "http://x" },
          { key: "a", value: "b=c" },
        ],
      },
    ]);
  });

  it.each([
    ["minutes", { unit: "minute", count: 1 }],
    ["1 minutes", { unit: "minute", count: 1 }],
    ["5 minutes", { unit: "minute", count: 5 }],
    ["Hours", { unit: "hour", count: 1 }],
    ["10 day", { unit: "day", count: 10 }],
    ["week", { unit: "week", count: 1 }],
  ])("takes the interval %s", async (bucket_interval, bucket) => {
    await post("/trace/metrics", { ...body, bucket_interval });
    expect(fixture.lake.questions).toMatchObject([{ bucket }]);
  });

  it.each(["fortnight", "0 minutes", "-1 hour", "1.5 hours", "minute hour", "", "s"])(
    "refuses the interval '%s'",
    async (bucket_interval) => {
      const reply = await post("/trace/metrics", { ...body, bucket_interval });
      expect(reply.statusCode).toBe(422);
      expect(reply.body).toContain("interval");
      expect(fixture.lake.questions).toEqual([]);
    },
  );

  it("refuses a body without times", async () => {
    expect((await post("/trace/metrics", { bucket_interval: "hour" })).statusCode).toBe(422);
  });
});

describe("POST /scouter/trace/spans/tags", () => {
  it("gives the spans of traces with these tags; what is no trace has none", async () => {
    const spans = [spanRow(), { ...spanRow(), spanId: "00000000000000b2", serviceName: "other" }];
    fixture.lake.spans.set(ID, spans);
    fixture.database.storedTags.push(
      { entity_type: "trace", entity_id: ID, key: "env", value: "prod" },
      { entity_type: "trace", entity_id: "no trace", key: "env", value: "prod" },
    );
    const query = {
      entity_type: "trace",
      tag_filters: [{ key: "env", value: "prod" }],
      match_all: true,
    };
    const all = await post("/trace/spans/tags", query);
    expect(all.statusCode).toBe(200);
    expect(all.json().spans).toHaveLength(2);
    const some = await post("/trace/spans/tags", { ...query, service_name: "other" });
    expect(some.json().spans).toMatchObject([{ service_name: "other" }]);
    expect(some.json().next_cursor).toBeNull();
  });

  it("gives more traces than one reply takes by page, each once", async () => {
    const traces = Array.from({ length: 230 }, (_, index) => index.toString(16).padStart(32, "0"));
    for (const traceId of traces) {
      fixture.lake.spans.set(traceId, [{ ...spanRow(), traceId }]);
      fixture.database.storedTags.push({
        entity_type: "trace",
        entity_id: traceId,
        key: "env",
        value: "busy",
      });
    }
    const query = {
      entity_type: "trace",
      tag_filters: [{ key: "env", value: "busy" }],
      match_all: true,
    };
    const pages: string[][] = [];
    interface Page {
      readonly spans: readonly { readonly trace_id: string }[];
      readonly next_cursor: string | null;
    }
    let cursor: string | null = null;
    do {
      const reply: Page = (await post("/trace/spans/tags", { ...query, cursor })).json();
      pages.push(reply.spans.map((span) => span.trace_id));
      cursor = reply.next_cursor;
    } while (cursor !== null);
    expect(pages.map((page) => page.length)).toEqual([100, 100, 30]);
    expect(pages.flat()).toEqual(traces);
    expect((await post("/trace/spans/tags", { ...query, limit: 101 })).statusCode).toBe(422);
  });
});

describe("GET /scouter/trace/baggage", () => {
  const get = (id: string) => fixture.app.inject({ url: `/scouter/trace/baggage?trace_id=${id}` });

  it("gives what spans carried", async () => {
    fixture.database.storedBaggage.push({
      traceId: ID,
      scope: "app",
      key: "tenant",
      value: "a",
      createdAt: "2026-03-01T10:00:00.123456Z",
    });
    expect((await get(ID.toUpperCase())).json()).toEqual({
      baggage: [
        {
          created_at: "2026-03-01T10:00:00.123456Z",
          trace_id: ID,
          scope: "app",
          key: "tenant",
          value: "a",
        },
      ],
    });
  });

  it.each(["xyz", ID.slice(2)])("refuses the id %s", async (id) => {
    expect((await get(id)).statusCode).toBe(400);
  });
});

describe("GET /scouter/v1/traces/:id/spans", () => {
  const get = () => fixture.app.inject({ url: `/scouter/v1/traces/${ID}/spans` });
  const id = (number: number) => number.toString(16).padStart(16, "0");
  const chain = (length: number, parentOf: (number: number) => number) =>
    Array.from({ length }, (_, index) => ({
      ...spanRow(),
      spanId: id(index + 1),
      parentSpanId: index === 0 ? null : id(parentOf(index + 1)),
    }));

  it("gives a trace of 20,000 spans, and says where to read a larger one", async () => {
    fixture.lake.spans.set(
      ID,
      chain(20_000, () => 1),
    );
    expect((await get()).json().spans).toHaveLength(20_000);
    fixture.lake.spans.set(
      ID,
      chain(20_001, () => 1),
    );
    const reply = await get();
    expect(reply.statusCode).toBe(413);
    expect(reply.body).toContain("/scouter/v2/traces/");
  });

  it("refuses a chain whose paths together are too long, and gives a shorter one", async () => {
    fixture.lake.spans.set(
      ID,
      chain(1_000, (number) => number - 1),
    );
    const { spans } = (await get()).json();
    expect(spans.at(-1).path).toHaveLength(1_000);
    fixture.lake.spans.set(
      ID,
      chain(2_000, (number) => number - 1),
    );
    expect((await get()).statusCode).toBe(413);
  });
});
