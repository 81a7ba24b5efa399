import { readdirSync, readFileSync } from "node:fs";
import type { Json, ResponseProvider } from "@scouter/contracts";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AgentResponse } from "./agent-response.ts";
import { readAgentResponse } from "./read-agent-response.ts";

/** Names of the calls; of a refusal its code, if that is the one that may be. */
function namesOrCode(response: Json, provider: ResponseProvider | null): readonly unknown[] {
  try {
    return readAgentResponse(response, provider).response.toolCalls.map(({ name }) => name);
  } catch (error) {
    const { code } = error as { readonly code?: string };
    return [code === "EVALUATE_RESPONSE_UNKNOWN" ? code : error];
  }
}

interface Golden {
  readonly response: Json;
  readonly provider?: ResponseProvider;
  readonly expected: AgentResponse;
}

const folder = new URL("./golden/", import.meta.url);
const corpus = readdirSync(folder).map((file): [string, Golden] => [
  file.replace(".json", ""),
  JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Golden,
]);

describe("readAgentResponse", () => {
  it.each(corpus)("%s", (_name, { response, provider, expected }) => {
    expect(readAgentResponse(response, provider).response).toEqual(expected);
  });

  it.each<[string, Json]>([
    ["nothing", {}],
    ["text", "hello"],
    ["null", null],
    ["a list that is no conversation", [{ a: 1 }]],
    ["an empty list", []],
    ["something else under response", { response: { a: 1 } }],
  ])("refuses %s", (_what, value) => {
    expect(() => readAgentResponse(value)).toThrow("no known model response");
  });

  it("tells an event of the ADK from Gemini's answer by its members, unless a hint says otherwise", () => {
    const both: Json = {
      partial: false,
      candidates: [{ content: { parts: [{ text: "hi" }] }, finishReason: "STOP" }],
    };
    expect(readAgentResponse(both).response.text).toBeNull();
    expect(readAgentResponse(both, "Gemini").response.text).toBe("hi");
    expect(readAgentResponse(both, "Undefined").response.text).toBeNull();
  });

  it.each<[string, Json]>([
    ["model_version", { model_version: "gemini-2.5-flash" }],
    ["usage_metadata", { usage_metadata: { prompt_token_count: 3 } }],
    ["partial", { partial: null }],
  ])("knows an event of the ADK by %s alone", (_member, more) => {
    const content = { parts: [{ text: "hi" }, { function_call: { name: "f", args: {} } }] };
    const event: Json = { content, finish_reason: "STOP", ...(more as object) };
    const { text, toolCalls, finishReason } = readAgentResponse(event).response;
    expect([text, toolCalls.map(({ name }) => name), finishReason]).toEqual(["hi", ["f"], "STOP"]);
  });

  it("looks for a member `response` only where nothing is recognised", () => {
    const inner = { choices: [{ message: { content: "inner" } }] };
    const value: Json = { choices: [{ message: { content: "outer" } }], response: inner };
    expect(readAgentResponse(value).response.text).toBe("outer");
    expect(readAgentResponse({ response: inner }).raw).toEqual(inner);
  });

  it("never crashes on data of any shape", () => {
    const member = fc.constantFrom(
      ..."choices output predictions content candidates partial messages steps usage".split(" "),
    );
    const value = fc.oneof(fc.jsonValue(), fc.dictionary(member, fc.jsonValue()));
    const hint = fc.constantFrom<ResponseProvider | null>(
      "OpenAI",
      "Gemini",
      "Vertex",
      "Anthropic",
      "GoogleAdk",
      null,
    );
    fc.assert(
      fc.property(value, hint, (response, provider) => {
        const names = namesOrCode(response as Json, provider);
        expect(names.every((name) => typeof name === "string")).toBe(true);
      }),
    );
  });
});
