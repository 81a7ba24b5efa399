import { describe, expect, it } from "vitest";
import { genAiRecord } from "./genai-record.ts";

type Values = Readonly<Record<string, unknown>>;

function mapOf(values: Values): ReadonlyMap<string, string> {
  return new Map(Object.entries(values).map(([key, value]) => [key, JSON.stringify(value)]));
}

function recordOf(
  attributes: Values,
  events: readonly { name: string; attributes: Values }[] = [],
) {
  return genAiRecord({
    attributes: mapOf(attributes),
    events: events.map((event) => ({
      timeUnixNano: 0n,
      name: event.name,
      attributes: mapOf(event.attributes),
      droppedAttributesCount: 0,
    })),
    input: null,
    output: null,
  });
}

const chat = { "gen_ai.operation.name": "chat" };
const details = (attributes: Values) => ({
  name: "gen_ai.client.inference.operation.details",
  attributes,
});
const result = (attributes: Values) => ({ name: "gen_ai.evaluation.result", attributes });

describe("genAiRecord", () => {
  it("is null for a span that follows no convention", () => {
    expect(recordOf({ "http.route": "/" })).toBeNull();
  });

  it("takes what OpenTelemetry's attributes say", () => {
    expect(
      recordOf({
        ...chat,
        "gen_ai.provider.name": "anthropic",
        "gen_ai.usage.input_tokens": 100,
        "gen_ai.usage.output_tokens": 200,
        "gen_ai.usage.cache_read.input_tokens": 30,
        "gen_ai.usage.cache_creation.input_tokens": 10,
        "gen_ai.output.type": "json",
        "gen_ai.agent.description": "helps",
        "gen_ai.data_source.id": "kb",
        "gen_ai.tool.type": "function",
        "server.address": "api.example",
        "openai.api.type": "responses",
        "openai.response.service_tier": "flex",
        "error.type": "timeout",
      }),
    ).toMatchObject({
      operationName: "chat",
      providerName: "anthropic",
      inputTokens: 100,
      outputTokens: 200,
      cacheReadInputTokens: 30,
      cacheCreationInputTokens: 10,
      outputType: "json",
      agentDescription: "helps",
      dataSourceId: "kb",
      toolType: "function",
      serverAddress: "api.example",
      openaiApiType: "responses",
      openaiServiceTier: "flex",
      errorType: "timeout",
      requestModel: null,
      evalResults: [],
    });
  });

  it.each([
    [["stop"], ["stop"]],
    ['["stop","length"]', ["stop", "length"]],
    ["stop", ["stop"]],
    [["stop", 5, null], ["stop"]],
  ])("reads finish reasons %j", (given, expected) => {
    const record = recordOf({ ...chat, "gen_ai.response.finish_reasons": given });
    expect(record?.finishReasons).toEqual(expected);
  });

  it.each([
    [
      ["a", "b"],
      ["a", "b"],
    ],
    ['["a"]', ["a"]],
    ["plain", []],
  ])("reads stop sequences %j", (given, expected) => {
    const record = recordOf({ ...chat, "gen_ai.request.stop_sequences": given });
    expect(record?.requestStopSequences).toEqual(expected);
  });

  it.each([
    [42, 42],
    ["100", 100],
    [null, null],
    [100.0, 100],
    [0.0, 0],
    [7.9, 7],
    ["7.9", null],
    [true, null],
  ])("reads the whole number %j", (given, expected) => {
    expect(recordOf({ ...chat, "gen_ai.request.max_tokens": given })?.requestMaxTokens).toBe(
      expected,
    );
  });

  it.each([
    [0.5, 0.5],
    ["0.5", 0.5],
    ["warm", null],
    ["", null],
    [[1], null],
  ])("reads the number %j", (given, expected) => {
    expect(recordOf({ ...chat, "gen_ai.request.temperature": given })?.requestTemperature).toBe(
      expected,
    );
  });

  it("takes content from the span, and from the details event only what the span lacks", () => {
    const record = recordOf(
      { ...chat, "gen_ai.input.messages": '[{"role":"user","content":"span"}]' },
      [
        details({ "gen_ai.input.messages": "first", "gen_ai.output.messages": "first" }),
        details({
          "gen_ai.output.messages": [{ role: "assistant" }],
          "gen_ai.tool.definitions": "[]",
        }),
      ],
    );
    expect(record).toMatchObject({
      inputMessages: '[{"role":"user","content":"span"}]',
      outputMessages: '[{"role":"assistant"}]',
      toolDefinitions: "[]",
      systemInstructions: null,
    });
  });

  it("takes evaluation results from events that have a name", () => {
    const record = recordOf(chat, [
      result({
        "gen_ai.evaluation.name": "relevance",
        "gen_ai.evaluation.score.value": "0.75",
        "gen_ai.evaluation.score.label": "good",
        "gen_ai.evaluation.explanation": "to the point",
        "gen_ai.response.id": "r1",
      }),
      result({ "gen_ai.evaluation.score.value": 1 }),
      result({ "gen_ai.evaluation.name": "tone" }),
    ]);
    expect(record?.evalResults).toEqual([
      {
        name: "relevance",
        scoreLabel: "good",
        scoreValue: 0.75,
        explanation: "to the point",
        responseId: "r1",
      },
      { name: "tone", scoreLabel: null, scoreValue: null, explanation: null, responseId: null },
    ]);
  });
});
