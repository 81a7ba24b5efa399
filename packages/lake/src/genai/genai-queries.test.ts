import {
  exportRequest,
  otlpAttributes,
  otlpSpan,
  type OtlpSpan,
  type PlainValue,
  spanIdBytes,
  traceIdBytes,
} from "@scouter/testkit/otlp/export-request";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DAY_START_NANO, HOUR_NANO } from "../traces/generated-traces.fixture.ts";
import { lakeFixture, type LakeFixture } from "../traces/lake.fixture.ts";
import type { GenAiGroupQuery } from "./genai-queries.ts";

const range = { fromNano: DAY_START_NANO, toNano: DAY_START_NANO + 24n * HOUR_NANO };
const MINUTE_NANO = HOUR_NANO / 60n;

let fixture: LakeFixture;
let made = 0;

interface Given {
  readonly trace?: number;
  readonly parent?: number;
  readonly minute?: number;
  readonly lengthMs?: number;
  readonly status?: number;
  readonly service?: string;
}

/** The span's number, by which others name it as their parent. */
async function send(
  attributes: Readonly<Record<string, PlainValue>>,
  { trace, parent, minute = 0, lengthMs = 100, service = "gen ai" }: Given = {},
): Promise<number> {
  made += 1;
  const start = DAY_START_NANO + BigInt(minute) * MINUTE_NANO;
  const span: OtlpSpan = otlpSpan({
    traceId: traceIdBytes(trace ?? made),
    spanId: spanIdBytes(made),
    ...(parent === undefined ? {} : { parentSpanId: spanIdBytes(parent) }),
    startTimeUnixNano: start,
    endTimeUnixNano: start + BigInt(lengthMs) * 1_000_000n,
    attributes: otlpAttributes(attributes),
  });
  await fixture.send(exportRequest([span], { resource: { "service.name": service } }));
  return made;
}

const tokens = (input: bigint, output: bigint) => ({
  "gen_ai.usage.input_tokens": input,
  "gen_ai.usage.output_tokens": output,
});
const chat = (model: string) => ({
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "anthropic",
  "gen_ai.response.model": model,
});

beforeAll(async () => {
  fixture = await lakeFixture();
  // Five calls of 100/200 in two hours; one of them is sent twice.
  for (let index = 0; index < 5; index += 1) {
    const model = index < 3 ? "large" : "small";
    await send(
      { ...chat(model), ...tokens(100n, 200n), "gen_ai.conversation.id": "c1" },
      { minute: index * 20, lengthMs: 100 * (index + 1) },
    );
  }
  made -= 1;
  await send(
    { ...chat("small"), ...tokens(100n, 200n), "gen_ai.conversation.id": "c1" },
    { minute: 80, lengthMs: 500 },
  );
  await fixture.lake.flush();

  // An agent that repeats what its calls say, and a call that repeats what the one below it says.
  const agent = await send(
    {
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.agent.name": "support",
      "gen_ai.agent.id": "a1",
      ...tokens(7n, 9n),
    },
    { trace: 900, service: "agents" },
  );
  const outer = await send(
    { ...chat("large"), ...tokens(7n, 9n) },
    { trace: 900, parent: agent, service: "agents" },
  );
  await send(
    { ...chat("large"), ...tokens(7n, 9n) },
    { trace: 900, parent: outer, service: "agents" },
  );
  // Tools, one with an error, and errors by type.
  for (const name of ["web_search", "web_search", "web_search", "code_exec"]) {
    await send(
      {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": name,
        "gen_ai.tool.type": "function",
        ...(name === "code_exec" ? { "error.type": "timeout" } : {}),
      },
      { service: "tools", minute: 5 },
    );
  }
  await send({ ...chat("large"), "error.type": "timeout" }, { service: "broken" });
  await send({ ...chat("large"), "error.type": "rate_limit" }, { service: "broken" });
  await send({ ...chat("large"), "error.type": "timeout" }, { service: "broken" });
  // Tokens alone are no sign of GenAI.
  await send(tokens(1_000_000n, 1_000_000n), { service: "plain" });
  await send({ "http.route": "/" }, { service: "plain" });
});
afterAll(() => fixture.close());

const groups = (query: Partial<GenAiGroupQuery>) =>
  fixture.lake.genAiGroups({ range, filter: {}, by: [], ...query });
const ofGenAi = { service: "gen ai" };

