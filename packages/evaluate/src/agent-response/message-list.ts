import type { Json } from "@scouter/contracts";
import { isJsonArray } from "../json/json-type.ts";
import { itemsOf, member, textMember } from "../json/json-member.ts";
import { tokenCounts, type AgentResponse, type ToolCall } from "./agent-response.ts";
import { callsIn, parsedOrText, readParts, resultsIn, textsIn } from "./content-part.ts";
import { joinResults, type ToolResultPart } from "./join-results.ts";
import { chatToolCalls } from "./openai-chat.ts";

const ANSWERING_ROLES: ReadonlySet<string | null> = new Set(["assistant", "model", "ai"]);

export interface Conversation {
  readonly calls: readonly ToolCall[];
  readonly results: readonly ToolResultPart[];
  /** Text of the last message of the model that has any. */
  readonly text: string | null;
}

/** A conversation in any dialect: messages with `content` (text or parts), `parts` or `tool_calls`. */
export function readConversation(messages: readonly Json[]): Conversation {
  const read = messages.map(readMessage);
  const answers = read.filter((message) => message.isAnswer && message.text !== null);
  return {
    calls: read.flatMap(({ calls }) => calls),
    results: read.flatMap(({ results }) => results),
    text: answers.at(-1)?.text ?? null,
  };
}

/** A whole conversation taken for a response: every call in it, with its result, and the last answer. */
export function readMessageList(messages: readonly Json[]): AgentResponse {
  const { calls, results, text } = readConversation(messages);
  return {
    toolCalls: joinResults(calls, results),
    text,
    model: null,
    finishReason: messages.map((message) => textMember(message, "finish_reason")).at(-1) ?? null,
    ...tokenCounts(null, null),
  };
}

function readMessage(message: Json) {
  const role = textMember(message, "role");
  const content = member(message, "content");
  const parts = readParts([
    ...(isJsonArray(content) ? content : []),
    ...itemsOf(message, "parts"),
    // An item of the Responses API stands in the list without a message around it.
    ...(role === null ? [message] : []),
  ]);
  const texts = typeof content === "string" ? [content] : textsIn(parts);
  const text = texts.join("");
  const callId = textMember(message, "tool_call_id");
  const own: ToolResultPart[] =
    callId === null ? [] : [{ callId, name: null, result: parsedOrText(content ?? text) }];
  return {
    isAnswer: ANSWERING_ROLES.has(role),
    text: text === "" ? null : text,
    calls: [...chatToolCalls(message), ...callsIn(parts)],
    results: [...own, ...resultsIn(parts)],
  };
}
