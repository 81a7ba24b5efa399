import type { Json } from "@scouter/contracts";
import { isJsonArray } from "../json/json-type.ts";
import { itemsOf, member, numberMember, parsedText, textMember } from "../json/json-member.ts";
import { tokenCounts, type AgentResponse, type ToolCall } from "./agent-response.ts";

/** OpenAI's chat completion, and that of the many servers that speak its protocol. */
export function readOpenAiChat(response: Json): AgentResponse {
  const choices = itemsOf(response, "choices");
  const [first = null] = choices;
  const usage = member(response, "usage");
  return {
    toolCalls: choices.flatMap((choice) => chatToolCalls(member(choice, "message"))),
    text: contentText(member(member(first, "message"), "content")),
    model: textMember(response, "model"),
    finishReason: textMember(first, "finish_reason"),
    ...tokenCounts(
      numberMember(usage, "prompt_tokens"),
      numberMember(usage, "completion_tokens"),
      numberMember(usage, "total_tokens"),
    ),
  };
}

/** Calls of an assistant message, that of the retired `function_call` form among them. */
export function chatToolCalls(message: Json): readonly ToolCall[] {
  return [
    ...itemsOf(message, "tool_calls").flatMap((call) =>
      chatCall(textMember(call, "id"), member(call, "function", "custom")),
    ),
    ...chatCall(null, member(message, "function_call")),
  ];
}

function chatCall(id: string | null, called: Json): readonly ToolCall[] {
  const name = textMember(called, "name");
  if (name === null) return [];
  // Arguments are JSON text; those of a custom tool are its plain input.
  const given = parsedText(member(called, "arguments")) ?? member(called, "input");
  return [{ id, name, arguments: given, result: null }];
}

/** Text, or the texts of its parts; null when there is none. */
function contentText(content: Json): string | null {
  if (typeof content === "string") return content === "" ? null : content;
  if (!isJsonArray(content)) return null;
  const text = content.map((part) => textMember(part, "text") ?? "").join("");
  return text === "" ? null : text;
}
