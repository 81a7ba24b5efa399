import { afterEach, describe, expect, it } from "vitest";
import type { ModelReply } from "./model-reply.ts";
import { startOpenAiModelServer, type OpenAiModelServer } from "./openai-model-server.ts";

describe("startOpenAiModelServer", () => {
  let server: OpenAiModelServer;
  afterEach(() => server.close());

  const start = async (reply: ModelReply) => {
    server = await startOpenAiModelServer({ respond: () => reply });
  };
  const post = (body: string, path = "/chat/completions") =>
    fetch(`${server.url}${path}`, { method: "POST", body });
  const question = JSON.stringify({ model: "m-1", messages: [{ role: "user", content: "hi" }] });

  it("answers in the protocol's shape and keeps the request", async () => {
    await start({ kind: "answer", text: "hello", inputTokens: 4, outputTokens: 1 });
    const response = await post(question);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      object: "chat.completion",
      model: "m-1",
      choices: [{ message: { role: "assistant", content: "hello" }, finish_reason: "stop" }],
      usage: { prompt_tokens: 4, completion_tokens: 1, total_tokens: 5 },
    });
    await server.untilRequests(1);
    expect(server.requests[0]?.body.messages).toEqual([{ role: "user", content: "hi" }]);
  });

  it("answers with tool calls", async () => {
    const toolCalls = [{ id: "call_1", name: "find", arguments: '{"q":"x"}' }];
    await start({ kind: "answer", text: "", toolCalls });
    expect(await (await post(question)).json()).toMatchObject({
      choices: [
        {
          message: {
            content: null,
            tool_calls: [
              {
                id: "call_1",
                type: "function",
                function: { name: "find", arguments: '{"q":"x"}' },
              },
            ],
          },
          finish_reason: "tool_calls",
        },
      ],
    });
  });

  it("fails as scripted", async () => {
    await start({ kind: "failure", status: 429, retryAfter: "3", errorType: "rate_limit" });
    const response = await post(question);
    expect(response.status).toBe(429);
    expect(response.headers.get("retry-after")).toBe("3");
    expect(await response.json()).toMatchObject({ error: { type: "rate_limit" } });
  });

  it.each([
    ["another route", "/models", question, 404],
    ["a body that is not JSON", "/chat/completions", "{", 400],
    ["streaming", "/chat/completions", '{"model":"m","messages":[],"stream":true}', 400],
  ])("refuses %s", async (_what, path, body, status) => {
    await start({ kind: "answer", text: "hello" });
    expect((await post(body, path)).status).toBe(status);
    expect(server.requests).toHaveLength(0);
  });

  it("closes while a request is kept waiting", async () => {
    await start({ kind: "silence" });
    const close = async () => {
      await server.untilRequests(1);
      await server.close();
    };
    await Promise.all([expect(post(question)).rejects.toThrow("fetch failed"), close()]);
  });
});
