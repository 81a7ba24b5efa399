import type { Json } from "@scouter/contracts";
import { describe, expect, it } from "vitest";
import { parsePromptTemplate, renderPrompt } from "./prompt-template.ts";
import { readPrompt } from "./read-prompt.ts";
import { SCORE_SCHEMA } from "./score-schema.ts";

const schema = { type: "object", title: "My verdict", properties: { ok: { type: "boolean" } } };
const messages = [
  { role: "system", content: "Be strict." },
  { role: "user", content: "Judge ${answer}" },
];

describe("readPrompt", () => {
  it.each<[string, Json, object]>([
    [
      "written by hand",
      {
        model: "gpt-4o",
        provider: "OpenAI",
        messages: ["Judge ${answer}"],
        system_instructions: ["Be strict."],
        response_format: schema,
        settings: { temperature: 0.5, max_tokens: 9 },
      },
      {
        provider: "openai",
        messages,
        settings: { schema: { name: "My_verdict", schema }, temperature: 0.5, maxOutputTokens: 9 },
      },
    ],
    [
      "written by hand, with every setting that vendors share",
      {
        model: "gpt-4o",
        provider: "Gemini",
        messages: "Judge ${answer}",
        settings: {
          generation_config: {
            top_p: 0.5,
            top_k: 3,
            seed: 7,
            stop_sequences: ["END"],
            presence_penalty: 0.1,
            frequency_penalty: 0.2,
            temperature: "hot",
          },
        },
      },
      {
        provider: "google",
        messages: messages.slice(1),
        settings: {
          topP: 0.5,
          topK: 3,
          seed: 7,
          stopSequences: ["END"],
          presencePenalty: 0.1,
          frequencyPenalty: 0.2,
        },
      },
    ],
    [
      "of OpenAI's chat completions",
      {
        model: "gpt-4o",
        provider: "OpenAI",
        version: "0.23.0",
        parameters: ["answer"],
        response_type: "Pydantic",
        request: {
          model: "gpt-4o",
          messages: [
            { role: "developer", content: "Be strict." },
            { role: "user", content: [{ type: "text", text: "Judge ${answer}" }] },
          ],
          response_format: {
            type: "json_schema",
            json_schema: { name: "V", schema, strict: true },
          },
          max_completion_tokens: 20,
          stop: "END",
        },
      },
      {
        provider: "openai",
        messages,
        settings: { schema: { name: "V", schema }, maxOutputTokens: 20, stopSequences: ["END"] },
      },
    ],
    [
      "of Anthropic's messages",
      {
        model: "gpt-4o",
        provider: "Anthropic",
        request: {
          system: [{ type: "text", text: "Be strict." }],
          messages: [{ role: "user", content: [{ type: "text", text: "Judge ${answer}" }] }],
          output_format: { type: "json_schema", schema },
          max_tokens: 4_096,
          temperature: 0,
        },
      },
      {
        provider: "anthropic",
        messages,
        settings: {
          schema: { name: "My_verdict", schema },
          temperature: 0,
          maxOutputTokens: 4_096,
        },
      },
    ],
    [
      "of Gemini's generateContent",
      {
        model: "gpt-4o",
        provider: "Gemini",
        response_type: "Score",
        request: {
          systemInstruction: { role: "model", parts: [{ text: "Be strict." }] },
          contents: [{ role: "user", parts: [{ text: "Judge ${answer}" }] }],
          generation_config: {
            response_mime_type: "application/json",
            response_json_schema: schema,
          },
        },
      },
      { provider: "google", messages, settings: { schema: { name: "My_verdict", schema } } },
    ],
    [
      "of the built-in score without its schema",
      { model: "gpt-4o", provider: "openai", response_type: "Score", request: { messages } },
      { provider: "openai", messages, settings: { schema: SCORE_SCHEMA } },
    ],
  ])("reads a prompt %s", (_what, prompt, expected) => {
    expect(readPrompt(prompt)).toEqual({ model: "gpt-4o", ...expected });
  });

  it.each<[string, Json, string]>([
    ["text", "judge this", "expected an object"],
    ["a path", { path: "prompt.yaml" }, "it names a file"],
    ["no provider", { model: "m", messages: "x" }, "it has no provider"],
    ["no model", { provider: "openai", messages: "x" }, "it has no model"],
    ["no messages", { provider: "openai", model: "m", messages: [] }, "it has no messages"],
    [
      "a parser's provider",
      { provider: "GoogleAdk", model: "m", messages: "x" },
      "cannot be asked",
    ],
    [
      "a picture",
      { provider: "openai", model: "m", messages: [{ content: [{ type: "image_url" }] }] },
      "is not text",
    ],
  ])("refuses %s", (_what, prompt, message) => {
    expect(() => readPrompt(prompt)).toThrow(message);
  });
});

describe("renderPrompt", () => {
  const context: Json = {
    answer: 'say "hi"',
    list: [1, { a: null }],
    evil: "${answer} {answer}",
    deep: { "a key": [7] },
  };
  it.each<[string, string]>([
    ["${answer}", 'say "hi"'],
    ["{answer}!", 'say "hi"!'],
    ["${list}", '[1,{"a":null}]'],
    ['${ deep["a key"][0] }', "7"],
    ["${evil}", "${answer} {answer}"],
    ['{"score": 1} {unknown} { answer }', '{"score": 1} {unknown} { answer }'],
    ["$${answer} and ${answer", "${answer} and ${answer"],
    ["no variables", "no variables"],
  ])("%s", (template, expected) => {
    expect(renderPrompt(parsePromptTemplate(template), context)).toBe(expected);
  });

  it("refuses a variable that is no path, and one without a value", () => {
    expect(() => parsePromptTemplate("${a b}")).toThrow("prompt cannot be used");
    expect(() => renderPrompt(parsePromptTemplate("${gone.x}"), {})).toThrow("available: []");
  });
});
