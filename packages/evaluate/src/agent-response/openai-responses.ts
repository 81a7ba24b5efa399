import type { Json } from "@scouter/contracts";
import { itemsOf, member, numberMember, textMember } from "../json/json-member.ts";
import { tokenCounts, type AgentResponse } from "./agent-response.ts";
import { callsIn, readParts, resultsIn, textsIn } from "./content-part.ts";
import { joinResults } from "./join-results.ts";

/** OpenAI's Responses API: calls and messages are items of `output`; the finish reason is `status`, or why it is short. */
export function readOpenAiResponses(response: Json): AgentResponse {
  const items = itemsOf(response, "output");
  const parts = readParts(items);
  const usage = member(response, "usage");
  const why = textMember(member(response, "incomplete_details"), "reason");
  return {
    toolCalls: joinResults(callsIn(parts), resultsIn(parts)),
    text: lastMessageText(items) ?? textMember(response, "output_text"),
    model: textMember(response, "model"),
    finishReason: why ?? textMember(response, "status"),
    ...tokenCounts(
      numberMember(usage, "input_tokens"),
      numberMember(usage, "output_tokens"),
      numberMember(usage, "total_tokens"),
    ),
  };
}

function lastMessageText(items: readonly Json[]): string | null {
  const messages = items.filter((item) => textMember(item, "type") === "message");
  const text = textsIn(readParts(itemsOf(messages.at(-1) ?? null, "content"))).join("");
  return text === "" ? null : text;
}
