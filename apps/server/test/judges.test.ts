import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  systemClock,
  taskBuckets,
  type EvalTaskResult,
  type Json,
  type JudgeCostReport,
} from "@scouter/contracts";
import { compileTasks, evaluateRecord, judgeModels, type EvaluatedSpan } from "@scouter/evaluate";
import { openAiCompatibleChatModel, priceTable } from "@scouter/models";
import type { ModelReply } from "@scouter/testkit/model-server/model-reply";
import {
  startOpenAiModelServer,
  type ModelServerRequest,
  type OpenAiModelServer,
} from "@scouter/testkit/model-server/openai-model-server";
import { guestFetch } from "@scouter/testkit/server-process/guest-fetch";
import {
  startServerProcess,
  type ServerProcess,
} from "@scouter/testkit/server-process/server-process";
import { InMemorySpanSource } from "@scouter/testkit/span-source/in-memory-span-source";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { registerProfile, type ProfileTasks } from "./agent-profile.ts";
import { resultsOf, sendRecords, sentRecord } from "./evaluated-records.ts";

const entry = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const goldenFolder = new URL(
  "../../../packages/evaluate/src/agent-response/golden/",
  import.meta.url,
);

/** On a busy machine a server takes its time to start. */
const READY_MS = 120_000;

let home: string;
let server: ServerProcess;
let vendor: OpenAiModelServer;
let seen: ModelServerRequest[];

/** Answers by what it is asked about. */
function respond(request: ModelServerRequest): ModelReply {
  seen.push(request);
  const question = JSON.stringify(request.body.messages);
  if (question.includes("garbage")) return { kind: "answer", text: "Five stars!" };
  if (question.includes("page")) return { kind: "garbage", body: "<html>busy</html>" };
  if (question.includes("cut")) return { kind: "answer", text: '{"sc', finishReason: "length" };
  if (question.includes("storm")) return { kind: "failure", status: 429, retryAfter: "0" };
  if (question.includes("silence")) return { kind: "silence" };
  if (question.includes("priced")) return priced(question.length);
  const score = question.length % 2 === 0 ? 5 : 2;
  const text = JSON.stringify({ score, reason: "so it is" });
  return { kind: "answer", text, inputTokens: 30, outputTokens: 12 };
}

/** What the vendor would put on its bill. */
const bill = { calls: 0, inputTokens: 0, outputTokens: 0 };

function priced(inputTokens: number): ModelReply {
  const outputTokens = 10 + bill.calls;
  bill.calls += 1;
  bill.inputTokens += inputTokens;
  bill.outputTokens += outputTokens;
  const text = JSON.stringify({ score: 5, reason: "so it is" });
  return { kind: "answer", text, inputTokens, outputTokens };
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "scouter-judges-"));
  vendor = await startOpenAiModelServer({ respond });
  server = await startServerProcess({
    entry,
    home,
    readyTimeoutMs: READY_MS,
    env: {
      OPENAI_API_URL: vendor.url,
      OPENAI_API_KEY: "sk-of-the-test",
      SCOUTER_JUDGE_TIMEOUT_SECS: "2",
      GENAI_TRACE_RESCHEDULE_DELAY_SECS: "1",
      GENAI_TRACE_WAIT_TIMEOUT_SECS: "1",
      GENAI_MAX_RETRIES: "1",
    },
  });
}, READY_MS);
afterAll(async () => {
  await server.stop("SIGKILL");
  await vendor.close();
  await rm(home, { recursive: true, force: true });
});
beforeEach(() => {
  seen = [];
});

const prompt = {
  model: "gpt-4o-mini",
  provider: "OpenAI",
  response_type: "Score",
  request: { messages: [{ role: "user", content: "Judge ${answer}" }] },
};
const judge = (more: object = {}) => ({
  id: "quality",
  prompt,
  context_path: "score",
  operator: "GreaterThanOrEqual",
  expected_value: 4,
  ...more,
});
const gate = {
  id: "asked",
  context_path: "ask",
  operator: "Equals",
  expected_value: true,
  condition: true,
};

