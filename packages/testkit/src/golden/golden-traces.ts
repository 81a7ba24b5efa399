import type { Json } from "@scouter/contracts";
import type { EvaluatedSpan } from "@scouter/evaluate";

export const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
const START_MS = Date.UTC(2025, 0, 15, 12);

export interface SpanSketch {
  readonly name: string;
  readonly depth: number;
  readonly ms: number;
  readonly service?: string;
  readonly status?: "Ok" | "Error" | "Unset";
  readonly attributes?: Readonly<Record<string, Json>>;
}

/** Spans one after the other in time; each is the child of the last one that is one level higher. */
export function traceOf(sketches: readonly SpanSketch[]): readonly EvaluatedSpan[] {
  const open: string[] = [];
  let clockMs = START_MS;
  return sketches.map(({ name, depth, ms, service, status, attributes }, index) => {
    const spanId = (index + 1).toString(16).padStart(16, "0");
    open.length = depth;
    const parentSpanId = open.at(-1);
    open.push(spanId);
    const startTimeMs = clockMs;
    clockMs += ms;
    return {
      traceId: TRACE_ID,
      spanId,
      ...(parentSpanId === undefined ? {} : { parentSpanId }),
      name,
      serviceName: service ?? "agent",
      startTimeMs,
      endTimeMs: clockMs,
      status: status ?? "Ok",
      attributes: attributes ?? {},
    };
  });
}

const http = { "http.method": "POST", "http.status_code": 200, "http.url": "https://a.example" };

const geminiText = (part: object, usage: object) =>
  JSON.stringify({
    candidates: [{ content: { role: "model", parts: [part] }, finishReason: "STOP" }],
    usageMetadata: usage,
    modelVersion: "gemini-2.5-flash",
  });
const adkText = (part: object) =>
  JSON.stringify({
    content: { role: "model", parts: [part] },
    finish_reason: "STOP",
    model_version: "gemini-2.5-flash",
    partial: null,
  });
const transfer = { name: "transfer_to_agent", args: { agent_name: "recipes" } };

export const traces = {
  simple: traceOf([
    { name: "root", depth: 0, ms: 150, attributes: http },
    { name: "child_1", depth: 1, ms: 50 },
    { name: "child_2", depth: 1, ms: 30 },
  ]),
  nested: traceOf([
    { name: "init", depth: 0, ms: 300 },
    { name: "process", depth: 1, ms: 200 },
    { name: "db_query", depth: 2, ms: 100 },
    { name: "finalize", depth: 2, ms: 50 },
  ]),
  errors: traceOf([
    { name: "root", depth: 0, ms: 200 },
    { name: "failing_operation", depth: 1, ms: 100, status: "Error" },
    { name: "recovery", depth: 1, ms: 50 },
  ]),
  attributes: traceOf([
    { name: "root", depth: 0, ms: 150, attributes: http },
    {
      name: "api_call",
      depth: 1,
      ms: 100,
      attributes: {
        model: "gpt-4",
        "tokens.input": 150,
        "tokens.output": 300,
        cost: 0.045,
        response: { success: true, data: { id: 12_345 } },
      },
    },
  ]),
  services: traceOf([
    { name: "gateway", depth: 0, ms: 10, service: "service_a" },
    { name: "auth_check", depth: 1, ms: 10, service: "service_b" },
    { name: "data_fetch", depth: 1, ms: 10, service: "service_c" },
  ]),
  pattern: traceOf(
    ["start", "call_tool", "run_agent", "call_tool", "run_agent", "finish"].map((name, depth) => ({
      name,
      depth,
      ms: [50, 100, 150, 80, 120, 30][depth] ?? 0,
    })),
  ),
  gemini: traceOf([
    {
      name: "router.generate",
      depth: 0,
      ms: 10,
      attributes: {
        "gen_ai.response": geminiText(
          { functionCall: transfer },
          { promptTokenCount: 10, candidatesTokenCount: 5 },
        ),
      },
    },
    {
      name: "recipe.generate",
      depth: 1,
      ms: 10,
      attributes: {
        "gen_ai.response": geminiText(
          { text: "Boil it." },
          { promptTokenCount: 20, candidatesTokenCount: 9 },
        ),
      },
    },
  ]),
  adk: traceOf([
    {
      name: "router.generate",
      depth: 0,
      ms: 10,
      attributes: { "gen_ai.response": adkText({ function_call: transfer }) },
    },
    {
      name: "recipe.generate",
      depth: 1,
      ms: 10,
      attributes: { "gen_ai.response": adkText({ text: "Boil it." }) },
    },
  ]),
} as const;
