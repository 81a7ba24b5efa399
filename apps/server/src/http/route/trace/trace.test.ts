import type { TraceSummary } from "@scouter/lake";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { apiFixture, type ApiFixture } from "../../../../test/fake/api-fixture.ts";
import { spanRow } from "../../../../test/fake/samples.ts";

const ID = "4bf92f3577b34da6a3ce929d0e0e4736";
let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await apiFixture();
});
afterEach(() => fixture.close());

const list = (payload: object) =>
  fixture.app.inject({ method: "POST", url: "/scouter/trace/paginated", payload });

function summary(second: number): TraceSummary {
  return {
    traceId: ID.slice(0, 31) + String(second),
    serviceName: "support",
    scopeName: "demo",
    scopeVersion: null,
    rootOperation: "answer",
    startTimeUnixNano: BigInt(second) * 1_000_000_000n,
    endTimeUnixNano: BigInt(second) * 1_000_000_000n + 2_500_000n,
    statusCode: 2,
    statusMessage: null,
    spanCount: 3,
    errorCount: 1,
    resourceAttributes: new Map([["service.name", '"support"']]),
    entityIds: [],
    queueIds: [],
  };
}

describe("POST /scouter/trace/paginated", () => {
  it("shows traces", async () => {
    fixture.lake.traces = [summary(5)];
    expect((await list({})).json()).toEqual({
      items: [
        {
          trace_id: `${ID.slice(0, 31)}5`,
          service_name: "support",
          scope_name: "demo",
          scope_version: "",
          root_operation: "answer",
          start_time: "1970-01-01T00:00:05Z",
          end_time: "1970-01-01T00:00:05.002500Z",
          duration_ms: 2,
          status_code: 2,
          status_message: null,
          span_count: 3,
          error_count: 1,
          has_errors: true,
          resource_attributes: [{ key: "service.name", value: "support" }],
          entity_ids: [],
          queue_ids: [],
        },
      ],
      has_next: false,
      next_cursor: null,
      has_previous: false,
      previous_cursor: { start_time: "1970-01-01T00:00:05Z", trace_id: `${ID.slice(0, 31)}5` },
    });
    expect(fixture.lake.queries).toEqual([{ limit: 50, direction: "next" }]);
  });

  const cursor = {
    cursor_start_time: "1970-01-01T00:00:09.000000001Z",
    cursor_trace_id: ID.toUpperCase(),
  };
  const at = (second: number) => ({
    start_time: `1970-01-01T00:00:0${second}Z`,
    trace_id: ID.slice(0, 31) + String(second),
  });
  it.each([
    [
      "first page",
      {},
      true,
      { has_next: true, next_cursor: at(4), has_previous: false, previous_cursor: at(5) },
    ],
    [
      "later page",
      cursor,
      true,
      { has_next: true, next_cursor: at(4), has_previous: true, previous_cursor: at(5) },
    ],
    [
      "last page",
      cursor,
      false,
      { has_next: false, next_cursor: null, has_previous: true, previous_cursor: at(5) },
    ],
    [
      "back",
      { ...cursor, direction: "previous" },
      true,
      { has_next: true, next_cursor: at(5), has_previous: true, previous_cursor: at(4) },
    ],
    [
      "back to the first",
      { ...cursor, direction: "previous" },
      false,
      { has_next: true, next_cursor: at(5), has_previous: false, previous_cursor: null },
    ],
  ])("gives the cursors of the %s", async (_name, filters, hasMore, expected) => {
    fixture.lake.traces = [summary(5), summary(4)];
    fixture.lake.hasMore = hasMore;
    expect((await list(filters)).json()).toMatchObject(expected);
  });

  it("passes every filter on", async () => {
    await list({
      service_name: "s",
      has_errors: false,
      status_code: 0,
      start_time: "1970-01-01T00:00:01Z",
      end_time: "1970-01-01T01:00:02+01:00",
      limit: 7,
      trace_ids: [ID.toUpperCase(), "no id"],
      entity_uid: "ABC",
      queue_uid: "DEF",
      ...cursor,
    });
    expect(fixture.lake.queries).toEqual([
      {
        serviceName: "s",
        hasErrors: false,
        statusCode: 0,
        startTimeFrom: 1000,
        startTimeTo: 2000,
        limit: 7,
        traceIds: [ID],
        entityId: "abc",
        queueId: "def",
        direction: "next",
        cursor: { startTimeUnixNano: 9_000_000_001n, traceId: ID },
      },
    ]);
  });

  it("finds nothing when every given id is none", async () => {
    fixture.lake.traces = [summary(5)];
    expect((await list({ trace_ids: ["no id"] })).json()).toMatchObject({ items: [] });
    expect(fixture.lake.queries).toHaveLength(0);
  });
});