describe("genAiGroups", () => {
  it("counts spans and tokens, repeats once", async () => {
    expect(await groups({ filter: ofGenAi })).toMatchObject([
      {
        key: {},
        bucketStartNano: null,
        spanCount: 5,
        inputTokens: 500,
        outputTokens: 1_000,
        errorCount: 0,
        averageDurationMs: 300,
        p50DurationMs: 300,
        p95DurationMs: expect.closeTo(480, 9),
        p99DurationMs: 496,
        conversations: 1,
      },
    ]);
  });

  it("gives no group where there is nothing", async () => {
    expect(await groups({ filter: { service: "plain" } })).toEqual([]);
    expect(await groups({ filter: { service: "nowhere" }, by: ["model"] })).toEqual([]);
  });

  it.each([
    [{ unit: "hour", count: 1 }, [0, 60], [3, 2]],
    [{ unit: "minute", count: 40 }, [0, 40, 80], [2, 2, 1]],
    [{ unit: "day", count: 1 }, [0], [5]],
  ] as const)("divides time by %j", async (bucket, starts, counts) => {
    const found = await groups({ filter: ofGenAi, bucket });
    const sorted = found.toSorted((a, b) => Number(a.bucketStartNano) - Number(b.bucketStartNano));
    expect(sorted.map(({ spanCount }) => spanCount)).toEqual(counts);
    expect(sorted.map(({ bucketStartNano }) => bucketStartNano)).toEqual(
      starts.map((minute) => DAY_START_NANO + BigInt(minute) * MINUTE_NANO),
    );
  });

  it("groups by model and provider", async () => {
    const found = await groups({ filter: ofGenAi, by: ["model", "provider"] });
    expect(found.map(({ key, spanCount }) => [key, spanCount])).toEqual(
      expect.arrayContaining([
        [{ model: "large", provider: "anthropic" }, 3],
        [{ model: "small", provider: "anthropic" }, 2],
      ]),
    );
  });

  it("counts the tokens of a call once, whatever is around it", async () => {
    expect(await groups({ filter: { service: "agents" } })).toMatchObject([
      { spanCount: 3, inputTokens: 7, outputTokens: 9 },
    ]);
    expect(await groups({ filter: { service: "agents", only: "agents" } })).toMatchObject([
      { spanCount: 1, inputTokens: 0, agents: 1 },
    ]);
  });

  it("groups agents and tools", async () => {
    expect(
      await groups({ by: ["agentName", "agentId"], filter: { only: "agents" } }),
    ).toMatchObject([{ key: { agentName: "support", agentId: "a1" }, spanCount: 1 }]);
    const tools = await groups({ by: ["toolName", "toolType"], filter: { only: "tools" } });
    expect(tools.map(({ key, spanCount, errorCount }) => [key, spanCount, errorCount])).toEqual(
      expect.arrayContaining([
        [{ toolName: "web_search", toolType: "function" }, 3, 0],
        [{ toolName: "code_exec", toolType: "function" }, 1, 1],
      ]),
    );
  });

  it("counts errors by type", async () => {
    const found = await groups({
      by: ["errorType"],
      filter: { service: "broken", only: "errors" },
    });
    expect(found.map(({ key, spanCount }) => [key.errorType, spanCount])).toEqual(
      expect.arrayContaining([
        ["timeout", 2],
        ["rate_limit", 1],
      ]),
    );
  });

  it.each([
    ["operation", { operation: "execute_tool" }, 4],
    ["provider", { provider: "anthropic" }, 10],
    ["model", { model: "small" }, 2],
    ["conversation", { conversationId: "c1" }, 5],
    ["agent", { agentName: "support" }, 1],
    ["tool", { toolName: "code_exec" }, 1],
    ["error", { errorType: "timeout" }, 3],
    ["two together", { errorType: "timeout", toolName: "code_exec" }, 1],
  ])("filters by %s", async (_, filter, count) => {
    expect((await groups({ filter }))[0]?.spanCount).toBe(count);
  });
});

describe("genAiSpans", () => {
  it("gives whole spans in order, up to the limit", async () => {
    const ask = (order: "newest" | "oldest", limit: number) =>
      fixture.lake.genAiSpans({ range, filter: ofGenAi, order, limit });
    const newest = await ask("newest", 2);
    expect(newest.map(({ startTimeUnixNano }) => startTimeUnixNano)).toEqual([
      DAY_START_NANO + 80n * MINUTE_NANO,
      DAY_START_NANO + 60n * MINUTE_NANO,
    ]);
    expect(newest[0]?.attributes.get("gen_ai.response.model")).toBe('"small"');
    const oldest = await ask("oldest", 100);
    expect(oldest).toHaveLength(5);
    expect(oldest[0]?.startTimeUnixNano).toBe(DAY_START_NANO);
  });

  it("gives nothing outside the range", async () => {
    const later = { fromNano: range.toNano, toNano: range.toNano + 1n };
    const query = { range: later, filter: {}, order: "newest", limit: 10 } as const;
    expect(await fixture.lake.genAiSpans(query)).toEqual([]);
  });
});
