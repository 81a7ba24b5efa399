import {
  spanDetail,
  traceDetail,
  traceFacets,
  traceHistogram,
  traceOverviewPage,
  traceServiceList,
} from "@scouter/contracts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { apiFixture, type ApiFixture } from "../../../../test/fake/api-fixture.ts";
import { spanRow, traceDigest, traceTree } from "../../../../test/fake/samples.ts";

const ID = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN_ID = "00f067aa0ba902b7";
const NOW_NANO = BigInt(Date.UTC(2025, 0, 1)) * 1_000_000n;
const DAY_NANO = 86_400_000_000_000n;
const anything = { services: [], names: [], kinds: [], models: [], attributes: [] };
const noFilter = { spans: anything, rootNames: [] };

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await apiFixture();
});
afterEach(() => fixture.close());

const get = (path: string) => fixture.app.inject(`/scouter/v2/traces${path}`);

describe("GET /scouter/v2/traces", () => {
  it("asks for the last 24 hours, 50 traces, no filter", async () => {
    const reply = await get("");
    expect(traceOverviewPage.parse(reply.json())).toEqual({
      items: [],
      next_cursor: null,
      start: "2024-12-31T00:00:00Z",
      end: "2025-01-01T00:00:00Z",
    });
    const range = { fromNano: NOW_NANO - DAY_NANO, toNano: NOW_NANO };
    expect(fixture.lake.questions).toEqual([{ range, filter: noFilter, limit: 50 }]);
  });

  it("passes every filter on", async () => {
    const query = new URLSearchParams([
      ["start", "2025-01-01T01:00:00+01:00"],
      ["end", "2025-01-01T00:00:01.000000001Z"],
      ["service", "shop"],
      ["service", "agent"],
      ["name", "GET /"],
      ["root_name", "answer"],
      ["kind", "llm"],
      ["model", "large"],
      ["attr", "tier:eq:gold"],
      ["attr", "size:gt:5"],
      ["text", "parcel"],
      ["status", "error"],
      ["min_duration_ms", "0.5"],
      ["max_duration_ms", "1000"],
      ["limit", "7"],
    ]);
    await get(`?${query.toString()}`);
    expect(fixture.lake.questions).toEqual([
      {
        range: { fromNano: NOW_NANO, toNano: NOW_NANO + 1_000_000_001n },
        filter: {
          spans: {
            services: ["shop", "agent"],
            names: ["GET /"],
            kinds: ["llm"],
            models: ["large"],
            attributes: [
              { key: "tier", op: "eq", value: "gold" },
              { key: "size", op: "gt", value: 5 },
            ],
            text: "parcel",
          },
          rootNames: ["answer"],
          status: "error",
          minDurationNano: 500_000n,
          maxDurationNano: 1_000_000_000n,
        },
        limit: 7,
      },
    ]);
  });

  it("shows traces, and a cursor that leads to the next", async () => {
    const digest = traceDigest({ errorCount: 2, spanCount: 3, inputPreview: "where is it" });
    fixture.lake.page = { items: [digest], hasMore: true };
    const page = traceOverviewPage.parse((await get("")).json());
    expect(page.items).toEqual([
      {
        trace_id: ID,
        name: "answer",
        service: "support",
        services: ["support"],
        genai_kind: "agent",
        start: "2026-01-01T00:00:00.000000500Z",
        start_unix_nano: "1767225600000000500",
        duration_ns: 250_999_999,
        span_count: 3,
        error_count: 2,
        status: "error",
        tokens: { input: 0, output: 0, cache_read: 0, cache_write: 0, reasoning: 0 },
        models: [],
        conversation_id: null,
        input_preview: "where is it",
        output_preview: null,
      },
    ]);
    await get(`?cursor=${page.next_cursor ?? ""}`);
    expect(fixture.lake.questions.at(-1)).toMatchObject({
      cursor: { startTimeUnixNano: digest.startTimeUnixNano, traceId: ID },
    });
  });

  it("cancels the query when its client goes away", async () => {
    let open: (() => void) | undefined;
    fixture.lake.gate = new Promise((resolve) => (open = resolve));
    const address = await fixture.bare.listen({ port: 0, host: "127.0.0.1" });
    const token = await fixture.login.authenticator.login(
      { username: "admin", password: "admin" },
      "127.0.0.1",
    );
    const leaving = new AbortController();
    const headers = { authorization: `Bearer ${token}` };
    const reply = fetch(`${address}/scouter/v2/traces`, { headers, signal: leaving.signal });
    await expect.poll(() => fixture.lake.signals.length).toBe(1);
    leaving.abort();
    await expect(reply).rejects.toThrow("aborted");
    await expect.poll(() => fixture.lake.signals[0]?.aborted).toBe(true);
    open?.();
  });
});

