import type { GenAiGroup } from "@scouter/lake";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { apiFixture, type ApiFixture } from "../../../../test/fake/api-fixture.ts";
import { spanRow } from "../../../../test/fake/samples.ts";

const body = { start_time: "1970-01-01T00:00:00Z", end_time: "1970-01-01T01:00:00Z" };
const range = { fromNano: 0n, toNano: 3_600_000_000_000n };

function group(over: Partial<GenAiGroup> = {}): GenAiGroup {
  return {
    key: {},
    bucketStartNano: null,
    spanCount: 4,
    errorCount: 1,
    inputTokens: 1_000,
    outputTokens: 200,
    cacheReadTokens: 300,
    cacheWriteTokens: 100,
    averageDurationMs: 2.5,
    p50DurationMs: 1,
    p95DurationMs: 2,
    p99DurationMs: 3,
    lastStartNano: 5_000_000_000n,
    agents: 1,
    conversations: 2,
    ...over,
  };
}

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await apiFixture();
});
afterEach(() => fixture.close());
const post = async (path: string, payload: object = body) =>
  fixture.app.inject({ method: "POST", url: `/scouter/genai${path}`, payload });

describe("POST /scouter/genai/metrics/...", () => {
  const filters = { service_name: "s", operation_name: "chat", provider_name: "p", model: "m" };
  const every = { service: "s", operation: "chat", provider: "p", model: "m" };
  it.each([
    [
      "/metrics/tokens",
      { by: [], bucket: { unit: "hour", count: 1 }, filter: every },
      group({ bucketStartNano: 0n }),
      {
        buckets: [
          {
            bucket_start: "1970-01-01T00:00:00Z",
            total_input_tokens: 1_000,
            total_output_tokens: 200,
            total_cache_creation_tokens: 100,
            total_cache_read_tokens: 300,
            span_count: 4,
            error_rate: 0.25,
          },
        ],
      },
    ],
    [
      "/metrics/operations",
      { by: ["operation", "provider"], filter: every },
      group({ key: { operation: null, provider: null } }),
      {
        operations: [
          {
            operation_name: "",
            provider_name: null,
            span_count: 4,
            avg_duration_ms: 2.5,
            total_input_tokens: 1_000,
            total_output_tokens: 200,
            error_rate: 0.25,
          },
        ],
      },
    ],
    [
      "/metrics/models",
      { by: ["model", "provider"], filter: every },
      group({ key: { model: null, provider: "p" } }),
      {
        models: [
          {
            model: "unknown",
            provider_name: "p",
            span_count: 4,
            total_input_tokens: 1_000,
            total_output_tokens: 200,
            p50_duration_ms: 1,
            p95_duration_ms: 2,
            error_rate: 0.25,
          },
        ],
      },
    ],
    [
      "/metrics/agents?agent_name=a",
      {
        by: ["agentName", "agentId", "conversationId"],
        filter: { service: "s", agentName: "a", only: "agents" },
      },
      group({ key: { agentName: "a", agentId: null, conversationId: "c" } }),
      {
        agents: [
          {
            agent_name: "a",
            agent_id: null,
            conversation_id: "c",
            span_count: 4,
            total_input_tokens: 1_000,
            total_output_tokens: 200,
            last_seen: "1970-01-01T00:00:05Z",
          },
        ],
      },
    ],
    [
      "/metrics/tools",
      { by: ["toolName", "toolType"], filter: { service: "s", only: "tools" } },
      group({ key: { toolName: "t", toolType: null } }),
      {
        tools: [
          {
            tool_name: "t",
            tool_type: null,
            call_count: 4,
            avg_duration_ms: 2.5,
            error_rate: 0.25,
          },
        ],
      },
    ],
    [
      "/metrics/errors",
      { by: ["errorType"], filter: { ...every, only: "errors" } },
      group({ key: { errorType: "timeout" } }),
      { errors: [{ error_type: "timeout", count: 4 }] },
    ],
  ])("%s", async (path, question, found, expected) => {
    fixture.lake.groups = [found];
    const reply = await post(path, { ...body, ...filters });
    expect(reply.json()).toEqual(expected);
    expect(fixture.lake.questions).toEqual([{ range, ...question }]);
    expect(fixture.lake.signals[0]).toBeInstanceOf(AbortSignal);
  });

  it.each([
    [{ start_time: "1970-01-01T00:00:00Z" }, "end_time"],
    [{ ...body, bucket_interval: "fortnight" }, "bucket_interval"],
    [{ ...body, start_time: "yesterday" }, "start_time"],
  ])("refuses %j", async (payload, field) => {
    const reply = await post("/metrics/tokens", payload);
    expect(reply.statusCode).toBe(422);
    expect(reply.body).toContain(field);
  });
});

