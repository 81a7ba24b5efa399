import type { Json } from "@scouter/contracts";
import { isJsonArray } from "../json/json-type.ts";
import { itemsOf, member, parsedText, textMember } from "../json/json-member.ts";
import type { ToolCall } from "./agent-response.ts";
import type { ToolResultPart } from "./join-results.ts";

/** One part of a message, whoever's dialect it is written in. */
export type ContentPart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "call"; readonly call: ToolCall }
  | { readonly kind: "result"; readonly result: ToolResultPart };

/**
 * Reads a part by its shape. The dialects (Anthropic blocks, Gemini and ADK parts, items of OpenAI's Responses API, parts
 * of the AI SDK, OpenTelemetry's message parts) name things apart, so one reader serves lists that mix them. Parts that
 * say nothing about tools or text, thoughts among them, are undefined.
 */
export function readPart(part: Json): ContentPart | undefined {
  const called = member(part, "functionCall", "function_call");
  if (called !== null) return call(textMember(called, "id"), called, member(called, "args"));
  const answered = member(part, "functionResponse", "function_response");
  if (answered !== null) {
    return result(
      textMember(answered, "id"),
      textMember(answered, "name"),
      member(answered, "response"),
    );
  }
  // Bedrock's parts have the one member that says what they are.
  const used = member(part, "toolUse");
  if (used !== null) return call(textMember(used, "toolUseId"), used, member(used, "input"));
  const came = member(part, "toolResult");
  if (came !== null) return result(textMember(came, "toolUseId"), null, bedrockResult(came));
  const type = textMember(part, "type");
  const read = type === null ? readUntyped : (READERS[type] ?? readByPattern(type));
  return read(part);
}

export function readParts(parts: readonly Json[]): readonly ContentPart[] {
  return parts.flatMap((part) => readPart(part) ?? []);
}

export function callsIn(parts: readonly ContentPart[]): readonly ToolCall[] {
  return parts.flatMap((part) => (part.kind === "call" ? [part.call] : []));
}

export function resultsIn(parts: readonly ContentPart[]): readonly ToolResultPart[] {
  return parts.flatMap((part) => (part.kind === "result" ? [part.result] : []));
}

export function textsIn(parts: readonly ContentPart[]): readonly string[] {
  return parts.flatMap((part) => (part.kind === "text" ? [part.text] : []));
}

type PartReader = (part: Json) => ContentPart | undefined;

const readToolUse: PartReader = (part) => call(textMember(part, "id"), part, member(part, "input"));
const readAiSdkResult: PartReader = (part) =>
  result(textMember(part, "toolCallId"), textMember(part, "toolName"), aiSdkOutput(part));

const READERS: Readonly<Record<string, PartReader>> = {
  text: readText,
  output_text: readText,
  // Anthropic
  tool_use: readToolUse,
  server_tool_use: readToolUse,
  mcp_tool_use: readToolUse,
  tool_result: readBlockResult,
  // AI SDK
  "tool-call": readAiSdkCall,
  "tool-result": readAiSdkResult,
  "dynamic-tool": readAiSdkCall,
  // OpenAI Responses
  function_call: readItemCall,
  custom_tool_call: readItemCall,
  mcp_call: readItemCall,
  function_call_output: readItemResult,
  custom_tool_call_output: readItemResult,
  // OpenTelemetry
  tool_call: (part) => call(textMember(part, "id"), part, parsedText(member(part, "arguments"))),
  tool_call_response: (part) =>
    result(textMember(part, "id"), null, parsedOrText(member(part, "response", "result"))),
};

function readByPattern(type: string): PartReader {
  if (type.endsWith("_tool_result")) return readBlockResult;
  // `tool-<name>` of the AI SDK's messages for user interfaces.
  if (type.startsWith("tool-")) {
    return (part) => readAiSdkCall({ ...(part as object), toolName: type.slice(5) });
  }
  // A tool that the vendor runs itself, such as `web_search_call`.
  if (type.endsWith("_call")) {
    return (part) => ({
      kind: "call",
      call: {
        id: textMember(part, "id"),
        name: type.slice(0, -5),
        arguments: member(part, "action", "input", "queries", "code"),
        result: member(part, "results", "outputs", "output"),
      },
    });
  }
  return () => undefined;
}

/** Gemini's parts and plain ones: `{ text }`; a part marked as thought is not the answer. */
function readUntyped(part: Json): ContentPart | undefined {
  if (textMember(part, "toolName") !== null) return readAiSdkCall(part);
  const text = textMember(part, "text");
  return text === null || member(part, "thought") === true ? undefined : { kind: "text", text };
}

function readText(part: Json): ContentPart | undefined {
  const text = textMember(part, "text", "content");
  return text === null ? undefined : { kind: "text", text };
}

function readItemCall(part: Json): ContentPart | undefined {
  const given = parsedText(member(part, "arguments")) ?? member(part, "input");
  return call(textMember(part, "call_id", "id"), part, given, member(part, "output"));
}

function readItemResult(part: Json): ContentPart {
  return result(textMember(part, "call_id"), null, parsedOrText(member(part, "output")));
}

function readAiSdkCall(part: Json): ContentPart | undefined {
  const name = textMember(part, "toolName");
  if (name === null) return undefined;
  const given = parsedOrText(member(part, "input", "args"));
  const id = textMember(part, "toolCallId");
  return { kind: "call", call: { id, name, arguments: given, result: aiSdkOutput(part) } };
}

/** `output: { type: "json" | "text", value }` in messages, the plain value in results. */
function aiSdkOutput(part: Json): Json {
  const output = member(part, "output", "result");
  const isWrapped = textMember(output, "type") !== null;
  return isWrapped ? member(output, "value") : output;
}

function readBlockResult(part: Json): ContentPart {
  const content = member(part, "content");
  const texts = isJsonArray(content) ? content.map((block) => textMember(block, "text")) : [];
  const isText = texts.length > 0 && texts.every((text) => text !== null);
  return result(
    textMember(part, "tool_use_id"),
    null,
    parsedOrText(isText ? texts.join("") : content),
  );
}

/** One value as it is; several are texts. */
function bedrockResult(came: Json): Json {
  const blocks = itemsOf(came, "content");
  const [only = null] = blocks;
  const value = blocks.length === 1 ? member(only, "json") : null;
  if (value !== null) return value;
  return parsedOrText(blocks.map((block) => textMember(block, "text") ?? "").join(""));
}

/** Tools answer in text that is often JSON: checks want the value. Text that is no JSON object or array stays text. */
export function parsedOrText(value: Json): Json {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  return parsedText(value) ?? value;
}

function call(
  id: string | null,
  named: Json,
  given: Json,
  output: Json = null,
): ContentPart | undefined {
  const name = textMember(named, "name");
  if (name === null) return undefined;
  const done = parsedOrText(output);
  return { kind: "call", call: { id, name, arguments: given, result: done } };
}

function result(callId: string | null, name: string | null, value: Json): ContentPart {
  return { kind: "result", result: { callId, name, result: value } };
}