describe("GET /scouter/trace/debug/recent", () => {
  it("asks for ten of the last day", async () => {
    await fixture.app.inject("/scouter/trace/debug/recent");
    const now = Date.UTC(2025, 0, 1);
    expect(fixture.lake.queries).toEqual([
      { startTimeFrom: now - 86_400_000, limit: 10, direction: "next" },
    ]);
  });
});

describe("spans of a trace", () => {
  const child = spanRow({
    spanId: "00f067aa0ba902b8",
    parentSpanId: "00f067aa0ba902b7",
    name: "tool",
    serviceName: "tools",
    startTimeUnixNano: 1_767_225_600_000_000_500n,
  });

  it("come in tree order with every kind of value", async () => {
    const root = spanRow({
      statusMessage: "",
      attributes: new Map([
        ["text", '"a"'],
        ["big", '{"intValue":"9007199254740993"}'],
        ["bytes", '{"bytesValue":"AAE="}'],
        ["map", '{"a":[1,null]}'],
      ]),
      events: [
        {
          timeUnixNano: 1_767_225_600_000_000_001n,
          name: "e",
          attributes: new Map(),
          droppedAttributesCount: 1,
        },
      ],
      input: '{"payload":{"x":1}}',
    });
    fixture.lake.spans.set(ID, [child, root]);
    const reply = await fixture.app.inject(`/scouter/v1/traces/${ID.toUpperCase()}/spans`);
    const { spans } = reply.json<{ spans: Record<string, unknown>[] }>();
    expect(spans).toHaveLength(2);
    expect(spans[0]).toEqual({
      trace_id: ID,
      span_id: "00f067aa0ba902b7",
      parent_span_id: null,
      span_name: "answer",
      span_kind: "SERVER",
      start_time: "2026-01-01T00:00:00Z",
      end_time: "2026-01-01T00:00:00.250999999Z",
      duration_ms: 250,
      status_code: 1,
      status_message: null,
      attributes: [
        { key: "text", value: "a" },
        { key: "big", value: "9007199254740993" },
        { key: "bytes", value: "AAE=" },
        { key: "map", value: { a: [1, null] } },
      ],
      events: [
        {
          timestamp: "2026-01-01T00:00:00.000000001Z",
          name: "e",
          attributes: [],
          dropped_attributes_count: 1,
        },
      ],
      links: [],
      depth: 0,
      path: ["00f067aa0ba902b7"],
      root_span_id: "00f067aa0ba902b7",
      service_name: "support",
      span_order: 0,
      input: { payload: { x: 1 } },
      output: null,
    });
    expect(spans[1]).toMatchObject({
      depth: 1,
      span_order: 1,
      path: ["00f067aa0ba902b7", "00f067aa0ba902b8"],
    });
  });

  it.each([
    ["", 2],
    ["&service_name=tools", 1],
    ["&start_time=2026-01-01T00:00:00.000000001Z", 1],
    ["&end_time=2026-01-01T00:00:00.000000001Z", 1],
    ["&start_time=soon", 2],
  ])("are narrowed by %s", async (query, count) => {
    fixture.lake.spans.set(ID, [spanRow(), child]);
    const reply = await fixture.app.inject(`/scouter/trace/spans?trace_id=${ID}${query}`);
    expect(reply.json<{ spans: unknown[] }>().spans).toHaveLength(count);
  });

  it("are an empty list for an unknown trace", async () => {
    const reply = await fixture.app.inject(`/scouter/v1/traces/${ID}/spans`);
    expect(reply.statusCode).toBe(200);
    expect(reply.json()).toEqual({ spans: [] });
  });

  it("are those of the newest match of filters", async () => {
    fixture.lake.traces = [{ ...summary(5), traceId: ID }, summary(4)];
    fixture.lake.spans.set(ID, [spanRow()]);
    const reply = await fixture.app.inject({
      method: "POST",
      url: "/scouter/trace/spans/filters",
      payload: { service_name: "s", limit: 30, trace_ids: [ID] },
    });
    expect(reply.json<{ spans: unknown[] }>().spans).toHaveLength(1);
    expect(fixture.lake.queries).toEqual([{ serviceName: "s", limit: 1, direction: "next" }]);
  });
});