describe("a parameter that is wrong", () => {
  it.each([
    ["?start=yesterday", "'start': expected an RFC 3339 date-time"],
    ["?start=2025-01-02T00:00:00Z&end=2025-01-01T00:00:00Z", "'start' must be before 'end'"],
    ["?start=2024-01-01T00:00:00Z", "longer than 92 days"],
    ["?servce=shop", "servce"],
    ["?status=bad", "status"],
    ["?kind=thought", "kind"],
    ["?attr=tier", "expected key:eq:value"],
    ["?attr=tier:lt:true", "have no order"],
    ["?min_duration_ms=5&max_duration_ms=4", "greater than"],
    ["?min_duration_ms=-1", "min_duration_ms"],
    ["?limit=501", "limit"],
    ["?limit=0", "limit"],
    ["?cursor=abc", "'cursor' is none"],
    ["?text=", "text"],
    ["/histogram?buckets=501", "buckets"],
    ["/histogram?attr=x", "expected key:eq:value"],
    ["/facets?limit=3", "limit"],
    ["/services?service=x", "service"],
    [`/${ID}?limit=20001`, "limit"],
    [`/${ID}?offset=-1`, "offset"],
    ["/xyz", "not 32 hexadecimal digits"],
    [`/${ID}/spans/xyz`, "not 16 hexadecimal digits"],
  ])("%s is a problem with its remedy", async (path, detail) => {
    const reply = await get(path);
    expect(reply.statusCode).toBe(400);
    expect(reply.headers["content-type"]).toContain("application/problem+json");
    const problem = reply.json<{ detail: string; suggested_action: string }>();
    expect(problem.detail).toContain(detail);
    expect(problem.suggested_action).not.toBe("");
    expect(fixture.lake.questions).toEqual([]);
  });
});

describe("counts", () => {
  it("come in buckets of whole milliseconds over the range", async () => {
    const end = "2025-01-01T00:00:00.010Z";
    fixture.lake.buckets = [
      { startNano: NOW_NANO, ok: 1, error: 2, p50DurationNano: 3.5, p95DurationNano: 4 },
      {
        startNano: NOW_NANO + 4_000_000n,
        ok: 0,
        error: 0,
        p50DurationNano: null,
        p95DurationNano: null,
      },
    ];
    const reply = await get(`/histogram?start=2025-01-01T00:00:00Z&end=${end}&buckets=3`);
    expect(fixture.lake.questions).toMatchObject([{ bucketNano: 4_000_000n }]);
    expect(traceHistogram.parse(reply.json())).toMatchObject({
      bucket_ms: 4,
      buckets: [
        { start: "2025-01-01T00:00:00Z", ok: 1, error: 2, p50_duration_ns: 3.5 },
        { start: "2025-01-01T00:00:00.004Z", end: "2025-01-01T00:00:00.008Z", ok: 0 },
      ],
    });
  });

  it("come by facet", async () => {
    fixture.lake.facets = {
      ...fixture.lake.facets,
      total: 3,
      rootName: [{ value: "answer", count: 2 }],
    };
    const facets = traceFacets.parse((await get("/facets?service=shop")).json());
    expect(facets).toMatchObject({
      total: 3,
      facets: { root_name: [{ value: "answer", count: 2 }] },
    });
    expect(fixture.lake.questions).toMatchObject([
      { filter: { spans: { services: ["shop"] } }, limit: 20 },
    ]);
  });

  it("come by service", async () => {
    fixture.lake.services = [{ name: "shop", traceCount: 5, errorCount: 1 }];
    expect(traceServiceList.parse((await get("/services")).json()).services).toEqual([
      { name: "shop", trace_count: 5, error_count: 1 },
    ]);
  });
});

