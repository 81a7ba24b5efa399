import type { ChatModel } from "@scouter/evaluate";
import { chatModelContract } from "@scouter/testkit/contract/chat-model";
import { startAnthropicModelServer } from "@scouter/testkit/model-server/anthropic-model-server";
import { startGoogleModelServer } from "@scouter/testkit/model-server/google-model-server";
import type { ModelReply } from "@scouter/testkit/model-server/model-reply";
import type { ModelServer, ModelServerOptions } from "@scouter/testkit/model-server/model-server";
import { startOpenAiModelServer } from "@scouter/testkit/model-server/openai-model-server";
import { afterEach, describe, expect, it } from "vitest";
import { anthropicChatModel } from "./anthropic/anthropic-chat-model.ts";
import { googleChatModel } from "./google/google-chat-model.ts";
import { openAiChatModel } from "./openai/openai-chat-model.ts";

const apiKey = "sk-very-secret-key";

interface Vendor {
  readonly name: string;
  readonly start: (options: ModelServerOptions) => Promise<ModelServer>;
  readonly make: (baseUrl: string) => ChatModel;
  readonly alwaysCounts?: boolean;
  /** Where the schema and the limits stand in the vendor's request, and how the key is sent. */
  readonly body: object;
  /** The further settings, as far as the vendor has them. */
  readonly drawn: object;
  readonly headers: object;
}

const schema = {
  type: "object",
  properties: { ok: { type: "boolean" } },
  required: ["ok"],
  additionalProperties: false,
};

const startOpenAi = startOpenAiModelServer as unknown as Vendor["start"];

const vendors: readonly Vendor[] = [
  {
    name: "openai responses",
    alwaysCounts: true,
    start: startOpenAi,
    make: (baseUrl) => openAiChatModel({ baseUrl, apiKey, model: "gpt-4o-mini" }),
    body: {
      model: "gpt-4o-mini",
      temperature: 0,
      max_output_tokens: 50,
      text: { format: { type: "json_schema", name: "verdict", schema } },
    },
    drawn: { top_p: 0.5 },
    headers: { authorization: `Bearer ${apiKey}` },
  },
  {
    name: "openai chat",
    start: startOpenAi,
    make: (baseUrl) => openAiChatModel({ baseUrl, apiKey, model: "gpt-4o-mini", api: "chat" }),
    body: {
      model: "gpt-4o-mini",
      temperature: 0,
      response_format: { type: "json_schema", json_schema: { name: "verdict", schema } },
    },
    drawn: { top_p: 0.5, stop: ["END"], seed: 7, presence_penalty: 0.1, frequency_penalty: 0.2 },
    headers: { authorization: `Bearer ${apiKey}` },
  },
  {
    name: "anthropic",
    alwaysCounts: true,
    start: startAnthropicModelServer,
    make: (baseUrl) => anthropicChatModel({ baseUrl, apiKey, model: "claude-haiku-4-5" }),
    body: {
      model: "claude-haiku-4-5",
      temperature: 0,
      max_tokens: 50,
      system: [{ type: "text", text: "Be brief." }],
      output_config: { format: { type: "json_schema", schema } },
    },
    drawn: { top_p: 0.5, top_k: 3, stop_sequences: ["END"] },
    headers: { "x-api-key": apiKey },
  },
  {
    name: "google",
    start: startGoogleModelServer,
    make: (baseUrl) => googleChatModel({ baseUrl, apiKey, model: "gemini-2.5-flash" }),
    body: {
      generationConfig: {
        temperature: 0,
        maxOutputTokens: 50,
        responseMimeType: "application/json",
      },
      systemInstruction: { parts: [{ text: "Be brief." }] },
    },
    drawn: {
      // This model has no penalties.
      generationConfig: { topP: 0.5, topK: 3, seed: 7, stopSequences: ["END"] },
    },
    headers: { "x-goog-api-key": apiKey },
  },
];

for (const { name, start, make, alwaysCounts = false } of vendors) {
  chatModelContract(name, async () => {
    let reply: ModelReply = { kind: "silence" };
    const server = await start({ respond: () => reply });
    return {
      model: make(server.url),
      script: (next) => {
        reply = next;
      },
      attempts: () => server.requests.length,
      untilAttempts: (count) => server.untilRequests(count),
      secrets: [apiKey],
      alwaysCounts,
      close: () => server.close(),
    };
  });
}

describe("what vendors are sent", () => {
  let server: ModelServer;
  afterEach(() => server.close());

  it.each(vendors)("$name", async ({ start, make, body, headers }) => {
    server = await start({ respond: () => ({ kind: "answer", text: '{"ok":true}' }) });
    await make(server.url).complete({
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "hello" },
      ],
      schema: { name: "verdict", schema },
      temperature: 0,
      maxOutputTokens: 50,
    });
    expect(server.requests[0]?.body).toMatchObject(body);
    expect(server.requests[0]?.headers).toMatchObject(headers);
    expect(JSON.stringify(server.requests[0]?.body)).toContain("hello");
  });

  it.each(vendors)("$name: how words are drawn", async ({ start, make, drawn }) => {
    server = await start({ respond: () => ({ kind: "answer", text: "yes" }) });
    await make(server.url).complete({
      messages: [{ role: "user", content: "hello" }],
      topP: 0.5,
      topK: 3,
      seed: 7,
      stopSequences: ["END"],
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
    });
    expect(server.requests[0]?.body).toMatchObject(drawn);
  });
});