function spansOf(traceId: string): readonly EvaluatedSpan[] {
  const startTimeMs = Date.UTC(2026, 0, 5);
  const span = (spanId: string, name: string, more: Partial<EvaluatedSpan> = {}) => ({
    traceId,
    spanId,
    name,
    serviceName: "agent",
    startTimeMs,
    endTimeMs: startTimeMs + 120,
    status: "Ok" as const,
    attributes: {},
    ...more,
  });
  return [
    span("00000000000000a1", "answer", { attributes: { "gen_ai.request.model": "m", tokens: 7 } }),
    span("00000000000000a2", "call_tool", {
      parentSpanId: "00000000000000a1",
      status: "Error",
      endTimeMs: startTimeMs + 40,
    }),
  ];
}

async function exportSpans(spans: readonly EvaluatedSpan[]): Promise<void> {
  const otlpValue = (value: Json) =>
    typeof value === "number"
      ? { intValue: String(value) }
      : { stringValue: typeof value === "string" ? value : JSON.stringify(value) };
  const otlp = spans.map((span) => ({
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId ?? "",
    name: span.name,
    kind: 1,
    startTimeUnixNano: String(BigInt(span.startTimeMs) * 1_000_000n),
    endTimeUnixNano: String(BigInt(span.endTimeMs) * 1_000_000n),
    attributes: Object.entries(span.attributes).map(([key, value]) => ({
      key,
      value: otlpValue(value),
    })),
    status: { code: span.status === "Error" ? 2 : 1 },
  }));
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "agent" } }] };
  const response = await fetch(`${server.urls.otlpHttp}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: otlp }] }] }),
  });
  expect(response.status).toBe(200);
}

/** Results without what two runs cannot have in common. */
function comparable(rows: readonly EvalTaskResult[]) {
  return rows
    .map(({ created_at, start_time, end_time, record_uid, entity_id, entity_uid, ...rest }) => {
      expect([created_at, start_time, end_time, record_uid, entity_uid]).not.toContain("");
      expect(entity_id).toBeGreaterThanOrEqual(0);
      return rest;
    })
    .toSorted((a, b) => (a.task_id < b.task_id ? -1 : 1));
}

/** Why the profile's only record was given up, as soon as it was. */
async function failureOf(profile: string): Promise<string> {
  for (;;) {
    const response = await guestFetch(`${server.urls.http}/scouter/agent/page/record`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ service_info: { space: "support", uid: profile } }),
    });
    const { items } = (await response.json()) as {
      readonly items: readonly { readonly status: string; readonly last_error: string }[];
    };
    if (items[0]?.status === "Failed") return items[0].last_error;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const register = (name: string, tasks: ProfileTasks) =>
  registerProfile(server.urls.http, name, tasks);

describe("judges online", () => {
  it("are asked once a record, and not at all behind a gate that did not pass", async () => {
    const profile = await register("gated", {
      assertion: [gate],
      judge: [judge({ depends_on: ["asked"] })],
    });
    const records = Array.from({ length: 6 }, (_, n) =>
      sentRecord({ answer: `unique answer ${n}`, ask: n < 2 }),
    );
    await sendRecords(server.urls.http, profile, records);
    const results = await Promise.all(records.map(({ uid }) => resultsOf(server.urls.http, uid)));
    const outcomes = results.map((rows) => rows.find((row) => row.task_id === "quality")?.outcome);
    expect(outcomes.filter((outcome) => outcome === "skipped")).toHaveLength(4);
    expect(seen).toHaveLength(2);
    expect(seen[0]?.headers["authorization"]).toBe("Bearer sk-of-the-test");
    const judged = results.flatMap((rows) => rows.flatMap((row) => row.judge ?? []));
    const asked = judged.filter((usage) => usage.calls > 0);
    expect(judged.map((usage) => usage.saved_calls ?? 0).reduce((a, b) => a + b)).toBe(4);
    expect(asked).toEqual(
      Array.from({ length: 2 }, () => ({
        provider: "openai",
        model: "gpt-4o-mini",
        calls: 1,
        cached_calls: 0,
        input_tokens: 30,
        output_tokens: 12,
        cost_usd: expect.closeTo((30 * 0.15 + 12 * 0.6) / 1e6, 12) as number,
      })),
    );
    const metrics = await (await fetch(`${server.urls.metrics}/metrics`)).text();
    expect(metrics).toContain('scouter_judge_calls_total{outcome="saved"} 4');
    expect(metrics).toContain('scouter_judge_calls_total{outcome="asked"} 2');
  });

  it("end every record with a clear outcome, whatever the vendor does, and hold up nobody", async () => {
    const profile = await register("poisoned", {
      assertion: [
        { id: "fine", context_path: "answer", operator: "IsString", expected_value: true },
      ],
      judge: [judge({ max_retries: 1 })],
    });
    const codes = {
      garbage: "EVALUATE_JUDGE_ANSWER_INVALID",
      page: "MODELS_ANSWER_UNREADABLE",
      cut: "EVALUATE_JUDGE_ANSWER_INVALID",
      storm: "MODELS_RATE_LIMITED",
      silence: "EVALUATE_JUDGE_TIMEOUT",
    };
    const records = Object.keys(codes).map((answer) => sentRecord({ answer }));
    const good = sentRecord({ answer: "a good one" });
    await sendRecords(server.urls.http, profile, [...records, good]);
    const quality = async (uid: string) => {
      const rows = await resultsOf(server.urls.http, uid);
      expect(rows.find((row) => row.task_id === "fine")?.outcome).toBe("passed");
      return rows.find((row) => row.task_id === "quality");
    };
    expect((await quality(good.uid))?.error_code).toBeNull();
    const found = await Promise.all(records.map(({ uid }) => quality(uid)));
    expect(found.map((row) => row?.error_code)).toEqual(Object.values(codes));
    expect(found.map((row) => row?.judge?.calls)).toEqual([2, 2, 2, 2, 2]);
    expect(server.output()).not.toContain("sk-of-the-test");
  });

  it("let a record fail with its reason when its trace never comes", async () => {
    const profile = await register("traced", {
      trace: [
        { id: "t", assertion: { TraceSpanCount: {} }, operator: "GreaterThan", expected_value: 0 },
      ],
    });
    const record = sentRecord({}, "f".repeat(32));
    await sendRecords(server.urls.http, profile, [record]);
    expect(await failureOf(profile)).toContain("no span of trace ffff");
  });

  it("come to the same results as an evaluation without a server, over every kind of task", async () => {
    const tasks = {
      assertion: [
        gate,
        { id: "named", context_path: "answer", operator: "IsString", expected_value: true },
      ],
      judge: [judge({ depends_on: ["asked"], votes: 3, max_retries: 0 })],
      trace: [
        { id: "spans", assertion: { TraceSpanCount: {} }, operator: "Equals", expected_value: 2 },
        { id: "ms", assertion: { TraceDuration: {} }, operator: "LessThan", expected_value: 100 },
        {
          id: "tokens",
          assertion: { TraceAttribute: { attribute_key: "tokens" } },
          operator: "Equals",
          expected_value: 7,
        },
        {
          id: "failing",
          assertion: {
            SpanAttribute: {
              filter: { WithStatus: { status: "Error" } },
              attribute_key: "gen_ai.request.model",
            },
          },
          operator: "Equals",
          expected_value: "m",
        },
      ],
      agent: [
        ["calls", { ToolCallCount: {} }],
        ["text", { ResponseContent: {} }],
        ["result", { ToolResult: { name: "f" } }],
        ["total", { ResponseTotalTokens: {} }],
        ["field", { ResponseField: { path: "model" } }],
      ].map(([id, assertion]) => ({
        id,
        assertion,
        context_path: "response",
        operator: "IsNotEmpty",
        expected_value: true,
        depends_on: id === "text" ? ["quality"] : [],
      })),
    };
    const traceId = "c0ffee16cd43dd8448eb211c80319c00";
    const spans = spansOf(traceId);
    await exportSpans(spans);
    const files = await readdir(goldenFolder);
    const records = await Promise.all(
      files.map(async (file, index) => {
        const golden = JSON.parse(await readFile(new URL(file, goldenFolder), "utf8")) as {
          readonly response: Json;
        };
        const context: Json = { answer: file, ask: index % 3 > 0, response: golden.response };
        return sentRecord(context, traceId);
      }),
    );
    records.push(sentRecord({ answer: "garbage", ask: true, response: {} }, traceId));
    const profile = await register("parity", tasks);
    await sendRecords(server.urls.http, profile, records);

    const model = (name: string) =>
      openAiCompatibleChatModel({ baseUrl: vendor.url, model: name, provider: "openai" });
    const compiled = compileTasks(taskBuckets.parse(tasks));
    for (const { uid, context } of records) {
      const offline = await evaluateRecord({
        tasks: compiled,
        context,
        recordUid: uid,
        entityUid: profile,
        traceId,
        ports: {
          clock: systemClock,
          spanSource: new InMemorySpanSource(spans),
          judging: {
            models: judgeModels(systemClock, new Map([["openai", { create: model }]])),
            priceOf: priceTable(),
          },
        },
      });
      expect(comparable(await resultsOf(server.urls.http, uid))).toEqual(comparable(offline.tasks));
    }
  });

  it("cost what the vendor counted, by the report of the profile", async () => {
    const voting = judge({ id: "votes", votes: 3, depends_on: ["asked"] });
    const profile = await register("priced", {
      assertion: [gate],
      judge: [judge({ depends_on: ["asked"] }), voting],
    });
    const records = Array.from({ length: 9 }, (_, n) =>
      // Some ask what was asked before: their answers come from the cache and cost nothing.
      sentRecord({ answer: `priced answer ${"long ".repeat(n % 4)}`, ask: n % 3 !== 2 }),
    );
    await sendRecords(server.urls.http, profile, records);
    await Promise.all(records.map(({ uid }) => resultsOf(server.urls.http, uid)));
    const end = new Date(Date.now() + 60_000).toISOString();
    const asked = `uid=${profile}&start=${new Date(Date.now() - 3_600_000).toISOString()}&end=${end}`;
    const reply = await guestFetch(`${server.urls.http}/scouter/v2/evaluations/judges?${asked}`);
    const report = (await reply.json()) as JudgeCostReport;
    const sum = (of: (item: JudgeCostReport["items"][number]) => number) =>
      report.items.reduce((total, item) => total + of(item), 0);
    expect(bill.calls).toBeGreaterThan(0);
    expect({
      calls: sum(({ calls }) => calls),
      inputTokens: sum((item) => item.input_tokens),
      outputTokens: sum((item) => item.output_tokens),
    }).toEqual(bill);
    expect(report.total).toMatchObject({
      calls: bill.calls,
      input_tokens: bill.inputTokens,
      output_tokens: bill.outputTokens,
    });
    const usd = priceTable([])("openai", "gpt-4o-mini");
    const cost =
      (bill.inputTokens * (usd?.inputUsdPerMillion ?? Number.NaN) +
        bill.outputTokens * (usd?.outputUsdPerMillion ?? Number.NaN)) /
      1e6;
    expect(report.total.cost_usd).toBeCloseTo(cost, 12);
    // A third of the records did not pass the gate: one call of the one judge, two of the other.
    expect(report.total.saved_calls).toBe(3 * (1 + 2));
  });
});
