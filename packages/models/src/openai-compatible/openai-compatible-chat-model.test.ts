import { chatModelContract } from "@scouter/testkit/contract/chat-model";
import type { ModelReply } from "@scouter/testkit/model-server/model-reply";
import {
  startOpenAiModelServer,
  type OpenAiModelServer,
} from "@scouter/testkit/model-server/openai-model-server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openAiCompatibleChatModel } from "./openai-compatible-chat-model.ts";

const API_KEY = "sk-very-secret-key";

chatModelContract("openai compatible", async () => {
  let reply: ModelReply = { kind: "silence" };
  const server = await startOpenAiModelServer({ respond: () => reply });
  return {
    model: openAiCompatibleChatModel({ baseUrl: server.url, apiKey: API_KEY, model: "model-a" }),
    script: (next) => {
      reply = next;
    },
    attempts: () => server.requests.length,
    untilAttempts: (count) => server.untilRequests(count),
    secrets: [API_KEY],
    close: () => server.close(),
  };
});

describe("openAiCompatibleChatModel", () => {
  let server: OpenAiModelServer;
  let reply: ModelReply;
  beforeEach(async () => {
    reply = { kind: "answer", text: '{"ok":true}' };
    server = await startOpenAiModelServer({ respond: () => reply });
  });
  afterEach(() => server.close());

  const messages = [
    { role: "system", content: "Be brief." },
    { role: "user", content: "hello" },
  ] as const;

  it("sends messages in order, the parameters, the schema and the key", async () => {
    const schema = { type: "object", properties: { ok: { type: "boolean" } } };
    const model = openAiCompatibleChatModel({
      baseUrl: server.url,
      apiKey: API_KEY,
      model: "model-a",
      provider: "local",
      headers: { "x-team": "evals" },
    });
    const request = { messages, temperature: 0, maxOutputTokens: 50 };
    await model.complete({ ...request, schema: { name: "verdict", schema } });
    expect(model).toMatchObject({ provider: "local", model: "model-a" });
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: `Bearer ${API_KEY}`,
      "x-team": "evals",
    });
    expect(server.requests[0]?.body).toMatchObject({
      model: "model-a",
      messages,
      temperature: 0,
      max_tokens: 50,
      response_format: { type: "json_schema", json_schema: { name: "verdict", schema } },
    });
  });

  it("sends no authorization without a key", async () => {
    const model = openAiCompatibleChatModel({ baseUrl: server.url, model: "model-a" });
    await model.complete({ messages });
    expect(server.requests[0]?.headers["authorization"]).toBeUndefined();
    expect(server.requests[0]?.body.response_format).toBeUndefined();
  });

  it("gives up after its own time-out", async () => {
    reply = { kind: "silence" };
    const model = openAiCompatibleChatModel({
      baseUrl: server.url,
      model: "model-a",
      timeoutMs: 50,
    });
    await expect(model.complete({ messages })).rejects.toMatchObject({
      code: "MODELS_TIMEOUT",
      kind: "timeout",
    });
  });

  it("names the vendor's error type and the connection's error code", async () => {
    const model = openAiCompatibleChatModel({ baseUrl: server.url, model: "model-a" });
    reply = { kind: "failure", status: 404, errorType: "model_not_found" };
    await expect(model.complete({ messages })).rejects.toMatchObject({
      code: "MODELS_REQUEST_REFUSED",
      message: "openai-compatible model 'model-a': status 404 (model_not_found)",
    });
    await server.close();
    await expect(model.complete({ messages })).rejects.toMatchObject({
      code: "MODELS_UNAVAILABLE",
      message: "openai-compatible model 'model-a': the connection failed (ECONNREFUSED)",
    });
  });

  it("calls a base URL that is none the caller's mistake", async () => {
    const model = openAiCompatibleChatModel({ baseUrl: "not a url", model: "model-a" });
    await expect(model.complete({ messages })).rejects.toMatchObject({
      code: "MODELS_REQUEST_REFUSED",
      kind: "invalid",
    });
  });
});