describe("POST /scouter/genai/agent/metrics", () => {
  it("adds up costs by model; cached tokens are paid for once", async () => {
    const price = {
      input_per_million: 10,
      output_per_million: 100,
      cache_creation_per_million: 20,
      cache_read_per_million: 1,
    };
    fixture.lake.groups = [group({ bucketStartNano: 0n, key: { model: "m" } })];
    const reply = await post("/agent/metrics", { ...body, model_pricing: { m: price } });
    const cost = (600 * 10 + 200 * 100 + 100 * 20 + 300 * 1) / 1e6;
    const tokens = {
      total_input_tokens: 1_000,
      total_output_tokens: 200,
      total_cache_creation_tokens: 100,
      total_cache_read_tokens: 300,
    };
    const percentiles = { p50_duration_ms: 1, p95_duration_ms: 2, p99_duration_ms: 3 };
    expect(reply.json()).toEqual({
      summary: {
        total_requests: 4,
        avg_duration_ms: 2.5,
        ...percentiles,
        overall_error_rate: 0.25,
        ...tokens,
        unique_agent_count: 1,
        unique_conversation_count: 2,
        cost_by_model: [{ model: "m", ...tokens, total_cost: cost }],
      },
      buckets: [
        {
          bucket_start: "1970-01-01T00:00:00Z",
          span_count: 4,
          error_count: 1,
          error_rate: 0.25,
          avg_duration_ms: 2.5,
          ...percentiles,
          ...tokens,
          total_cost: cost,
        },
      ],
    });
  });

  it("knows no cost without a price, and takes no name of an object for one", async () => {
    fixture.lake.groups = [group({ bucketStartNano: 0n, key: { model: "constructor" } })];
    const reply = (await post("/agent/metrics")).json();
    expect(reply.buckets[0].total_cost).toBeNull();
    expect(reply.summary.cost_by_model[0].total_cost).toBeNull();
  });

  it("takes the server's list price for a model that the caller gives none for", async () => {
    const key = { model: "gpt-4o-mini-2024-07-18", provider: "openai" };
    fixture.lake.groups = [group({ bucketStartNano: 0n, key })];
    const reply = (await post("/agent/metrics")).json();
    const cost = (1_000 * 0.15 + 200 * 0.6) / 1e6;
    expect(reply.summary.cost_by_model[0].total_cost).toBeCloseTo(cost, 12);
    expect(reply.buckets[0].total_cost).toBeCloseTo(cost, 12);
  });

  it("is empty where there is nothing", async () => {
    const reply = (await post("/agent/metrics")).json();
    expect(reply.buckets).toEqual([]);
    expect(reply.summary).toMatchObject({ total_requests: 0, p50_duration_ms: null });
  });

  it.each(["input_per_million", "output_per_million"])(
    "refuses a price without %s",
    async (name) => {
      const price: Record<string, number> = {
        input_per_million: 1,
        output_per_million: 1,
        cache_creation_per_million: 1,
        cache_read_per_million: 1,
      };
      delete price[name];
      const reply = await post("/agent/metrics", { ...body, model_pricing: { m: price } });
      expect([reply.statusCode, reply.body.includes(name)]).toEqual([422, true]);
    },
  );
});

it("POST /scouter/genai/tool/metrics gives sums and a series in order", async () => {
  const at = (bucketStartNano: bigint, toolName: string) =>
    group({ bucketStartNano, key: { toolName, toolType: "function" } });
  fixture.lake.groups = [at(60_000_000_000n, "a"), at(0n, "b"), at(0n, "a")];
  const reply = (await post("/tool/metrics")).json();
  expect(
    reply.time_series.map((point: Record<string, unknown>) => [
      point["bucket_start"],
      point["tool_name"],
    ]),
  ).toEqual([
    ["1970-01-01T00:00:00Z", "a"],
    ["1970-01-01T00:00:00Z", "b"],
    ["1970-01-01T00:01:00Z", "a"],
  ]);
  expect(reply.aggregates).toHaveLength(3);
});

describe("GenAI spans", () => {
  beforeEach(() => {
    const attributes = new Map([
      ["gen_ai.operation.name", '"chat"'],
      ["gen_ai.usage.input_tokens", '"150"'],
      ["gen_ai.response.finish_reasons", '"stop"'],
      ["gen_ai.request.stop_sequences", '"[\\"a\\",\\"b\\"]"'],
    ]);
    fixture.lake.genAi = [
      { ...spanRow(), attributes },
      { ...spanRow(), attributes: new Map() },
    ];
  });
  const shown = {
    operation_name: "chat",
    input_tokens: 150,
    output_tokens: null,
    finish_reasons: ["stop"],
    request_stop_sequences: ["a", "b"],
    eval_results: [],
  };

  it("POST /scouter/genai/spans shows the newest", async () => {
    const reply = await post("/spans", { agent_name: "a", limit: 50_000 });
    expect(reply.json()).toMatchObject({ spans: [shown] });
    expect(fixture.lake.questions).toEqual([
      {
        range: { fromNano: 0n, toNano: 2n ** 63n - 1n },
        filter: { agentName: "a" },
        order: "newest",
        limit: 10_000,
      },
    ]);
    expect((await post("/spans", { limit: 0 })).json()).toEqual({ spans: [] });
  });

  it("GET /scouter/genai/conversation/:id shows it from its begin", async () => {
    const url = "/scouter/genai/conversation/c%2F1?start_time=1970-01-01T00:00:00Z";
    expect((await fixture.app.inject({ url })).json()).toMatchObject({ spans: [shown] });
    expect(fixture.lake.questions).toMatchObject([
      { filter: { conversationId: "c/1" }, order: "oldest", limit: 1_000 },
    ]);
  });

  it.each([
    [`/scouter/genai/conversation/${"x".repeat(257)}`],
    ["/scouter/genai/conversation/c?start_time=yesterday"],
  ])("refuses %s", async (url) => {
    expect((await fixture.app.inject({ url })).statusCode).toBe(400);
  });
});