describe("GET /scouter/v2/traces/{trace_id}", () => {
  it("gives the rows as columns", async () => {
    fixture.lake.tree = traceTree({
      digest: traceDigest({ spanCount: 3, errorCount: 1 }),
      levels: 2,
      rows: {
        spanId: ["a", "b"],
        parentSpanId: [null, "gone"],
        depth: [0, 0],
        name: ["answer", "answer"],
        service: ["support", "tools"],
        kind: ["SERVER", "CLIENT"],
        genAiKind: [null, "tool"],
        startOffsetNano: [0, 5],
        durationNano: [10, 2],
        statusCode: [1, 2],
        errorsBelow: [0, 0],
        childCount: [0, 0],
        descendantCount: [0, 0],
        inputTokens: [null, 4],
        outputTokens: [null, 0],
        isOrphan: [false, true],
      },
    });
    const reply = await get(`/${ID.toUpperCase()}?limit=2`);
    const detail = traceDetail.parse(reply.json());
    expect(detail).toMatchObject({
      trace: { trace_id: ID, span_count: 3, depth: 2, status: "error" },
      offset: 0,
      next_offset: 2,
      spans: {
        span_id: ["a", "b"],
        parent_id: [null, "gone"],
        name: { values: ["answer"], rows: [0, 0] },
        service: { values: ["support", "tools"], rows: [0, 1] },
        genai_kind: { values: ["tool"], rows: [-1, 0] },
        input_tokens: [null, 4],
        orphans: [1],
      },
    });
    expect(fixture.lake.questions).toEqual([{ traceId: ID, offset: 0, limit: 2 }]);
  });

  it.each([
    [`/${ID}`, "SERVER_TRACE_NOT_FOUND"],
    [`/${ID}/spans/${SPAN_ID}`, "SERVER_SPAN_NOT_FOUND"],
  ])("answers 404 for what is not stored: %s", async (path, code) => {
    const reply = await get(path);
    expect(reply.statusCode).toBe(404);
    expect(reply.json()).toMatchObject({ status: 404, code });
  });
});

describe("GET /scouter/v2/traces/{trace_id}/spans/{span_id}", () => {
  it("gives all that is known of the span, attributes with their types", async () => {
    const attributes = new Map([
      ["text", '"a"'],
      ["whole", "5"],
      ["big", '{"intValue":"9007199254740993"}'],
      ["double", "5.0"],
      ["endless", '{"doubleValue":"-Infinity"}'],
      ["yes", "true"],
      ["bytes", '{"bytesValue":"AAE="}'],
      ["list", '[1,"b"]'],
      ["map", '{"a":1}'],
      ["none", "null"],
      ["gen_ai.operation.name", '"chat"'],
      ["gen_ai.usage.input_tokens", '"many"'],
      ["gen_ai.input.messages", '"[{\\"role\\":\\"user\\",\\"content\\":\\"hello\\"}]"'],
    ]);
    const events = [
      {
        timeUnixNano: 1_767_225_600_000_000_007n,
        name: "retry",
        attributes: new Map([["count", "2"]]),
        droppedAttributesCount: 1,
      },
    ];
    fixture.lake.spans.set(ID, [spanRow({ attributes, events, output: '{"a":1}' })]);
    const detail = spanDetail.parse((await get(`/${ID}/spans/${SPAN_ID.toUpperCase()}`)).json());
    expect(detail.attributes.slice(0, 10)).toEqual([
      { key: "text", type: "string", value: "a" },
      { key: "whole", type: "int", value: 5 },
      { key: "big", type: "int", value: "9007199254740993" },
      { key: "double", type: "double", value: 5 },
      { key: "endless", type: "double", value: "-Infinity" },
      { key: "yes", type: "bool", value: true },
      { key: "bytes", type: "bytes", value: "AAE=" },
      { key: "list", type: "array", value: [1, "b"] },
      { key: "map", type: "map", value: { a: 1 } },
      { key: "none", type: "empty", value: null },
    ]);
    expect(detail).toMatchObject({
      duration_ns: 250_999_999,
      start_unix_nano: "1767225600000000000",
      status_message: null,
      events: [{ name: "retry", offset_ns: 7, attributes: [{ key: "count", value: 2 }] }],
      output: { a: 1 },
      genai: {
        kind: "llm",
        dialect: "opentelemetry",
        tokens: { input: null },
        input_messages: [{ role: "user", text: "hello", tool_calls: [] }],
        notes: [{ field: "tokens.input", key: "gen_ai.usage.input_tokens" }],
      },
    });
  });

  it("has no GenAI part for a span of another kind", async () => {
    fixture.lake.spans.set(ID, [spanRow()]);
    expect((await get(`/${ID}/spans/${SPAN_ID}`)).json()).toMatchObject({ genai: null });
  });
});
